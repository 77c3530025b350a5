//! Plain threads over an index, each with a rayon pool of its own.
//!
//! Typst and krilla yield to rayon while they wait; inside rayon's own iterators a waiting document would start another
//! on its stack, and another on that. A pool of one thread for each document at work keeps them apart.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostic::Sink;

/// Calls `act` with `0..count` on `threads` threads. Results, and what was said, come in the order of the index.
pub(crate) fn map<T: Send>(
    count: usize,
    threads: usize,
    sink: &mut Sink,
    act: impl Fn(usize, &mut Sink) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<(T, Sink)>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(16 << 20).build();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let run = || {
                let mut own = Sink::new();
                let value = act(index, &mut own);
                *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some((value, own));
            };
            match &pool {
                Ok(pool) => pool.install(run),
                // Without a pool of its own a document is still made, on the common one.
                Err(_) => run(),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(work);
        }
    });
    let mut values = Vec::with_capacity(count);
    for result in results {
        if let Some((value, own)) = result.into_inner().unwrap_or_else(PoisonError::into_inner) {
            sink.merge(own);
            values.push(value);
        }
    }
    values
}
