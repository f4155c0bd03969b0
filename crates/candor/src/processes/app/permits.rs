//! Permits: what somebody was found to be allowed, by the one table. What shows or changes anything of a site or an
//! organization takes a permit, and a permit is made here alone, so that nothing can be done unasked.

use std::sync::Arc;

use domain::{Decision, DomainName, Object, OrganizationId, Place, Site, Verb, audit};
use events::Store;
use sealing::protocol::Purpose;

use super::state::App;
use crate::http::asking::Asking;
use crate::http::problem::{Kind, Problem};

/// Somebody may do this to a site.
pub(crate) struct SitePermit {
    pub(crate) site: Site,
    pub(crate) asking: Asking,
    _made_here: (),
}

/// Somebody may do this to an organization.
pub(crate) struct OrganizationPermit {
    pub(crate) organization: OrganizationId,
    pub(crate) asking: Asking,
    _made_here: (),
}

impl SitePermit {
    /// The events as whoever asks may have them opened.
    pub(crate) fn store(&self, app: &App) -> Store {
        app.store.opened_by(app.keeper.opener(Purpose::Request(self.asking.token.clone())))
    }

    /// Whether whoever asks may still see the events: asked of the keeper anew.
    pub(crate) async fn still_holds(&self, app: &Arc<App>) -> bool {
        let place = self.site.place();
        let identity = app.identify(self.asking.token.clone()).await;
        let decide = self.asking.decide;
        identity.is_ok_and(|identity| decide(&identity, Verb::See, Object::Events, place) == Decision::Yes)
    }

    /// In which audit log it is written.
    pub(crate) fn log(&self) -> audit::Log {
        audit::Log(self.site.organization.0)
    }
}

impl OrganizationPermit {
    /// In which audit log it is written.
    pub(crate) fn log(&self) -> audit::Log {
        audit::Log(self.organization.0)
    }
}

impl Asking {
    /// Whether they may do this to the site of this domain. A site of which they may not know is not there.
    pub(crate) fn of_site(
        &self,
        app: &App,
        verb: Verb,
        object: Object,
        domain: &str,
    ) -> Result<SitePermit, Problem> {
        let unknown = || Problem::not_found(format!("there is no site {}", shown(domain)));
        let name: DomainName = domain.parse().map_err(|_| unknown())?;
        let site = app.control.site(&name).map_err(|error| Problem::internal(&error))?.ok_or_else(unknown)?;
        match (self.decide)(&self.identity, verb, object, site.place()) {
            Decision::Yes => {
                // What is taken away, and what is done for visitors, goes on being.
                if matches!((verb, object), (Verb::Add | Verb::Change, Object::Site | Object::Events)) {
                    app.goes_on(site.organization)?;
                }
                Ok(SitePermit { site, asking: self.clone(), _made_here: () })
            }
            Decision::No => Err(self.not_yours()),
            Decision::NotThere => Err(unknown()),
        }
    }

    /// Whether they may do this to an organization; where they belong to one alone it need not be named.
    pub(crate) fn of_organization(
        &self,
        verb: Verb,
        object: Object,
        named: Option<OrganizationId>,
    ) -> Result<OrganizationPermit, Problem> {
        let organization = named.map_or_else(|| self.only_organization(), Ok)?;
        match (self.decide)(&self.identity, verb, object, Place::organization(organization)) {
            Decision::Yes => Ok(OrganizationPermit { organization, asking: self.clone(), _made_here: () }),
            Decision::No => Err(self.not_yours()),
            Decision::NotThere if self.identity.lacks_second_factor(organization) => Err(Problem::new(
                Kind::Forbidden,
                "this organization requires a second factor: set one up under My security, and sign in with it",
            )
            .of_field("second_factor")),
            Decision::NotThere => Err(Problem::not_found("there is no such organization")),
        }
    }

    fn not_yours(&self) -> Problem {
        let sentence = if self.identity.closed {
            "you were let in again from the server's shell: for 24 hours after that nothing of your organizations opens for you"
        } else {
            "your role does not allow that"
        };
        Problem::new(Kind::Forbidden, sentence)
    }

    fn only_organization(&self) -> Result<OrganizationId, Problem> {
        match &*self.identity.memberships {
            [only] => Ok(only.organization),
            [] => Err(Problem::not_found("you belong to no organization")),
            _ => {
                Err(Problem::invalid("you belong to several organizations: say which")
                    .of_field("organization"))
            }
        }
    }

    /// Those of `sites` that they may do this to.
    pub(crate) fn among(&self, verb: Verb, object: Object, sites: Vec<Site>) -> Vec<Site> {
        let may = |site: &Site| (self.decide)(&self.identity, verb, object, site.place()) == Decision::Yes;
        sites.into_iter().filter(may).collect()
    }
}

/// A name as it may be shown: short, and without control characters.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}
