//! Everything that is kept of a visitor, by every id, held for whoever may take it out. That it is taken is written down before
//! anything of it is given.

use std::sync::Arc;

use control::{ConsentRow, DatabaseError, RecordingFilter, RecordingRow};
use domain::audit::Act;
use domain::{AttributeName, AttributeValue, SiteId, Timestamp, VisitorId};
use events::{Belongings, Catalog as _, StoreError};
use recordings::{Index, OpenScene, Recordings, RecordingsError};

use super::permits::SitePermit;
use super::places::{Places, SharedPlaces};
use super::reports;
use super::state::App;
use crate::catalog::ControlCatalog;
use crate::http::problem::Problem;
use crate::ledger::part_of;

/// So many visitors' belongings are given at once: each holds files open, and the rows of one visitor in memory.
const GIVEN_AT_ONCE_MAX: usize = 4;

/// Of those, of one organization: each may last half an hour, and a person's right to theirs waits for no other organization.
const GIVEN_OF_ONE_MAX: usize = 2;

/// The places for what is given.
pub(super) fn places() -> SharedPlaces {
    let full = |most: usize, whose: &str| {
        format!(
            "what is kept of {most} visitors{whose} is being given; try again when one of them is through"
        )
    };
    let all = Places::new(GIVEN_AT_ONCE_MAX, full(GIVEN_AT_ONCE_MAX, ""));
    SharedPlaces::new(all, GIVEN_OF_ONE_MAX, full(GIVEN_OF_ONE_MAX, " of your organization"))
}

/// Everything that is kept of a visitor.
pub(crate) struct Access {
    pub(crate) domain: String,
    /// Who was asked for.
    pub(crate) visitor: VisitorId,
    /// When it was held.
    pub(crate) at: Timestamp,
    pub(crate) restricted: bool,
    pub(crate) withdrawn: bool,
    pub(crate) objected: bool,
    /// Every id that is theirs, and what is known by it.
    pub(crate) ids: Vec<OfId>,
    pub(crate) events: Belongings,
    /// The newest first.
    pub(crate) recordings: Vec<RecordingRow>,
    pub(crate) shelf: Shelf,
}

/// What is known by one id.
pub(crate) struct OfId {
    pub(crate) visitor: VisitorId,
    /// As whose it is counted.
    pub(crate) leads_to: Option<VisitorId>,
    pub(crate) attributes: Vec<(AttributeName, AttributeValue, Timestamp)>,
    pub(crate) consents: Vec<ConsentRow>,
}

