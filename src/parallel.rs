//! Plain threads over an index, each with a rayon pool of its own.
//!
//! Typst and krilla yield to rayon while they wait; inside rayon's own iterators a waiting document would start another
//! on its stack, and another on that. A pool of one thread for each document at work keeps them apart.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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
        let pool = Pool::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            pool.run(|| {
                let mut own = Sink::new();
                let value = act(index, &mut own);
                *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some((value, own));
            });
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

/// Calls `act` with each item on `threads` threads. Results, and what was said, come in the order of the items.
pub(crate) fn each<I: Send, T: Send>(
    items: Vec<I>,
    threads: usize,
    sink: &mut Sink,
    act: impl Fn(I, &mut Sink) -> T + Sync,
) -> Vec<T> {
    let items: Vec<Mutex<Option<I>>> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let take = |index: usize| items[index].lock().unwrap_or_else(PoisonError::into_inner).take();
    map(items.len(), threads, sink, |index, sink| take(index).map(|item| act(item, sink)))
        .into_iter()
        .flatten()
        .collect()
}

/// Does two things at once, the second on a thread of its own; one after the other where there is but one thread.
pub(crate) fn both<A: Send, B: Send>(
    threads: usize,
    first: impl FnOnce() -> A,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if threads < 2 {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let work = || Pool::new().run(second);
        let running = scope.spawn(work);
        let first = first();
        match running.join() {
            Ok(second) => (first, second),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Lets go of something large, for which nobody waits.
pub(crate) fn let_go<T: Send + 'static>(value: T) {
    // Where no thread can be had, it goes here.
    let _ = std::thread::Builder::new().spawn(move || drop(value));
}

/// A rayon pool of one thread.
struct Pool(Option<rayon::ThreadPool>);

impl Pool {
    fn new() -> Pool {
        Pool(rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(16 << 20).build().ok())
    }

    /// Without a pool of its own the work is still done, on the common one.
    fn run<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(pool) => pool.install(act),
            None => act(),
        }
    }
}

/// Work in batches whose items any thread may do: sets of documents.
pub(crate) trait Batches: Sync {
    /// A batch that is ready.
    type Batch: Send + Sync;
    /// What doing one item gives.
    type Done: Send;
    /// What a batch gives in the end.
    type Outcome: Send;

    /// Makes a batch ready, and says how many items it has.
    fn open(&self, index: usize) -> (Self::Batch, usize);
    /// Does an item.
    fn item(&self, batch: &Self::Batch, item: usize) -> Self::Done;
    /// Ends a batch, when all its items are done; they come in their order.
    fn close(&self, index: usize, batch: &Self::Batch, done: Vec<Self::Done>) -> Self::Outcome;
}

/// Does `count` batches on `threads` threads. A thread takes an item of any open batch before it opens another, so no more
/// are open than there are threads, and none waits for the slowest item of a batch. What batches give comes in their order.
pub(crate) fn batches<B: Batches>(work: &B, count: usize, threads: usize) -> Vec<B::Outcome> {
    let line = Line { state: Mutex::new(State { next: 0, items: VecDeque::new(), busy: 0 }), changed: Condvar::new() };
    let outcomes: Vec<Mutex<Option<B::Outcome>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let keep = |index: usize, outcome: B::Outcome| {
        *outcomes[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    };
    let act = || {
        let pool = Pool::new();
        while let Some((task, _busy)) = line.take(count) {
            match task {
                Task::Open(index) => {
                    let (batch, items) = pool.run(|| work.open(index));
                    if items == 0 {
                        keep(index, pool.run(|| work.close(index, &batch, Vec::new())));
                    } else {
                        let done = (0..items).map(|_| Mutex::new(None)).collect();
                        let open = Arc::new(Open { index, batch, done, left: AtomicUsize::new(items) });
                        line.add((0..items).map(|item| (open.clone(), item)));
                    }
                }
                Task::Item(open, item) => {
                    let done = pool.run(|| work.item(&open.batch, item));
                    *open.done[item].lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                    if open.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                        let take = |done: &Mutex<Option<_>>| done.lock().unwrap_or_else(PoisonError::into_inner).take();
                        let done = open.done.iter().filter_map(take).collect();
                        keep(open.index, pool.run(|| work.close(open.index, &open.batch, done)));
                    }
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(act);
        }
    });
    outcomes.into_iter().filter_map(|outcome| outcome.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// A batch with what was done of it.
struct Open<B, D> {
    index: usize,
    batch: B,
    done: Vec<Mutex<Option<D>>>,
    left: AtomicUsize,
}

/// What a thread does next.
enum Task<B, D> {
    Open(usize),
    Item(Arc<Open<B, D>>, usize),
}

/// The line in which tasks stand.
struct Line<B, D> {
    state: Mutex<State<B, D>>,
    changed: Condvar,
}

struct State<B, D> {
    /// The next batch to be opened.
    next: usize,
    /// The items of open batches.
    items: VecDeque<(Arc<Open<B, D>>, usize)>,
    /// How many threads are at work, and may add items.
    busy: usize,
}

/// A thread at work, until this is dropped.
struct Busy<'l, B, D>(&'l Line<B, D>);

impl<B, D> Drop for Busy<'_, B, D> {
    fn drop(&mut self) {
        self.0.lock().busy -= 1;
        self.0.changed.notify_all();
    }
}

impl<B, D> Line<B, D> {
    fn lock(&self) -> MutexGuard<'_, State<B, D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, items: impl Iterator<Item = (Arc<Open<B, D>>, usize)>) {
        self.lock().items.extend(items);
        self.changed.notify_all();
    }

    /// The next task; waits while somebody may still add some.
    fn take(&self, count: usize) -> Option<(Task<B, D>, Busy<'_, B, D>)> {
        let mut state = self.lock();
        loop {
            let task = if let Some((open, item)) = state.items.pop_front() {
                Some(Task::Item(open, item))
            } else if state.next < count {
                state.next += 1;
                Some(Task::Open(state.next - 1))
            } else {
                None
            };
            if let Some(task) = task {
                state.busy += 1;
                return Some((task, Busy(self)));
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Batches of as many items as their index says.
    struct Sizes;

    impl Batches for Sizes {
        type Batch = usize;
        type Done = usize;
        type Outcome = (usize, Vec<usize>);

        fn open(&self, index: usize) -> (usize, usize) {
            (index, index)
        }

        fn item(&self, batch: &usize, item: usize) -> usize {
            batch * 10 + item
        }

        fn close(&self, _: usize, batch: &usize, done: Vec<usize>) -> (usize, Vec<usize>) {
            (*batch, done)
        }
    }

    #[test]
    fn batches_and_their_items_come_in_order_on_any_number_of_threads() {
        let expected = [(0, vec![]), (1, vec![10]), (2, vec![20, 21]), (3, vec![30, 31, 32])];
        for threads in [1, 2, 7] {
            assert_eq!(batches(&Sizes, 4, threads), expected, "{threads}");
        }
    }
}
