//! Erasing a visitor, as `app` asks for it and tells of it. The worker carries it out; what is in memory here is let go of
//! before anybody is told that it is done.

use std::sync::Arc;
use std::time::Duration;

use control::ErasureRow;
use domain::audit::{Act, NewEntry, Object, ObjectKind};
use domain::{DAY_MS, Erased, SiteId, Timestamp, VisitorId};
use events::OfVisitors;
use sealing::visitor_digest;

use super::permits::SitePermit;
use super::reports::failed;
use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::http::recordings;
use crate::processes::messages::FromChild;
use crate::processes::receipt::backups_until;

/// How long an answer waits for the worker.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked meanwhile whether it was done, should the worker die between doing it and saying so.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many days ahead it is told what goes next.
pub(crate) const DAYS_AHEAD: i64 = 30;

/// What erasing a visitor would take out now.
pub(crate) struct Preview {
    pub(crate) found: Erased,
    /// Bytes of segments that are theirs, by their share of the rows.
    pub(crate) bytes_about: u64,
    /// Until when a backup that was made before may hold it.
    pub(crate) backups_until: Timestamp,
}

/// Whether what a receipt says is still true.
pub(crate) struct Check {
    pub(crate) still_true: bool,
    /// What there is of the visitor now: of visits after the erasure, where the receipt is true.
    pub(crate) found: Erased,
    /// Files that were deleted and are there again.
    pub(crate) files: Vec<String>,
    pub(crate) at: Timestamp,
}

