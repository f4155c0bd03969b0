//! What `app` does about recordings: it shows them to whoever may see them, writes down who looked, and raises an alarm where
//! something came that no recording may hold.

pub(crate) mod matching;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use control::{RecordingRow, Work};
use domain::audit::{Act, Actor, Details, Log, NewEntry, Object, ObjectKind};
use domain::{SiteId, Timestamp, VisitorId};
use recordings::{Part, Recordings};
use sealing::protocol::Purpose;

use super::permits::SitePermit;
use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::ledger::part_of;
use crate::logging::with_causes;
use crate::processes::messages::FromChild;

impl SitePermit {
    /// Recordings as whoever asks may have them opened.
    pub(crate) fn recordings(&self, app: &App) -> Recordings {
        app.recordings.opened_by(app.keeper.opener(Purpose::Request(self.asking.token.clone())))
    }

    /// One recording of the site and its parts, unless its visitor is to be shown to nobody.
    pub(crate) fn recording(&self, app: &App, id: u64) -> Result<(RecordingRow, Vec<Part>), Problem> {
        let found = app.control.recording(self.site.id, id)?;
        let (row, parts) = found.ok_or_else(|| Problem::not_found("there is no such recording"))?;
        if app.control.is_restricted(self.site.id, row.visitor)? {
            let sentence = "what this visitor did is kept, and shown to nobody: the visitor is restricted";
            return Err(Problem::new(Kind::Forbidden, sentence));
        }
        Ok((row, parts.into_iter().map(part_of).collect()))
    }
}

/// For how long a look at something is one look.
const LOOK_LASTS: Duration = Duration::from_secs(600);
/// Looks that are remembered. Of more each is written down again.
const LOOKS_MAX: usize = 1_024;

/// Who looked at what lately.
#[derive(Default)]
pub(crate) struct Looks(Mutex<HashMap<(String, LookedAt), Timestamp>>);

/// What is looked at.
#[derive(PartialEq, Eq, Hash)]
enum LookedAt {
    Recording(u64),
    /// The heatmap of these pages.
    Heatmap(SiteId, String),
    Visitor(SiteId, VisitorId),
}

impl Looks {
    /// Whether somebody looked at this visitor lately.
    pub(super) fn has_seen_visitor(
        &self,
        who: &str,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> bool {
        self.has(who.to_owned(), LookedAt::Visitor(site, visitor), now)
    }

    pub(super) fn remember_visitor(&self, who: String, site: SiteId, visitor: VisitorId, now: Timestamp) {
        self.remember(who, LookedAt::Visitor(site, visitor), now);
    }

    /// Whether somebody looked at this lately.
    fn has(&self, who: String, what: LookedAt, now: Timestamp) -> bool {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(&(who, what)).is_some_and(|until| now < *until)
    }

    fn remember(&self, who: String, what: LookedAt, now: Timestamp) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= LOOKS_MAX {
            looks.retain(|_, until| now < *until);
        }
        if looks.len() < LOOKS_MAX {
            looks.insert((who, what), now + LOOK_LASTS);
        }
    }
}

impl App {
    /// Writes down that somebody looks at a recording, unless they did lately.
    pub(crate) fn note_look_once(&self, permit: &SitePermit, id: u64) -> Result<(), Problem> {
        let known = self.looks.has(permit.asking.actor().id, LookedAt::Recording(id), self.clock.now());
        if known { Ok(()) } else { self.note_look(permit, id) }
    }

    /// Writes down that somebody looks at a recording. What cannot be written down is not shown.
    pub(crate) fn note_look(&self, permit: &SitePermit, id: u64) -> Result<(), Problem> {
        let object = Object::new(ObjectKind::Recording, format!("{id:016x}"));
        let entry = self.entry(&permit.asking, Act::RecordingView, object).with("site", &permit.site.domain);
        self.control.note(permit.log(), &entry)?;
        self.looks.remember(permit.asking.actor().id, LookedAt::Recording(id), self.clock.now());
        Ok(())
    }

