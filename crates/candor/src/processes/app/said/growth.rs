//! How much of a site's visitors may become known in a day. A write key and a page's address are there for all to read, so that
//! anybody could otherwise fill the control database. What is known already may be said again without end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{SiteId, Timestamp};

/// Visitors who become known at a site, and receipts of its pages, in one UTC day.
pub(crate) const A_DAY_MAX: u32 = 1_000_000;

/// What became known today, by site. A process that is started again counts from nothing.
#[derive(Default)]
pub(crate) struct Growth(Mutex<Today>);

#[derive(Default)]
struct Today {
    day: i64,
    grown: HashMap<SiteId, u32>,
}

impl Growth {
    /// Counts one more, where there may be one.
    pub(in crate::processes::app) fn takes_one(&self, site: SiteId, now: Timestamp) -> bool {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.day != now.utc_day() {
            *today = Today { day: now.utc_day(), grown: HashMap::new() };
        }
        let grown = today.grown.entry(site).or_default();
        let takes = *grown < A_DAY_MAX;
        *grown += u32::from(takes);
        takes
    }
}

#[cfg(test)]
mod tests {
    use domain::DAY_MS;

    use super::*;

    #[test]
    fn so_many_become_known_in_a_day_at_a_site_and_the_next_day_as_many_again() {
        let growth = Growth::default();
        let take = |site, day: i64| growth.takes_one(SiteId(site), Timestamp(day * DAY_MS));
        assert!((0..A_DAY_MAX).all(|_| take(1, 5)));
        assert!(!take(1, 5) && take(2, 5), "it is this site alone");
        assert!(take(1, 6));
    }
}
