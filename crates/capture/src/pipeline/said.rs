//! What a page says of its visitor, through the steps by which an event is admitted: whoever is not measured is not known
//! by name either.

use domain::{IdentityMode, Refusal, Site, SiteId, Text, Timestamp, VisitorId, limits};

use super::segment::given;
use super::{Circumstances, Controls, Pipeline, Said, known_visitor};
use crate::steps::{admit_site, objection, opt_out, prefetch};
use crate::wire::said::{self, Consent};
use crate::{Malformed, RawRequest};

/// What a page said.
#[derive(Debug)]
pub enum PageSaid {
    /// Who its visitor is.
    Who(Box<Site>, Said),
    /// What they consent to; none where they withdraw.
    Consent(Box<Site>, VisitorId, Option<Consent>),
    /// Nothing that may be kept.
    Refused {
        /// Of which site, where there is one.
        site: Option<SiteId>,
        /// Why.
        reason: Refusal,
    },
}

impl Pipeline {
    /// Takes who the visitor of a page is.
    ///
    /// # Errors
    /// [`Malformed`] where the body does not say so.
    pub fn capture_identity(
        &self,
        request: &RawRequest<'_>,
        circumstances: &Circumstances<'_>,
    ) -> Result<PageSaid, Malformed> {
        said::who(request, |who| {
            let Some(site) = admit_site::find(circumstances.sites, &who.domain) else {
                return PageSaid::Refused { site: None, reason: Refusal::UnknownSite };
            };
            let admitted = || {
                admit(site, request)?;
                let visitor = known_visitor(&site.ids, &who.id);
                objection::heed(site.id, [visitor, who.visitor], circumstances.sites, &self.controls)?;
                if [visitor, who.visitor].iter().any(|id| circumstances.sites.has_withdrawn(site.id, *id)) {
                    return Err(Refusal::Withdrawn);
                }
                if given::is_address(&who.id) {
                    return Err(Refusal::AddressNotAllowed);
                }
                let said = Said {
                    visitor,
                    at: request.received_at,
                    id: Some(Text::clean(&who.id, limits::GIVEN_ID_BYTES)),
                    same: Some(who.visitor).filter(|same| *same != visitor),
                    attributes: Vec::new(),
                    left_out: Vec::new(),
                    receipt: who.receipt,
                };
                given::fill(said, &site.settings, &self.controls, &who.attributes, None)
            };
            match admitted() {
                Ok(said) => PageSaid::Who(Box::new(site.clone()), said),
                Err(reason) => PageSaid::Refused { site: Some(site.id), reason },
            }
        })
    }

    /// Takes what the visitor of a page consents to. Whoever withdraws is heard, whatever else their browser says.
    ///
    /// # Errors
    /// [`Malformed`] where the body does not say so.
    pub fn capture_consent(
        &self,
        request: &RawRequest<'_>,
        circumstances: &Circumstances<'_>,
    ) -> Result<PageSaid, Malformed> {
        let (domain, visitor, given) = said::consent(request)?;
        let Some(site) = admit_site::find(circumstances.sites, &domain) else {
            return Ok(PageSaid::Refused { site: None, reason: Refusal::UnknownSite });
        };
        if given.is_some()
            && let Err(reason) = admit(site, request)
        {
            return Ok(PageSaid::Refused { site: Some(site.id), reason });
        }
        Ok(PageSaid::Consent(Box::new(site.clone()), visitor, given))
    }
}

/// What the people of a site say of a visitor, by name, as JSON.
///
/// # Errors
/// [`Malformed`] where it is no object; the refusal of an address that the site does not allow comes as the answer.
pub fn said_of(
    site: &Site,
    visitor: VisitorId,
    attributes: &str,
    now: Timestamp,
    controls: &Controls,
) -> Result<Result<Said, Refusal>, Malformed> {
    said::attributes(attributes, |attributes| {
        let (attributes_of, left_out) = (Vec::new(), Vec::new());
        let said = Said {
            visitor,
            at: now,
            id: None,
            same: None,
            attributes: attributes_of,
            left_out,
            receipt: None,
        };
        given::fill(said, &site.settings, controls, &attributes, None)
    })
}

fn admit(site: &Site, request: &RawRequest<'_>) -> Result<(), Refusal> {
    opt_out::honour(&site.settings, &request.headers)?;
    prefetch::refuse(&request.headers)?;
    if site.settings.identity == IdentityMode::Cookieless { Err(Refusal::Cookieless) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
