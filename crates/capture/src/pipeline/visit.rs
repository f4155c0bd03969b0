//! The steps by which an event is admitted, for a visit that is to be recorded. They are the same steps: a visitor who is not
//! measured is not recorded either.

use domain::{ClientAddress, Location, Refusal, Site, Software, Suspicion, Timestamp, VisitorId};

use super::{Circumstances, Pipeline, Who};
use crate::Headers;
use crate::steps::{admit_site, agent, bots, opt_out, prefetch, scheme};
use crate::wire::Address;

/// What a recorder claims, and by whom it is sent.
pub struct Visit<'a> {
    /// The site's domain.
    pub domain: &'a str,
    /// The page's address.
    pub page: &'a str,
    /// The id that the browser keeps, where it may keep one.
    pub visitor: Option<VisitorId>,
    /// The headers that are looked at.
    pub headers: Headers<'a>,
    /// The client's address.
    pub address: ClientAddress,
    /// When it came.
    pub received_at: Timestamp,
}

/// A visit that may be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct AdmittedVisit<'s> {
    /// Of which site.
    pub site: &'s Site,
    /// Whose it is.
    pub visitor: VisitorId,
    /// Where on earth, as far as the truncated address tells.
    pub location: Location,
    /// What the visitor looks with, as far as the user agent says.
    pub software: Software,
}

/// Why a visit is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecorded {
    /// For a reason for which an event would be refused.
    Refused(Refusal),
    /// For one for which an event would be set aside.
    Suspected(Suspicion),
    /// The site records nothing.
    Off,
}

impl NotRecorded {
    /// The machine word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.as_str(),
            Self::Suspected(suspicion) => suspicion.as_str(),
            Self::Off => "off",
        }
    }
}

impl Pipeline {
    /// Takes a visit through the steps.
    ///
    /// # Errors
    /// [`NotRecorded`] where it is not to be recorded.
    pub fn admit_visit<'s>(
        &self,
        visit: &Visit<'_>,
        circumstances: &Circumstances<'s>,
    ) -> Result<AdmittedVisit<'s>, NotRecorded> {
        let site = admit_site::find(circumstances.sites, visit.domain);
        let site = site.ok_or(NotRecorded::Refused(Refusal::UnknownSite))?;
        if !site.settings.recording.on {
            return Err(NotRecorded::Off);
        }
        let page = Address::parse(visit.page).ok_or(NotRecorded::Refused(Refusal::Scheme))?;
        let checked = (circumstances.sites.admits(site))
            .and_then(|()| opt_out::honour(&site.settings, &visit.headers))
            .and_then(|()| prefetch::refuse(&visit.headers))
            .and_then(|()| scheme::check(&page));
        checked.map_err(NotRecorded::Refused)?;
        let user_agent = agent::cut(visit.headers.user_agent);
        let who = Who {
            site,
            given: visit.visitor,
            address: visit.address,
            is_located: true,
            user_agent: &user_agent,
            hostname: &page.host,
            at: visit.received_at,
        };
        let known = self.recognise(&who, circumstances).map_err(NotRecorded::Refused)?;
        if let Some(suspicion) = bots::suspect(known.judgement.suspicion, None) {
            return Err(NotRecorded::Suspected(suspicion));
        }
        let software = known.judgement.software.clone();
        Ok(AdmittedVisit { site, visitor: known.visitor, location: known.location, software })
    }
}