/// What of a site goes on a UTC day (days since 1970), as it is kept now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Goes {
    pub(crate) day: i64,
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl App {
    /// What an erasure of this visitor would take out; who looked is written down.
    pub(crate) fn preview_erasure(
        &self,
        permit: &SitePermit,
        visitor: VisitorId,
    ) -> Result<Preview, Problem> {
        let entry = self.of_visitor(permit, Act::ErasurePreview, visitor);
        self.control.note(permit.log(), &entry)?;
        let ids = self.control.ids_of(permit.site.id, visitor)?;
        let OfVisitors { found, bytes_about } = self.found_of(permit, &ids)?;
        Ok(Preview { found, bytes_about, backups_until: backups_until(self.clock.now()) })
    }

    /// Asks for a visitor to be erased, with every id that is theirs; the number of the erasure, and those of the others.
    pub(crate) fn ask_erasure(
        &self,
        permit: &SitePermit,
        visitor: VisitorId,
    ) -> Result<(u64, Vec<u64>), Problem> {
        let entry = self.of_visitor(permit, Act::VisitorErase, visitor);
        let (site, now) = (permit.site.id, self.clock.now());
        let asked = self.control.act(permit.log(), &entry, |work| {
            let others = work.ids_of(site, visitor)?.into_iter().filter(|id| *id != visitor);
            let others = others.map(|id| work.ask_erasure(site, id, now)).collect::<Result<_, _>>()?;
            Ok::<_, Problem>((work.ask_erasure(site, visitor, now)?, others))
        })?;
        self.voice.say(FromChild::Erase);
        Ok(asked)
    }

    /// Returns once the erasure of this number is done. Where nothing was left to take out, it is the one that did.
    pub(crate) async fn erased(self: &Arc<Self>, site: SiteId, number: u64) -> Result<ErasureRow, Problem> {
        let mut done = self.erased.subscribe();
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let found = self.off_thread(move |app| done_by_now(app, site, number)).await?;
                if let Some(erasure) = found {
                    return Ok(erasure);
                }
                let _ = tokio::time::timeout(LOOK_EVERY, done.changed()).await;
            }
        });
        let late = |_| {
            let sentence = format!(
                "the visitor is not erased yet, and will be: ask again, or look at erasure {number} of the site"
            );
            Err(Problem::new(Kind::Unavailable, sentence))
        };
        waited.await.unwrap_or_else(late)
    }

    /// A visitor of this site was erased: nothing of the site stays in memory.
    pub(super) fn take_erased(&self, site: SiteId) {
        self.store.let_go(site);
        self.erased.send_modify(|count| *count += 1);
    }

    /// Looks again at every store, whether what the receipt for an erasure says is still true.
    pub(crate) fn check_erasure(&self, permit: &SitePermit, erasure: &ErasureRow) -> Result<Check, Problem> {
        let entry = self.of_visitor(permit, Act::ErasureCheck, erasure.visitor);
        self.control.note(permit.log(), &entry.with("erasure", erasure.number))?;
        let mut found = self.events_of(permit, &[erasure.visitor])?.found;
        // A recording tells time by the visitor's clock: it is known again by its files.
        let since = found.span.is_none_or(|(first, _)| first > erasure.asked_at);
        found.add(self.control.recorded_of(permit.site.id, erasure.visitor)?);
        let mut files = self.store.still_stored(&erasure.found.files).map_err(|error| failed(&error))?;
        let of_recordings = self.recordings.still_stored(&erasure.found.files);
        files.extend(of_recordings.map_err(|error| recordings::failed(&error))?);
        let still_true = erasure.done.is_some() && since && files.is_empty();
        Ok(Check { still_true, found, files, at: self.clock.now() })
    }

    /// What goes of a site's events and recordings within the next days, on which day.
    pub(crate) fn next_to_go(&self, permit: &SitePermit) -> Result<(Vec<Goes>, Vec<Goes>), Problem> {
        let site = &permit.site;
        let today = self.clock.now().utc_day();
        let events = match site.settings.events_retention {
            None => Vec::new(),
            Some(kept) => {
                let kept = i64::from(kept.get());
                let before = Timestamp((today + DAYS_AHEAD - kept) * DAY_MS);
                let days = permit.store(self).by_day(site.id, before).map_err(|error| failed(&error))?;
                // It goes as soon as its whole day is older than so many days.
                goes(days, kept + 1, today)
            }
        };
        let kept = i64::from(site.settings.recording.retention.get());
        let before = Timestamp((today + DAYS_AHEAD - kept) * DAY_MS);
        let recordings = goes(self.control.recordings_by_day(site.id, before)?, kept, today);
        Ok((events, recordings))
    }

    /// What there is of a visitor with these ids: events and recordings.
    pub(super) fn found_of(&self, permit: &SitePermit, ids: &[VisitorId]) -> Result<OfVisitors, Problem> {
        let mut of_visitor = self.events_of(permit, ids)?;
        for id in ids {
            of_visitor.found.add(self.control.recorded_of(permit.site.id, *id)?);
        }
        Ok(of_visitor)
    }

    /// What there is of a visitor's events.
    fn events_of(&self, permit: &SitePermit, ids: &[VisitorId]) -> Result<OfVisitors, Problem> {
        let found = permit.store(self).of_visitors(permit.site.id, ids);
        found.map_err(|error| failed(&error))
    }

    /// An entry about a visitor, who is named by a digest.
    pub(super) fn of_visitor(&self, permit: &SitePermit, act: Act, visitor: VisitorId) -> NewEntry {
        let object = Object::new(ObjectKind::Visitor, visitor_digest(visitor));
        self.entry(&permit.asking, act, object).with("site", &permit.site.domain)
    }
}

fn done_by_now(app: &App, site: SiteId, number: u64) -> Result<Option<ErasureRow>, Problem> {
    let gone = || Problem::not_found("the site was removed, and everything with it");
    let erasure = app.control.erasure(site, number)?.ok_or_else(gone)?;
    if erasure.done.is_none() {
        return Ok(None);
    }
    let before = match erasure.found.is_nothing() {
        true => app.control.last_erasure_of(site, erasure.visitor)?,
        false => None,
    };
    Ok(Some(before.unwrap_or(erasure)))
}

/// What is of these days goes so many days later, and today at the earliest.
fn goes(days: std::collections::BTreeMap<i64, (u64, u64)>, later: i64, today: i64) -> Vec<Goes> {
    let mut going: Vec<Goes> = Vec::new();
    for (day, (count, bytes)) in days {
        let day = (day + later).max(today);
        match going.last_mut() {
            Some(last) if last.day == day => {
                last.count += count;
                last.bytes += bytes;
            }
            _ => going.push(Goes { day, count, bytes }),
        }
    }
    going
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_a_day_goes_when_it_is_old_enough_and_what_is_late_goes_today() {
        let days = [(1, (5, 50)), (2, (1, 10)), (9, (2, 20))].into();
        let going = goes(days, 4, 10);
        assert_eq!(going, [Goes { day: 10, count: 6, bytes: 60 }, Goes { day: 13, count: 2, bytes: 20 }]);
    }
}
