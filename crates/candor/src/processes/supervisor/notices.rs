//! What `edge` has `app` write down, kept until `app` says that it is written: an `app` that ends before, or is not there at
//! all, keeps nothing out of the log. It is written once or, where an `app` ended just after, twice.

use crate::processes::messages::Notice;

/// Notices that wait. Of more at once the rest is let go of: `edge` says each seldom, and the log has the first.
const NOTICES_MAX: usize = 512;

/// What waits, in the order in which it was said.
#[derive(Default)]
pub(super) struct Notices(Vec<Notice>);

impl Notices {
    /// Keeps one; whether there was room for it, or it waits already.
    pub(super) fn keep(&mut self, notice: Notice) -> bool {
        if self.0.contains(&notice) {
            return true;
        }
        let fits = self.0.len() < NOTICES_MAX;
        if fits {
            self.0.push(notice);
        }
        fits
    }

    /// It is written down.
    pub(super) fn forget(&mut self, notice: &Notice) {
        self.0.retain(|waiting| waiting != notice);
    }

    /// What a newborn `app` is told.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Notice> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use domain::SiteId;

    use super::*;

    fn notice(number: usize) -> Notice {
        Notice::Violation(SiteId(u32::try_from(number).unwrap()))
    }

    #[test]
    fn what_was_said_waits_once_until_it_is_written_down() {
        let mut notices = Notices::default();
        assert!(notices.keep(notice(1)) && notices.keep(notice(2)) && notices.keep(notice(1)));
        assert_eq!(notices.waiting().collect::<Vec<_>>(), [notice(1), notice(2)]);
        notices.forget(&notice(1));
        assert_eq!(notices.waiting().collect::<Vec<_>>(), [notice(2)]);
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let mut notices = Notices::default();
        assert!((0..NOTICES_MAX).all(|number| notices.keep(notice(number))));
        assert!(!notices.keep(notice(NOTICES_MAX)) && notices.keep(notice(0)));
        notices.forget(&notice(0));
        assert!(notices.keep(notice(NOTICES_MAX)));
    }
}
