//! How fast a site's calls of the Segment API may come. Its write key stands in pages for all to read, so that anybody can send;
//! what is beyond the pace is told to come again, which its clients do, and nothing of it is lost.
//!
//! It is counted in memory, a moment a site. A process that was started again begins anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{SiteId, Timestamp};

use super::limits;

const SECOND_US: i64 = 1_000_000;
/// How long one item takes at the pace.
const ITEM_US: i64 = SECOND_US / limits::SEGMENT_ITEMS_A_SECOND;
/// How far ahead of the pace a site may be.
const AHEAD_MAX_US: i64 = ITEM_US * limits::SEGMENT_ITEMS_AT_ONCE;

/// Until when each site is busy, in microseconds since 1970, had its items come one by one at the pace.
#[derive(Default)]
pub(super) struct Pace(Mutex<HashMap<SiteId, i64>>);

impl Pace {
    /// Takes so many items of a site, or says in how many seconds they may come again. A site that is none of this server's
    /// is not to be asked for.
    pub(super) fn take(&self, site: SiteId, items: usize, now: Timestamp) -> Result<(), u32> {
        let now = now.0.saturating_mul(1_000);
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back holds nobody up for longer than one that goes on.
        let busy_until = sites.entry(site).or_insert(now);
        *busy_until = (*busy_until).clamp(now, now + AHEAD_MAX_US);
        let until = *busy_until + ITEM_US.saturating_mul(i64::try_from(items).unwrap_or(i64::MAX));
        let beyond = until - now - AHEAD_MAX_US;
        if beyond > 0 {
            let seconds = beyond.unsigned_abs().div_ceil(SECOND_US.unsigned_abs());
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        *busy_until = until;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);
    const AT_ONCE: usize = limits::SEGMENT_ITEMS_AT_ONCE as usize;
    const A_SECOND: usize = limits::SEGMENT_ITEMS_A_SECOND as usize;

    fn later(milliseconds: i64) -> Timestamp {
        Timestamp(NOW.0 + milliseconds)
    }

    #[test]
    fn as_many_come_at_once_as_may_and_one_more_comes_a_second_later() {
        let pace = Pace::default();
        assert_eq!(pace.take(SiteId(1), AT_ONCE - 1, NOW), Ok(()));
        assert_eq!(pace.take(SiteId(1), 2, NOW), Err(1), "all of a batch or nothing");
        assert_eq!(pace.take(SiteId(1), 1, NOW), Ok(()));
        assert_eq!(pace.take(SiteId(1), 1, NOW), Err(1));
        assert_eq!(pace.take(SiteId(2), AT_ONCE, NOW), Ok(()), "another site has its own pace");
        assert_eq!(pace.take(SiteId(1), A_SECOND, later(1_000)), Ok(()));
        assert_eq!(pace.take(SiteId(1), 1, later(1_000)), Err(1));
        assert_eq!(
            pace.take(SiteId(1), 3 * A_SECOND, later(1_000)),
            Err(3),
            "as long as it takes at the pace"
        );
        assert_eq!(
            pace.take(SiteId(1), AT_ONCE, later(1_000_000)),
            Ok(()),
            "who was quiet may be as fast as ever"
        );
    }

    #[test]
    fn a_clock_that_is_put_back_holds_a_site_up_for_no_longer_than_its_items_take() {
        let pace = Pace::default();
        assert_eq!(pace.take(SiteId(1), 1, later(86_400_000)), Ok(()));
        assert_eq!(pace.take(SiteId(1), A_SECOND, NOW), Err(1));
        assert_eq!(pace.take(SiteId(1), A_SECOND, later(1_000)), Ok(()));
    }
}
