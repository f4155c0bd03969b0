//! Sites as `app` keeps them: in the control database, and published to the edge at every change.

use std::sync::PoisonError;
use std::time::Duration;

use control::{NewSite, SiteChange, Stopped, Work};
use domain::audit::{Act, NewEntry, Object, ObjectKind};
use domain::{DAY_MS, Site, SiteId, Timestamp};
use sealing::protocol::people::Ask;
use sealing::{Client, OpenError};

use super::permits::{OrganizationPermit, SitePermit};
use super::state::App;
use crate::http::asking::Asking;
use crate::http::problem::{Kind, Problem};
use crate::logging::with_causes;
use crate::processes::edge::NO_SITE;
use crate::processes::keeper::KEEPER_START_PATIENCE;
use crate::processes::messages::{Directory, Doing, FromChild, RecordedToday};

/// How long a change waits for the edge to admit events by it.
const EDGE_PATIENCE: Duration = Duration::from_secs(1);

/// Why the edge could not be told which sites there are.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error(transparent)]
    Database(#[from] control::DatabaseError),
    #[error(transparent)]
    Keeper(#[from] OpenError),
}

impl From<DirectoryError> for Problem {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Keeper(error) => error.into(),
            DirectoryError::Database(error) => Self::internal(&error),
        }
    }
}

impl App {
    /// Tells the edge, by way of the supervisor, which sites there are; the number of what was told.
    pub(crate) fn publish_directory(&self) -> Result<u64, DirectoryError> {
        self.publish_by(&self.keeper)
    }

    /// The same when the whole server is being started, and the keeper with it.
    pub(crate) fn publish_directory_at_start(&self) -> Result<u64, DirectoryError> {
        self.publish_by(&self.keeper.with_patience(KEEPER_START_PATIENCE))
    }

    /// Tells an edge that has begun to serve what there is now: what it was told at its birth the supervisor had kept for it, and
    /// it counts from nothing what a site records in a day.
    pub(super) fn tell_newborn_edge(&self) {
        if let Err(error) = self.publish_directory() {
            tracing::error!("a newborn edge is not told which sites there are: {}", with_causes(&error));
        }
    }

    fn publish_by(&self, keeper: &Client) -> Result<u64, DirectoryError> {
        let _alone = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let sites = self.control.sites()?;
        let ids: Vec<SiteId> = sites.iter().map(|site| site.id).chain([NO_SITE]).collect();
        let (environment, mut recipients) = keeper.recipients(&ids)?;
        let no_site = recipients.pop().flatten();
        let (mut known, mut without) = (Vec::with_capacity(sites.len()), Vec::new());
        for (site, recipient) in sites.into_iter().zip(recipients) {
            match recipient {
                Some(recipient) => known.push((site, recipient)),
                None => without.push(site),
            }
        }
        for site in without {
            tracing::warn!(domain = %site.domain, "its key was destroyed: what is left of the site is deleted");
            self.delete(site.id)?;
        }
        let number = self.next_directory();
        let day = self.clock.now().utc_day();
        let bytes = self.control.recorded_since(Timestamp(day * DAY_MS))?;
        let (withdrawn, objected) = (self.control.withdrawn()?, self.control.objected()?);
        let recorded = RecordedToday { day, bytes };
        let ended = self.control.ended_subscriptions()?.into_iter().map(|one| one.organization).collect();
        let directory =
            Directory { number, environment, sites: known, no_site, withdrawn, objected, recorded, ended };
        self.recipients.publish(environment, directory.recipients());
        self.voice.say(FromChild::Directory(directory));
        Ok(number)
    }

    /// Begins to measure a site: its row, its keys and the entry about it are there together, or none of them is.
    pub(crate) fn add_site(
        &self,
        permit: &OrganizationPermit,
        site: &NewSite,
    ) -> Result<(Site, u64), Problem> {
        self.goes_on(permit.organization)?;
        let entry = self.entry(&permit.asking, Act::SiteAdd, Object::new(ObjectKind::Site, &site.domain));
        let log = permit.log();
        let added = self.control.act_elsewhere(
            &[log],
            &entry,
            |work| {
                let added =
                    work.add_site(site, self.clock.now()).map_err(|error| Stopped::Undone(error.into()))?;
                self.ask_to_do(Ask::AddSite(permit.asking.token.clone(), permit.organization, added.id))?;
                Ok(added)
            },
            |work, added| {
                work.append(log, &entry)?;
                Ok::<_, Problem>(added)
            },
        )?;
        Ok((added, self.publish_directory()?))
    }

