//! What `app` does about visitors of whom something is said: that two ids are one, that one is in no report. In a log a visitor is
//! a digest, as where one is erased.

use control::{AliasError, Work};
use domain::audit::Act;
use domain::{SiteId, VisitorId};
use sealing::visitor_digest;

use super::permits::SitePermit;
use super::state::App;
use crate::http::problem::{Kind, Problem};

impl App {
    /// Makes the first id the second one's; by which directory the edge knows, where it has to: an objection, and a
    /// withdrawn consent, hold for both now.
    pub(crate) fn merge_visitors(
        &self,
        permit: &SitePermit,
        both: (VisitorId, VisitorId),
    ) -> Result<Option<u64>, Problem> {
        let entry = self.of_visitor(permit, Act::VisitorMerge, both.1).with("from", visitor_digest(both.0));
        let concerns_edge = self.control.act(permit.log(), &entry, |work| {
            work.add_alias(permit.site.id, both, self.clock.now())?;
            concerns_edge(work, permit.site.id, both.0)
        })?;
        Ok(concerns_edge.then(|| self.publish_directory()).transpose()?)
    }

    /// Makes an id its own visitor's again; by which directory the edge knows, where it has to.
    pub(crate) fn unmerge_visitors(
        &self,
        permit: &SitePermit,
        from: VisitorId,
    ) -> Result<Option<u64>, Problem> {
        let entry = self.of_visitor(permit, Act::VisitorUnmerge, from);
        let concerns_edge = self.control.act(permit.log(), &entry, |work| {
            let concerns_edge = concerns_edge(work, permit.site.id, from)?;
            let was = work.remove_alias(permit.site.id, from, self.clock.now())?;
            was.map(|_| concerns_edge).ok_or_else(|| Problem::not_found("this id is no other visitor's"))
        })?;
        Ok(concerns_edge.then(|| self.publish_directory()).transpose()?)
    }

    /// Takes a visitor out of reports.
    pub(crate) fn restrict_visitor(&self, permit: &SitePermit, who: VisitorId) -> Result<(), Problem> {
        let entry = self.of_visitor(permit, Act::VisitorRestrict, who);
        self.control.act(permit.log(), &entry, |work| {
            work.restrict_visitor(permit.site.id, who, self.clock.now())?;
            Ok(())
        })
    }

    /// Lets a visitor be in reports again.
    pub(crate) fn unrestrict_visitor(&self, permit: &SitePermit, who: VisitorId) -> Result<(), Problem> {
        let entry = self.of_visitor(permit, Act::VisitorUnrestrict, who);
        self.control.act(permit.log(), &entry, |work| match work.unrestrict_visitor(permit.site.id, who)? {
            true => Ok(()),
            false => Err(Problem::not_found("this visitor is not restricted")),
        })
    }
}

/// Whether the edge measures a visitor otherwise than others, by whichever id.
fn concerns_edge(work: &Work<'_>, site: SiteId, who: VisitorId) -> Result<bool, Problem> {
    Ok(work.has_objected(site, who)? || work.has_withdrawn(site, who)?)
}

impl From<AliasError> for Problem {
    fn from(error: AliasError) -> Self {
        match error {
            AliasError::Itself => Self::invalid(error.to_string()).of_field("to"),
            AliasError::Database(error) => error.into(),
            AliasError::Taken
            | AliasError::Ring
            | AliasError::TooManyOfOne
            | AliasError::TooMany
            | AliasError::Objecting(_) => Self::new(Kind::Conflict, error.to_string()),
        }
    }
}
