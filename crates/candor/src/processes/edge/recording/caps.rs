//! How much may be recorded: of one recording, and of one site in one UTC day. It is counted in memory. A process that was
//! started again is told what is kept of the day; recordings it counts anew, and what of one goes beyond its limits then is
//! not taken in by the worker.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{SiteId, Timestamp};
use recordings::{Size, TabId};

use crate::processes::messages::RecordedToday;

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

    /// Of each site so much was recorded that day, and perhaps more that was counted here.
    pub(super) fn take_recorded(&self, recorded: &RecordedToday) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        for (site, bytes) in &recorded.bytes {
            let of_site = counted.days.entry(*site).or_insert((recorded.day, 0));
            // Of two days the later counts, of one the larger number: (day, bytes) in that order.
            *of_site = (*of_site).max((recorded.day, *bytes));
        }
    }

    /// What counts for the day of `now`, of all sites.
    pub(super) fn of_day(&self, now: Timestamp) -> u64 {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.days.values().filter(|(day, _)| *day == now.utc_day()).map(|(_, bytes)| bytes).sum()
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
    fn so_many_recordings_are_counted_and_of_one_more_those_that_began_first_begin_anew() {
        let caps = Caps::new(Limits { day: u64::MAX, ..LIMITS });
        let most = u32::try_from(COUNTED_MAX).unwrap();
        let is_full = |number| caps.take(SiteId(1), tab(number), kept(1), DAY) == Err(Over::Recording);
        for number in 0..most {
            assert_eq!(caps.take(SiteId(1), tab(number), kept(100), DAY), Ok(()));
        }
        assert!(is_full(0) && is_full(most - 1), "all are counted");
        assert_eq!(caps.take(SiteId(1), tab(most), kept(100), DAY), Ok(()));
        assert!(is_full(most) && is_full(most - 1), "the latest are counted all the same");
        assert!(!is_full(0), "the first is counted anew");
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

    #[test]
    fn what_was_recorded_before_a_restart_counts_for_its_day_and_for_no_other() {
        let caps = Caps::new(LIMITS);
        let recorded = |day: i64, bytes| RecordedToday { day, bytes: [(SiteId(1), bytes)].into() };
        caps.take_recorded(&recorded(DAY.utc_day(), 149));
        assert_eq!(caps.take(SiteId(1), tab(1), kept(2), DAY), Err(Over::Day));
        assert_eq!(caps.take(SiteId(1), tab(1), kept(1), DAY), Ok(()));
        // What is kept is less than what was counted, as it is compressed again: the larger number counts.
        caps.take_recorded(&recorded(DAY.utc_day(), 120));
        assert_eq!((caps.of_day(DAY), caps.take(SiteId(1), tab(1), kept(1), DAY)), (150, Err(Over::Day)));
        caps.take_recorded(&recorded(DAY.utc_day() - 1, 999));
        assert_eq!(caps.of_day(DAY), 150, "yesterday is over");
        let tomorrow = Timestamp(DAY.0 + domain::DAY_MS);
        assert_eq!(caps.take(SiteId(1), tab(1), kept(50), tomorrow), Ok(()));
        caps.take_recorded(&recorded(DAY.utc_day(), 999));
        assert_eq!(caps.of_day(tomorrow), 50);
    }
}
