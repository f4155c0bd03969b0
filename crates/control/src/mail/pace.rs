//! When a mail that did not go out is tried again: soon at first, then ever more seldom, and never all at once.

use std::time::Duration;

use domain::Rng;

/// Before the second attempt.
const FIRST: Duration = Duration::from_secs(60);
/// Before any.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);
/// How many times longer each wait is than the one before it.
const GROWTH: u32 = 3;

/// How long to wait after the attempt of this number, counted from 1: up to a quarter less or more than its due, so that
/// what failed together is not tried together.
pub(super) fn delay(attempt: u32, rng: &dyn Rng) -> Duration {
    let grown = GROWTH.checked_pow(attempt.saturating_sub(1)).and_then(|times| FIRST.checked_mul(times));
    let due = grown.map_or(LONGEST, |due| due.min(LONGEST));
    let mut die = [0];
    rng.fill(&mut die);
    due * (192 + u32::from(die[0]) / 2) / 256
}