    /// Removes a site for ever: its keys are destroyed, and with them whatever of it lies anywhere; then what lies
    /// here is deleted. Killed in between, the rest is done at the next start.
    pub(crate) fn remove_site(&self, permit: &SitePermit) -> Result<u64, Problem> {
        let site = &permit.site;
        let entry = self.entry(&permit.asking, Act::SiteRemove, Object::new(ObjectKind::Site, &site.domain));
        let ask = Ask::RemoveSite(permit.asking.token.clone(), site.id);
        self.act_in(permit.log(), &entry, ask, |_, _| Ok(()))?;
        self.delete(site.id).map_err(|error| Problem::internal(&error))?;
        Ok(self.publish_directory()?)
    }

    /// Gives one site, or all of them and their organizations, newer keys; whoever seals is told. The answer is the
    /// number of the directory that tells the edge.
    pub(crate) fn rotate_keys(&self, site: Option<SiteId>) -> Result<u64, Problem> {
        self.keeper.rotate(site)?;
        self.voice.say(FromChild::Rotated);
        Ok(self.publish_directory()?)
    }

    /// Replaces the root key, which takes the keeper a start.
    pub(crate) fn rotate_root(&self) -> Result<(), Problem> {
        let before = self.keeper.overview()?;
        if before.source == keeper::RootSource::Credential.kind() {
            let sentence = "the root key comes from a credential, which is not Candor's to replace: give the new one as \
                            candor-root-key and this one as candor-root-key-before, and restart";
            return Err(Problem::new(Kind::Conflict, sentence));
        }
        let after = self.keeper.with_patience(KEEPER_START_PATIENCE).rotate_root()?.root;
        if after > before.root {
            return Ok(());
        }
        Err(Problem::new(Kind::Conflict, "the root key was not replaced; the server's log says why"))
    }

    fn delete(&self, site: SiteId) -> Result<(), control::DatabaseError> {
        self.control.remove_site(site)?;
        // Files that are in no catalog are deleted as garbage.
        self.voice.say(FromChild::Tidy);
        Ok(())
    }

    pub(crate) fn change_site(
        &self,
        permit: &SitePermit,
        change: &SiteChange,
    ) -> Result<(Site, u64), Problem> {
        let mut entry =
            self.entry(&permit.asking, Act::SiteChange, Object::new(ObjectKind::Site, &permit.site.domain));
        for (name, value) in change.told() {
            entry = entry.with(name, value);
        }
        let rows = |work: &Work<'_>| Ok::<_, Problem>(work.change_site(&permit.site.domain, change)?);
        let changed = match change.recording.shown_to_viewers {
            // The keeper opens recordings for viewers by what it was told itself.
            Some(shown) => {
                let ask = Ask::ShareRecordings(permit.asking.token.clone(), permit.site.id, shown);
                self.act_in(permit.log(), &entry, ask, |work, _| rows(work))?
            }
            None => self.control.act(permit.log(), &entry, rows)?,
        };
        Ok((changed, self.publish_directory()?))
    }

    /// Returns once the edge admits events by directory `number`, so that whoever added a site may send to it.
    /// A server whose edge is down learns it later.
    pub(crate) async fn edge_knows(&self, number: u64) {
        if self.status().edge != Doing::Serving {
            return;
        }
        let mut taken = self.taken.subscribe();
        let waited = taken.wait_for(|taken| *taken >= number);
        let _ = tokio::time::timeout(EDGE_PATIENCE, waited).await;
    }

    /// An entry about what somebody does now.
    pub(crate) fn entry(&self, asking: &Asking, act: Act, object: Object) -> NewEntry {
        NewEntry::new(self.clock.now(), asking.actor(), act, object).at_network(asking.from.network)
    }
}
