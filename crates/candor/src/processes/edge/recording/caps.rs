//! How much may be recorded: of one recording, and of one site in one UTC day. It is counted in memory: a process that was
//! started again begins to count anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{SiteId, Timestamp};
use recordings::TabId;

/// Recordings that are counted at once; of more, those that began to be counted first are counted anew.
const COUNTED_MAX: usize = 1 << 16;

/// What is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The recording may not grow.
    Recording,
    /// The site may record no more today.
    Day,
}

/// All limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Of one recording.
    pub(super) recording: Size,
    /// Bytes that are kept of one site in one day.
    pub(super) day: u64,
}

/// How large something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// How many chunks.
    pub(super) chunks: u64,
    /// Bytes that are kept.
    pub(super) kept: u64,
    /// Bytes of events, before they were compressed: what is kept can be a thousandth of them.
    pub(super) events: u64,
}

impl Size {
    const fn plus(self, other: Self) -> Self {
        Self {
            chunks: self.chunks + other.chunks,
            kept: self.kept + other.kept,
            events: self.events + other.events,
        }
    }

    const fn fits(self, limit: Self) -> bool {
        self.chunks <= limit.chunks && self.kept <= limit.kept && self.events <= limit.events
    }
}

/// What was kept so far.
pub(super) struct Caps {
    limits: Limits,
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    /// Of each recording, in which turn it began to be counted, and its size.
    recordings: HashMap<(SiteId, TabId), (u64, Size)>,
    /// Of each site, the day and its bytes.
    days: HashMap<SiteId, (i64, u64)>,
    turn: u64,
}

impl Caps {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, counted: Mutex::default() }
    }

    /// Counts so much more, unless one of the limits is over with it.
    pub(super) fn take(&self, site: SiteId, tab: TabId, more: Size, now: Timestamp) -> Result<(), Over> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now.utc_day();
        counted.turn += 1;
        let turn = counted.turn;
        let (day, of_day) = counted.days.get(&site).copied().unwrap_or((today, 0));
        let of_day = if day == today { of_day } else { 0 } + more.kept;
        if of_day > self.limits.day {
            return Err(Over::Day);
        }
        let (begun, known) = counted.recordings.get(&(site, tab)).copied().unwrap_or((turn, Size::default()));
        let known = known.plus(more);
        if !known.fits(self.limits.recording) {
            return Err(Over::Recording);
        }
        if counted.recordings.len() >= COUNTED_MAX {
            let middle = turn.saturating_sub(COUNTED_MAX as u64 / 2);
            counted.recordings.retain(|_, (begun, _)| *begun > middle);
        }
        counted.recordings.insert((site, tab), (begun, known));
        counted.days.insert(site, (today, of_day));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Timestamp = Timestamp(1_700_000_000_000);
    const LIMITS: Limits = Limits { recording: Size { chunks: 3, kept: 100, events: 1_000 }, day: 150 };

    fn tab(number: u32) -> TabId {
        format!("{number:022}").parse().unwrap()
    }

    fn kept(kept: u64) -> Size {
        Size { kept, ..Size::default() }
    }

    #[test]
    fn a_recording_grows_to_each_of_its_limits_and_not_beyond_it() {
        for (to_the_edge, beyond) in [
            (Size { chunks: 3, ..Size::default() }, Size { chunks: 1, ..Size::default() }),
            (kept(100), kept(1)),
            (Size { events: 1_000, ..Size::default() }, Size { events: 1, ..Size::default() }),
        ] {
            let caps = Caps::new(LIMITS);
            assert_eq!(caps.take(SiteId(1), tab(1), to_the_edge, DAY), Ok(()));
            assert_eq!(caps.take(SiteId(1), tab(1), beyond, DAY), Err(Over::Recording), "{beyond:?}");
            assert_eq!(caps.take(SiteId(1), tab(1), Size::default(), DAY), Ok(()), "it was not counted");
            assert_eq!(caps.take(SiteId(1), tab(2), beyond, DAY), Ok(()), "another has its own limit");
        }
    }

    #[test]
    fn a_site_records_to_its_limit_in_a_day_and_goes_on_with_the_next() {
        let caps = Caps::new(LIMITS);
        assert_eq!(caps.take(SiteId(1), tab(1), kept(100), DAY), Ok(()));
        assert_eq!(caps.take(SiteId(1), tab(2), kept(50), DAY), Ok(()));
        assert_eq!(caps.take(SiteId(1), tab(2), kept(1), DAY), Err(Over::Day));
        assert_eq!(caps.take(SiteId(2), tab(1), kept(100), DAY), Ok(()), "another site has its own");
        assert_eq!(caps.take(SiteId(1), tab(2), kept(50), Timestamp(DAY.0 + domain::DAY_MS)), Ok(()));
    }
}
