//! What is said of visitors, kept: each value sealed under its visitor's own key, of which `app` has the half that only
//! seals. Whether an address may be kept is decided here, in the transaction that would keep it.

pub(crate) mod growth;
pub(crate) mod sealed;

use capture::Said;
use control::{AliasError, AttributeRow, DatabaseError, Work};
use domain::{AttributeName, AttributeValue, ReceiptId, Refusal, SiteId, Timestamp, VisitorId};

use super::state::App;
use crate::http::problem::Problem;
use crate::texts::agreement;
use sealed::VisitorSeal;

/// On what an address may be kept, beside that the site allows it. Values handed in at construction, so that the test-only
/// twin can lack one.
#[derive(Clone, Copy)]
pub struct AddressRules {
    /// Whether it may be, by whether the organization accepted the agreement in force.
    pub agreed: fn(bool) -> bool,
    /// Whether it may be, by whether a receipt was named that stands.
    pub consented: fn(bool) -> bool,
}

impl Default for AddressRules {
    fn default() -> Self {
        Self { agreed: |accepted| accepted, consented: |stands| stands }
    }
}

/// Why something said was not kept.
enum Stop {
    Refused(Refusal),
    Failed(Problem),
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// Keeps what is said of visitors of a site, all of it or nothing; what is refused of it, and why.
    pub(crate) fn keep_said(&self, site: SiteId, said: &[Said]) -> Result<Vec<Refusal>, Problem> {
        self.control.keep(|work| {
            let mut refused = Vec::new();
            for one in said {
                if self.is_of_objector(work, site, one)? {
                    refused.push(Refusal::Objected);
                    continue;
                }
                refused.extend(self.keep_of(work, site, one)?);
            }
            Ok(refused)
        })
    }

    /// Whether the edge was told before somebody objected. What the site's people correct is kept all the same.
    fn is_of_objector(&self, work: &Work<'_>, site: SiteId, said: &Said) -> Result<bool, DatabaseError> {
        let mut has_objected = false;
        for id in [Some(said.visitor), said.same].into_iter().flatten() {
            has_objected |= work.has_objected(site, id)?;
        }
        Ok((self.controls.heeds_objection)(has_objected))
    }

    /// Keeps one thing that is said, within an act; why not, where it is refused.
    pub(super) fn keep_of(
        &self,
        work: &Work<'_>,
        site: SiteId,
        said: &Said,
    ) -> Result<Option<Refusal>, Problem> {
        match self.keep_one(work, site, said) {
            Ok(()) => Ok(None),
            Err(Stop::Refused(reason)) => Ok(Some(reason)),
            Err(Stop::Failed(problem)) => Err(problem),
        }
    }

    fn keep_one(&self, work: &Work<'_>, site: SiteId, said: &Said) -> Result<(), Stop> {
        if !work.has_site(site)? {
            return Err(Stop::Refused(Refusal::UnknownSite));
        }
        for id in [Some(said.visitor), said.same].into_iter().flatten() {
            if work.has_withdrawn(site, id)? {
                return Err(Stop::Refused(Refusal::Withdrawn));
            }
        }
        if said.attributes.iter().any(|(_, value)| matches!(value, Some(AttributeValue::Address(_)))) {
            self.check_address(work, site, said)?;
        }
        for name in &said.left_out {
            work.count_left_out(site, name, said.at)?;
        }
        if let Some(same) = said.same {
            one_visitor(work, site, (same, said.visitor), said.at)?;
        }
        let id = said.id.clone().map(|id| (AttributeName::id(), Some(AttributeValue::Text(id))));
        let mut seal = None;
        for (name, value) in id.iter().chain(&said.attributes) {
            let Some(value) = value else {
                work.remove_attribute(site, said.visitor, name)?;
                continue;
            };
            let seal = match &seal {
                Some(seal) => seal,
                None => seal.insert(self.seal_of(work, site, said)?),
            };
            let sealed = seal.seal(name, value, &*self.rng).map_err(Stop::Failed)?;
            work.put_attribute(
                site,
                said.visitor,
                &AttributeRow { name: name.clone(), at: said.at, sealed, receipt: needed(value, said) },
            )?;
        }
        Ok(())
    }

    /// An address is kept only where the organization accepted the agreement in force, and the visitor consents.
    fn check_address(&self, work: &Work<'_>, site: SiteId, said: &Said) -> Result<(), Stop> {
        let rules = &self.address_rules;
        if !(rules.agreed)(work.has_accepted(site, agreement::version())?) {
            return Err(Stop::Refused(Refusal::NoAgreement));
        }
        let receipt = said.receipt.map(|receipt| work.consent(site, receipt)).transpose()?.flatten();
        let mut ids = work.ids_of(site, said.visitor)?;
        // An id that is about to become theirs counts, and one that is somebody else's already does not: whoever shares a browser
        // consents for themselves alone.
        if let Some(same) = said.same.filter(|same| !ids.contains(same))
            && work.leads_to(site, same)?.is_none()
        {
            ids.push(same);
        }
        let is_theirs = |receipt: &control::ConsentRow| ids.contains(&receipt.visitor);
        let stands = receipt.is_some_and(|receipt| receipt.withdrawn_at.is_none() && is_theirs(&receipt));
        if (rules.consented)(stands) { Ok(()) } else { Err(Stop::Refused(Refusal::NoConsent)) }
    }

    /// What seals for a visitor: by the key they have, or by one that they are given.
    fn seal_of(&self, work: &Work<'_>, site: SiteId, said: &Said) -> Result<VisitorSeal, Stop> {
        let visitor = said.visitor;
        if let Some(wrapped) = work.visitor_key(site, visitor)? {
            return VisitorSeal::of(site, visitor, &wrapped).map_err(Stop::Failed);
        }
        if !self.growth.takes_one(site, self.clock.now()) {
            return Err(Stop::Refused(Refusal::TooMany));
        }
        let (seal, wrapped) =
            VisitorSeal::fresh(site, visitor, &*self.recipients, &*self.rng).map_err(Stop::Failed)?;
        work.add_visitor_key(site, visitor, &wrapped)?;
        Ok(seal)
    }
}

/// The consent without which a value is not kept.
fn needed(value: &AttributeValue, said: &Said) -> Option<ReceiptId> {
    said.receipt.filter(|_| matches!(value, AttributeValue::Address(_)))
}

/// Makes the id that came before the visitor's who is known now. An id that is somebody else's already stays theirs: whoever
/// shares a browser is not made one with another by signing in there.
fn one_visitor(
    work: &Work<'_>,
    site: SiteId,
    both: (VisitorId, VisitorId),
    at: Timestamp,
) -> Result<(), Stop> {
    match work.add_alias(site, both, at) {
        Ok(_) | Err(AliasError::Itself | AliasError::Taken | AliasError::Ring) => Ok(()),
        Err(AliasError::TooManyOfOne | AliasError::TooMany | AliasError::Objecting(_)) => {
            Err(Stop::Refused(Refusal::TooMany))
        }
        Err(AliasError::Database(error)) => Err(error.into()),
    }
}
