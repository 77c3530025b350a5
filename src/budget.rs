//! A budget of steps for what a pack makes this program do.
//!
//! Rules and templates come from others, and neither interpreter has an end of its own that comes soon enough. Both call
//! functions of ours as they go, and these count. Such functions are handed values and nothing else, so what is left
//! stands beside the thread that does the work.

use std::cell::Cell;

thread_local! {
    static LEFT: Cell<i64> = const { Cell::new(i64::MAX) };
}

/// No steps are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent;

/// Does something with so many steps; `None` when they did not suffice.
pub(crate) fn limited<T>(steps: u32, act: impl FnOnce() -> T) -> Option<T> {
    LEFT.set(i64::from(steps));
    let done = act();
    let left = LEFT.replace(i64::MAX);
    (left >= 0).then_some(done)
}

/// Counts steps.
///
/// # Errors
/// When none are left: then nothing more should be done. Whoever passes over that learns it from [`limited`] in the end.
pub(crate) fn spend(steps: usize) -> Result<(), Spent> {
    let left = LEFT.get().saturating_sub(i64::try_from(steps).unwrap_or(i64::MAX));
    LEFT.set(left);
    if left < 0 { Err(Spent) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        assert_eq!(limited(3, || spend(3)), Some(Ok(())));
        assert_eq!(limited(3, || spend(4)), None);
        assert_eq!(limited(3, || spend(4).is_err() && spend(usize::MAX).is_err()), None);
        assert_eq!(spend(1), Ok(()), "outside, nothing is counted");
    }
}
