//! Which checks of this keeper the test-only twin is without.
//!
//! Nothing that weakens a keeper is handed in when it is made: what opens the keys of everybody must have no place for it.
//! In a release build no check can be left out, and `clippy.toml` forbids calling [`leave_out`] from anywhere but the twin.

#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicU32, Ordering};

/// A check that the twin can be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Whoever was wrong too often waits, by account and by network.
    Delays,
    /// A password is hashed for who is not there, too.
    Dummy,
    /// A support grant shows nothing before an owner approved it.
    GrantApproval,
    /// What a support grant showed is over once either side ended it.
    GrantEnd,
    /// A sign-in ends when nothing was asked by it for long.
    Idle,
    /// Whatever was minted ends when its time is over.
    Lasting,
    /// What a browser was asked for is answered once.
    Once,
    /// A passkey is used on this server's own pages.
    Origins,
    /// An operator acts from the networks they were given, and from no other operator's.
    OwnNetworks,
    /// What is grave waits for a second operator where there is one.
    SecondOperator,
    /// What an organization measured is kept for sixty days after its subscription has ended.
    SixtyDays,
}

/// One bit of each check that is left out, for the whole process.
#[cfg(debug_assertions)]
static LEFT_OUT: AtomicU32 = AtomicU32::new(0);

/// From now on this process goes without a check.
#[cfg(debug_assertions)]
pub fn leave_out(check: Check) {
    LEFT_OUT.fetch_or(1 << check as u32, Ordering::Relaxed);
}

/// Whether a check is left out; never in a release build.
#[cfg(debug_assertions)]
pub(crate) fn is_left_out(check: Check) -> bool {
    LEFT_OUT.load(Ordering::Relaxed) & (1 << check as u32) != 0
}

/// Whether a check is left out; never in a release build.
#[cfg(not(debug_assertions))]
pub(crate) const fn is_left_out(_: Check) -> bool {
    false
}
