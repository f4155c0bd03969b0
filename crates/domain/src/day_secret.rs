//! The secret that ties a visitor without an id to one UTC day, and to nothing afterwards.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 256 random bits for one UTC day. Never written to disk; never shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct DaySecret {
    /// The UTC day it is for, counted from 1970-01-01.
    pub day: i64,
    bytes: [u8; 32],
}

impl DaySecret {
    /// The secret `bytes` for UTC day `day`.
    pub const fn new(day: i64, bytes: [u8; 32]) -> Self {
        Self { day, bytes }
    }

    /// The key itself, for the one computation that needs it.
    pub const fn key(&self) -> &[u8; 32] {
        &self.bytes
    }
}

/// Shows the day, never the key.
impl fmt::Debug for DaySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DaySecret(day {})", self.day)
    }
}

/// The secrets in force: today's and, until the day after has passed, yesterday's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DaySecrets {
    /// For the UTC day that is running.
    pub today: DaySecret,
    /// For the UTC day before, if this server ran then.
    pub yesterday: Option<DaySecret>,
}

impl DaySecrets {
    /// The secrets for UTC day `day`, carrying yesterday's over from `self`; what is older is dropped.
    #[must_use]
    pub fn turned_to(self, day: i64, fresh: [u8; 32]) -> Self {
        if self.today.day >= day {
            return self;
        }
        let yesterday = Some(self.today).filter(|secret| secret.day == day - 1);
        Self { today: DaySecret::new(day, fresh), yesterday }
    }

    /// The secret of UTC day `day`, if it is still known.
    pub fn of(&self, day: i64) -> Option<&DaySecret> {
        [Some(&self.today), self.yesterday.as_ref()].into_iter().flatten().find(|secret| secret.day == day)
    }
}