/// Why what is kept of a visitor was not given whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessError {
    /// Their events.
    #[error(transparent)]
    Events(#[from] StoreError),
    /// A recording.
    #[error(transparent)]
    Recording(#[from] RecordingsError),
    /// The control database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// What was read could not be packed or handed on.
    #[error("it could not be packed")]
    Packing(#[from] std::io::Error),
    /// Somebody was erased while it was given.
    #[error("somebody of the site was erased meanwhile, or the site removed: what was held is not given")]
    Gone,
}

/// Where recordings lie, opened for whoever asks, and by what it is known that something is not to be given any more.
pub(crate) struct Shelf {
    site: SiteId,
    recordings: Recordings,
    control: Arc<control::Database>,
    catalog: Arc<ControlCatalog>,
    /// Whose they are.
    ids: Vec<VisitorId>,
    /// How many erasures of the site were done when it was opened.
    erased: u64,
}

impl App {
    /// Holds everything that is kept of a visitor.
    pub(crate) fn hold_access(&self, permit: &SitePermit, visitor: VisitorId) -> Result<Access, Problem> {
        let entry = self.of_visitor(permit, Act::VisitorAccess, visitor);
        self.control.note(permit.log(), &entry)?;
        let site = permit.site.id;
        // Before anything is looked at, so that what is erased from now on is noticed.
        let erased = self.control.erasures_done(site)?;
        let ids = self.control.ids_of(site, visitor)?;
        let shelf = Shelf {
            site,
            recordings: permit.recordings(self),
            control: self.control.clone(),
            catalog: self.catalog.clone(),
            ids: ids.clone(),
            erased,
        };
        let events = permit.store(self).hold_of(site, &ids).map_err(|error| reports::failed(&error))?;
        let access = Access {
            domain: permit.site.domain.to_string(),
            visitor,
            at: self.clock.now(),
            restricted: self.control.is_restricted(site, visitor)?,
            objected: self.control.has_objected(site, visitor)?,
            withdrawn: self.control.keep(|work| work.has_withdrawn(site, visitor))?,
            ids: self.known_by(permit, &ids)?,
            events,
            recordings: self.recorded_by(site, visitor)?,
            shelf,
        };
        if access.is_nothing() {
            return Err(Problem::not_found("nothing is kept of this visitor"));
        }
        Ok(access)
    }

    fn known_by(&self, permit: &SitePermit, ids: &[VisitorId]) -> Result<Vec<OfId>, Problem> {
        let site = permit.site.id;
        let links = self.control.links_among(site, ids)?;
        let of_id = |visitor: &VisitorId| {
            Ok(OfId {
                visitor: *visitor,
                leads_to: links.get(visitor).copied(),
                attributes: self.open_attributes(
                    permit,
                    *visitor,
                    self.control.identified(site, *visitor)?,
                )?,
                consents: self.control.consents_of(site, *visitor)?,
            })
        };
        ids.iter().map(of_id).collect()
    }

    fn recorded_by(&self, site: SiteId, visitor: VisitorId) -> Result<Vec<RecordingRow>, Problem> {
        let mut found: Vec<RecordingRow> = Vec::new();
        loop {
            let filter = RecordingFilter {
                visitor: Some(visitor),
                also_restricted: true,
                after: found.last().map(|row| (row.started_at, row.id)),
                limit: control::RECORDINGS_PAGE_MAX,
                ..RecordingFilter::default()
            };
            let page = self.control.recordings(site, &filter)?;
            found.extend(page.recordings);
            if !page.more {
                return Ok(found);
            }
        }
    }
}

impl Access {
    fn is_nothing(&self) -> bool {
        let says_nothing = |id: &OfId| id.attributes.is_empty() && id.consents.is_empty();
        let is_marked = self.restricted || self.objected || self.ids.len() > 1;
        !is_marked
            && self.events.is_empty()
            && self.recordings.is_empty()
            && self.ids.iter().all(says_nothing)
    }
}

impl Shelf {
    /// Whether what was held may still be given: nobody of the site was erased meanwhile, nor was the site removed.
    pub(crate) fn goes_on(&self) -> bool {
        let is_same = || self.control.erasures_done(self.site).is_ok_and(|done| done == self.erased);
        self.catalog.has_site(self.site).is_ok_and(|known| known) && is_same()
    }

    /// A recording, open, with its index; `None` where it was removed meanwhile. Where its parts are put together just now it is
    /// looked for once more.
    ///
    /// # Errors
    /// [`AccessError::Gone`] where it is not there and its visitor is about to be erased: its row goes before the erasure is
    /// done, and what is given without it would look whole.
    pub(crate) fn open(&self, id: u64) -> Result<Option<(RecordingRow, Index, OpenScene)>, AccessError> {
        let mut again = false;
        loop {
            let Some((row, parts)) = self.control.recording(self.site, id)? else {
                let goes = self.control.is_being_erased(self.site, &self.ids)?;
                return if goes { Err(AccessError::Gone) } else { Ok(None) };
            };
            let parts: Vec<_> = parts.into_iter().map(part_of).collect();
            let index = Recordings::index(&parts)?;
            match self.recordings.open_recording(self.site, &parts, &index) {
                Err(error) if error.is_gone() && !std::mem::replace(&mut again, true) => {}
                opened => return Ok(Some((row, index, opened?))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::OrganizationId;
    use domain::audit::{Actor, Log, NewEntry, Object, ObjectKind};
    use sealing::{Environment, Key, OpenError, Opener, Wanted};

    use super::*;

    const SITE: SiteId = SiteId(1);
    const HELD: VisitorId = VisitorId::from_u128(1);
    const OTHER: VisitorId = VisitorId::from_u128(2);

    /// Nothing is opened here.
    struct Closed;

    impl Opener for Closed {
        fn environment(&self) -> Result<Environment, OpenError> {
            Err(OpenError::Away)
        }

        fn open(&self, _: &[Wanted]) -> Result<Vec<Key>, OpenError> {
            Err(OpenError::Away)
        }
    }

    fn shelf(folder: &std::path::Path) -> Shelf {
        let key = Key::take(&mut [7; 32]);
        let control = Arc::new(control::Database::open(&folder.join("control.db"), &key).unwrap());
        Shelf {
            site: SITE,
            recordings: Recordings::open(folder, Arc::new(Closed)).unwrap(),
            catalog: Arc::new(ControlCatalog(control.clone())),
            ids: vec![HELD],
            erased: control.erasures_done(SITE).unwrap(),
            control,
        }
    }

    #[test]
    fn as_many_are_given_at_once_as_there_are_places_of_which_an_organization_has_its_share() {
        let places = places();
        let mut given = Vec::new();
        for number in 0..GIVEN_AT_ONCE_MAX / GIVEN_OF_ONE_MAX {
            let of = OrganizationId(u32::try_from(number).unwrap());
            given.extend((0..GIVEN_OF_ONE_MAX).map(|_| places.take(of).unwrap()));
            assert!(places.take(of).is_err(), "it has its share");
        }
        assert_eq!(given.len(), GIVEN_AT_ONCE_MAX);
        assert!(places.take(OrganizationId(99)).is_err(), "all are taken");
        given.pop();
        assert!(places.take(OrganizationId(99)).is_ok());
    }

    #[test]
    fn a_recording_that_is_not_there_is_passed_over_unless_its_visitor_is_being_erased() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path());
        let ask = |visitor| {
            let object = Object::sole(ObjectKind::Visitor);
            let entry = NewEntry::new(Timestamp(0), Actor::system(), Act::VisitorErase, object);
            shelf.control.act(Log(1), &entry, |work| work.ask_erasure(SITE, visitor, Timestamp(0))).unwrap()
        };
        assert!(matches!(shelf.open(5), Ok(None)));
        ask(OTHER);
        assert!(matches!(shelf.open(5), Ok(None)));
        ask(HELD);
        assert!(matches!(shelf.open(5), Err(AccessError::Gone)));
    }
}
