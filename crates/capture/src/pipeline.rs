//! The visible list of steps from untrusted bytes to clean events, readable from top to bottom.
//!
//! Every event takes every step in this order, or leaves with the refusal that a step names. Adding a step
//! is a file under `steps/` and a line here. The full address goes to two steps and no further: it keys the
//! daily visitor, and it is truncated. Nothing here stores, logs or answers.

mod said;
mod segment;
mod visit;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use domain::{ClientAddress, DaySecrets, Event, Location, Refusal, Site, SiteSettings, Timestamp, VisitorId};

use crate::lists::sources::SourceBook;
use crate::recording::Judgement;
use crate::steps::agent::AgentReader;
use crate::steps::clean::Findings;
use crate::steps::location::Atlas;
use crate::steps::{
    address, admit_site, agent, bots, clean, date, objection, opt_out, prefetch, scheme, source, visitor,
};
use crate::wire::{self, Address, Claim};
use crate::{Admission, Captured, Malformed, PlacesError, RawRequest, RecentVisitors, SiteDirectory};

pub use said::{PageSaid, said_of};
pub use segment::{NotTaken, Said, Taken, known_visitor};
pub use visit::{AdmittedVisit, NotRecorded, Visit};

/// Turns requests into clean events or named refusals. One serves a whole process, from any thread.
pub struct Pipeline {
    agents: AgentReader,
    atlas: Atlas,
    sources: SourceBook,
    controls: Controls,
}

/// The controls that a twin of the product lacks, one at a time, to show that a proof would notice.
///
/// They are values handed in at construction and not switches, so that no setting reaches them: the product
/// is built with [`Controls::default`] in one place, and only the test-only `candor-twin` names another.
#[derive(Clone, Copy)]
pub struct Controls {
    /// What of a client's address the rest of the pipeline may know.
    pub truncate: fn(ClientAddress) -> IpAddr,
    /// What the gate for recordings makes of a string that it has judged.
    pub heed: fn(Judgement) -> Judgement,
    /// Whether a site allows that an attribute holds an address.
    pub allows_addresses: fn(&SiteSettings) -> bool,
    /// Whether whoever objected, or did not, is let be.
    pub heeds_objection: fn(bool) -> bool,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            truncate: |address| address.truncate().ip(),
            heed: |judgement| judgement,
            allows_addresses: |site| site.addresses,
            heeds_objection: |has_objected| has_objected,
        }
    }
}

/// What is known when a request comes, beside the request.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    /// The sites of this server.
    pub sites: &'a SiteDirectory,
    /// The secrets of today and yesterday, for visitors without an id.
    pub secrets: &'a DaySecrets,
    /// Which of yesterday's visitors have an open visit.
    pub recent: &'a RecentVisitors,
    /// The door by which the request came.
    pub admission: Admission,
}

impl Pipeline {
    /// A pipeline with the bundled lists and `controls`. `places` is the operator's own MaxMind database for
    /// region and city, read into memory here.
    ///
    /// # Errors
    /// [`PlacesError`] where that database cannot be used; the bundled lists cannot fail.
    pub fn open(places: Option<&Path>, controls: Controls) -> Result<Self, PlacesError> {
        Ok(Self {
            agents: AgentReader::new(),
            atlas: Atlas::open(places)?,
            sources: SourceBook::new(),
            controls,
        })
    }

    /// Takes one request through all steps: one result for each site that it names.
    ///
    /// # Errors
    /// [`Malformed`] where the body is no event; nothing of it is kept and nothing is counted.
    pub fn capture(
        &self,
        request: &RawRequest<'_>,
        circumstances: &Circumstances<'_>,
    ) -> Result<Vec<Captured>, Malformed> {
        wire::parse(request, |claim| {
            let page = admit_site::page(&claim)?;
            let named = admit_site::sites(&claim, &page, circumstances.sites);
            Ok(named
                .into_iter()
                .map(|site| self.for_site(request, &claim, &page, site, circumstances))
                .collect())
        })?
    }

    fn for_site(
        &self,
        request: &RawRequest<'_>,
        claim: &Claim<'_>,
        page: &Address<'_>,
        site: Option<&Site>,
        circumstances: &Circumstances<'_>,
    ) -> Captured {
        let Some(site) = site else {
            return Captured::Refused { site: None, reason: Refusal::UnknownSite };
        };
        let request = Admitted { request, claim, page, site, is_located: true };
        match self.pass(&request, circumstances) {
            Ok(event) => Captured::Accepted { site: site.id, event: Box::new(event) },
            Err(reason) => Captured::Refused { site: Some(site.id), reason },
        }
    }

    /// Steps 3 to the last, for one site.
    fn pass(&self, admitted: &Admitted<'_>, circumstances: &Circumstances<'_>) -> Result<Event, Refusal> {
        let Admitted { request, claim, page, site, is_located } = *admitted;
        let headers = &request.headers;
        let user_agent = agent::cut(headers.user_agent);

        circumstances.sites.admits(site)?;
        opt_out::honour(&site.settings, headers)?;
        prefetch::refuse(headers)?;
        scheme::check(page)?;
        let at = date::check(claim.at, request.received_at, circumstances.admission)?;

        let referrer = source::referrer(&claim.referrer, page);
        let who = Who {
            site,
            given: claim.visitor,
            address: request.address,
            is_located,
            user_agent: &user_agent,
            hostname: &page.host,
            at,
        };
        let Recognised { judgement, visitor, location } = self.recognise(&who, circumstances)?;
        let suspicion = bots::suspect(judgement.suspicion, referrer.as_ref());
        let software = agent::software(&judgement, headers.accept_language, &claim.screen);
        let (referral, campaign) = source::find(page, referrer.as_ref(), &self.sources);

        let findings = Findings { visitor, at, suspicion, location, software, referral, campaign };
        Ok(clean::event(claim, page, site.settings.hash_routing, findings))
    }

    /// Steps 6 and 8 to 10: who it is, where they are, and what they look with; unless they objected.
    fn recognise(&self, who: &Who<'_>, circumstances: &Circumstances<'_>) -> Result<Recognised, Refusal> {
        let judgement = self.agents.judge(who.user_agent);
        let traits =
            visitor::Traits { address: who.address, user_agent: who.user_agent, hostname: who.hostname };
        let visitor = visitor::assign(who.site, who.given, &traits, who.at, circumstances);
        let ids = who.given.into_iter().chain([visitor]);
        objection::heed(who.site.id, ids, circumstances.sites, &self.controls)?;
        let located = || self.atlas.locate(address::truncate(who.address, &self.controls));
        let location = if who.is_located { located() } else { Location::default() };
        Ok(Recognised { judgement, visitor, location })
    }
}

/// By what somebody is recognised.
struct Who<'a> {
    site: &'a Site,
    /// The id that the browser keeps.
    given: Option<VisitorId>,
    address: ClientAddress,
    /// Whether they are where it is.
    is_located: bool,
    user_agent: &'a str,
    hostname: &'a str,
    at: Timestamp,
}

/// As whom.
struct Recognised {
    judgement: Arc<agent::Judgement>,
    visitor: VisitorId,
    location: Location,
}

/// A claim that a site admitted.
#[derive(Clone, Copy)]
struct Admitted<'a> {
    request: &'a RawRequest<'a>,
    claim: &'a Claim<'a>,
    page: &'a Address<'a>,
    site: &'a Site,
    /// Whether the visitor is where the address is.
    is_located: bool,
}

#[cfg(test)]
mod tests;
