//! Sites as `app` keeps them: in the control database, and published to the edge at every change.

use std::time::Duration;

use control::{NewSite, SiteChange, SiteError};
use domain::{DomainName, Site, SiteId};
use sealing::{Client, OpenError};

use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::processes::edge::NO_SITE;
use crate::processes::keeper::KEEPER_START_PATIENCE;
use crate::processes::messages::{Directory, Doing, FromChild};

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
    /// Tells the edge, by way of the supervisor, which sites there are; the number of what was told. Keys are made
    /// for a site that has none.
    pub(crate) fn publish_directory(&self) -> Result<u64, DirectoryError> {
        self.publish_by(&self.keeper)
    }

    /// The same when the whole server is being started, and the keeper with it.
    pub(crate) fn publish_directory_at_start(&self) -> Result<u64, DirectoryError> {
        self.publish_by(&self.keeper.with_patience(KEEPER_START_PATIENCE))
    }

    fn publish_by(&self, keeper: &Client) -> Result<u64, DirectoryError> {
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
        let directory = Directory { number, environment, sites: known, no_site };
        self.recipients.publish(environment, directory.recipients());
        self.voice.say(FromChild::Directory(directory));
        Ok(number)
    }

    pub(crate) fn site(&self, domain: &str) -> Result<Site, Problem> {
        let unknown = || Problem::not_found(format!("there is no site {}", shown(domain)));
        let name: DomainName = domain.parse().map_err(|_| unknown())?;
        self.control.site(&name).map_err(|error| Problem::internal(&error))?.ok_or_else(unknown)
    }

    pub(crate) fn add_site(&self, site: &NewSite) -> Result<(Site, u64), Problem> {
        let added = self.control.add_site(site, &*self.clock).map_err(|error| problem(&error))?;
        match self.publish_directory() {
            Ok(number) => Ok((added, number)),
            Err(error) => {
                // It has no keys, and the edge does not know it: nothing could be sent to it.
                self.control.remove_site(added.id).map_err(|error| Problem::internal(&error))?;
                Err(error.into())
            }
        }
    }

    /// Removes a site for ever: its keys are destroyed, and with them whatever of it lies anywhere; then what lies
    /// here is deleted. Killed in between, the rest is done at the next start.
    pub(crate) fn remove_site(&self, domain: &str) -> Result<u64, Problem> {
        let site = self.site(domain)?;
        self.keeper.destroy(site.id)?;
        self.delete(site.id).map_err(|error| Problem::internal(&error))?;
        Ok(self.publish_directory()?)
    }

    /// Gives one site, or all of them and their organization, newer keys; whoever seals is told. The answer is the
    /// number of the directory that tells the edge.
    pub(crate) fn rotate_keys(&self, domain: Option<&str>) -> Result<u64, Problem> {
        let site = domain.map(|domain| self.site(domain)).transpose()?;
        self.keeper.rotate(site.map(|site| site.id))?;
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
        domain: &DomainName,
        change: &SiteChange,
    ) -> Result<(Site, u64), Problem> {
        let changed = self.control.change_site(domain, change).map_err(|error| problem(&error))?;
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
}

fn problem(error: &SiteError) -> Problem {
    match error {
        SiteError::Exists(_) => Problem::new(Kind::Conflict, error.to_string()).of_field("domain"),
        SiteError::Unknown(_) => Problem::not_found(error.to_string()),
        SiteError::Database(error) => Problem::internal(error),
    }
}

/// A name as it may be shown: short, and without control characters.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}
