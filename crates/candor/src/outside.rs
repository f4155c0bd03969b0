//! The one room where time and randomness are taken from the air; everything else is handed a clock and a die.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Clock, DAY_MS, Rng, Timestamp};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that goes ahead of another.
pub(crate) struct Ahead {
    pub(crate) of: Arc<dyn Clock>,
    pub(crate) days: u32,
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp(self.of.now().0 + i64::from(self.days) * DAY_MS)
    }
}

/// What an environment variable says, if it says anything. For commands of a person alone: no process of a server asks.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's shell hands a secret to a command by no better way"
)]
pub(crate) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.trim().is_empty()).map(|text| text.trim().to_owned())
}

/// The kernel's randomness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        // A server that cannot make secrets must not run on guessable ones.
        getrandom::fill(bytes).expect("the kernel gives random bytes");
    }
}