    /// Writes down that somebody looks at the heatmap of some pages, unless they did lately. What cannot be written down is not
    /// shown.
    pub(crate) fn note_heatmap_once(&self, permit: &SitePermit, page: &str) -> Result<(), Problem> {
        let (now, who) = (self.clock.now(), permit.asking.actor().id);
        let looked_at = || LookedAt::Heatmap(permit.site.id, page.to_owned());
        if self.looks.has(who.clone(), looked_at(), now) {
            return Ok(());
        }
        let object = Object::new(ObjectKind::Site, &permit.site.domain);
        let entry = self.entry(&permit.asking, Act::HeatmapView, object).with("page", page);
        self.control.note(permit.log(), &entry)?;
        self.looks.remember(who, looked_at(), now);
        Ok(())
    }

    /// Removes a recording for ever. Whatever of it is still on its way is let go of.
    pub(crate) fn remove_recording(&self, permit: &SitePermit, id: u64) -> Result<(), Problem> {
        let object = Object::new(ObjectKind::Recording, format!("{id:016x}"));
        let entry =
            self.entry(&permit.asking, Act::RecordingRemove, object).with("site", &permit.site.domain);
        self.control.act(permit.log(), &entry, |work| {
            match work.remove_recording(permit.site.id, id, self.clock.now())? {
                true => Ok(()),
                false => Err(Problem::not_found("there is no such recording")),
            }
        })?;
        // Its objects are in no ledger any more, and are deleted as garbage.
        self.voice.say(FromChild::Tidy);
        Ok(())
    }

    /// Removes all recordings of a visitor for ever; how many there were. Nothing that tells who it was is written down of it.
    pub(crate) fn remove_recordings_of(
        &self,
        permit: &SitePermit,
        visitor: VisitorId,
    ) -> Result<u64, Problem> {
        let object = Object::new(ObjectKind::Site, &permit.site.domain);
        let entry = self.entry(&permit.asking, Act::RecordingRemove, object).with("of", "visitor");
        let removed = self.control.act_with(permit.log(), entry, |work| {
            let mut removed = 0;
            for id in work.ids_of(permit.site.id, visitor)? {
                removed += work.remove_recordings_of(permit.site.id, id, self.clock.now())?;
            }
            let mut details = Details::none();
            details.add("recordings", removed);
            Ok::<_, Problem>((removed, details))
        })?;
        self.voice.say(FromChild::Tidy);
        Ok(removed)
    }

    /// Raises an alarm about a site: what its pages sent held something in a form position. `edge` says so seldom. Whether it
    /// could be written down.
    pub(super) fn raise_alarm(&self, site: SiteId) -> bool {
        let written = self.write_alarm(site);
        if let Err(sentence) = &written {
            tracing::error!("that a recording was refused cannot be written down: {sentence}");
        }
        written.is_ok()
    }

    fn write_alarm(&self, site: SiteId) -> Result<(), String> {
        let sites = self.control.sites().map_err(|error| with_causes(&error))?;
        let Some(site) = sites.into_iter().find(|known| known.id == site) else { return Ok(()) };
        tracing::warn!(
            domain = %site.domain,
            "what was to be recorded held something in a form position: it was refused, and the recorder told to stop"
        );
        let now = self.clock.now();
        let object = Object::new(ObjectKind::Site, &site.domain);
        let entry = NewEntry::new(now, Actor::system(), Act::RecordingRefuse, object);
        let written = self.control.act(Log(site.organization.0), &entry, |work: &Work<'_>| {
            work.alarm_about_recordings(site.id, now)
        });
        written.map_err(|error| with_causes(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn has(looks: &Looks, number: usize, at: Timestamp) -> bool {
        looks.has("somebody".to_owned(), LookedAt::Recording(number as u64), at)
    }

    fn remember(looks: &Looks, number: usize, at: Timestamp) {
        looks.remember("somebody".to_owned(), LookedAt::Recording(number as u64), at);
    }

    #[test]
    fn so_many_looks_are_remembered_and_one_more_is_not_until_those_are_over() {
        let looks = Looks::default();
        (0..=LOOKS_MAX).for_each(|number| remember(&looks, number, NOW));
        assert!((0..LOOKS_MAX).all(|number| has(&looks, number, NOW)));
        assert!(!has(&looks, LOOKS_MAX, NOW), "it is written down again");
        let over = NOW + LOOK_LASTS;
        assert!(has(&looks, 0, Timestamp(over.0 - 1)) && !has(&looks, 0, over));
        remember(&looks, LOOKS_MAX, over);
        assert!(has(&looks, LOOKS_MAX, over));
    }
}
