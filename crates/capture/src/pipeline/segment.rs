//! Calls by the field's convention through the same steps as every other event: what happened becomes events, what is said
//! of visitors becomes [`Said`], and each item that is neither leaves with a named refusal and takes nothing with it.

pub(super) mod given;

use std::borrow::Cow;

use domain::{
    AttributeName, AttributeValue, ClientAddress, EventId, IdSecret, IdentityMode, ReceiptId, Refusal, Site,
    Text, Timestamp, VisitorId, limits,
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Admitted, Circumstances, Pipeline};
use crate::steps::{admit_site, objection, opt_out, prefetch};
use crate::wire::Claim;
use crate::wire::segment::{self, Address, Call, Context, Deed, Given};
use crate::{Captured, Headers, Malformed, RawRequest};

/// What is said of a visitor, clean and typed. Whether it may be kept is for whoever keeps it to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Of whom.
    pub visitor: VisitorId,
    /// When it came.
    pub at: Timestamp,
    /// The id that the site gave them.
    pub id: Option<Text>,
    /// Who is the same visitor from now on.
    pub same: Option<VisitorId>,
    /// What they are; an attribute without a value is not kept any longer.
    pub attributes: Vec<(AttributeName, Option<AttributeValue>)>,
    /// Names that the site does not declare, or whose values were of another type.
    pub left_out: Vec<Text>,
    /// The receipt of a consent that was named with it.
    pub receipt: Option<ReceiptId>,
}

/// What became of a call or a batch.
#[derive(Debug)]
pub struct Taken<'s> {
    /// Whose it is.
    pub site: &'s Site,
    /// The events, and refusals of whatever kind.
    pub captured: Vec<Captured>,
    /// What is said of visitors.
    pub said: Vec<Said>,
}

/// Why nothing of a call was taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No site of this server has the write key.
    #[error("no site has this write key")]
    UnknownKey,
    /// The body is none.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// The visitor that a site means by an id of its own: the same as long as the site is there.
pub fn known_visitor(ids: &IdSecret, id: &str) -> VisitorId {
    VisitorId::from_u128(under(ids, b"visitor", id))
}

/// The event that a sender means by the name of a call.
fn named_event(ids: &IdSecret, message: &str) -> EventId {
    EventId::from_u128(under(ids, b"message", message))
}

/// The first 128 bits of HMAC-SHA-256. What it is for has a fixed length, so that no two inputs are the same bytes.
fn under(ids: &IdSecret, purpose: &[u8; 7], text: &str) -> u128 {
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(ids.key());
    let mac = <Hmac<Sha256> as KeyInit>::new(&block.into()).chain_update(purpose).chain_update(text);
    let digest = mac.finalize().into_bytes();
    digest.iter().take(16).fold(0, |bits, &byte| (bits << 8) | u128::from(byte))
}

/// What holds for all items of one request.
struct Around<'r, 's, 'c> {
    request: &'r RawRequest<'r>,
    circumstances: &'c Circumstances<'s>,
    site: &'s Site,
    /// Whether the sender is the visitor's own browser.
    of_browser: bool,
    lag_ms: i64,
}

impl Pipeline {
    /// Takes a call or a batch.
    ///
    /// # Errors
    /// [`NotTaken`] where nothing of it is kept and nothing counted.
    pub fn capture_segment<'s>(
        &self,
        request: &RawRequest<'_>,
        address: Address,
        circumstances: &Circumstances<'s>,
    ) -> Result<Taken<'s>, NotTaken> {
        segment::parse(request, address, |letter| {
            let site = letter.key.as_deref().and_then(|key| circumstances.sites.of_write_key(key.trim()));
            let site = site.ok_or(NotTaken::UnknownKey)?;
            let around = Around {
                request,
                circumstances,
                site,
                of_browser: address.of_browser,
                lag_ms: letter.lag_ms,
            };
            let mut taken =
                Taken { site, captured: Vec::with_capacity(letter.items.len()), said: Vec::new() };
            if letter.too_many {
                taken.refuse(Refusal::TooMany);
            }
            for item in letter.items {
                if item.len() > limits::CALL_BYTES {
                    taken.refuse(Refusal::TooLarge);
                    continue;
                }
                let mut take = |json: &str| {
                    let call = Call::read(json, address.kind, &letter.context)?;
                    let context = call.context(&letter.context);
                    if let Err(refusal) = self.take(&around, &call, &context, &mut taken) {
                        taken.refuse(refusal);
                    }
                    Ok::<_, segment::Wrong>(())
                };
                let read = take(item).or_else(|wrong| take(&segment::mended(item).ok_or(wrong)?));
                if read.is_err() {
                    taken.refuse(Refusal::Malformed);
                }
            }
            Ok(taken)
        })?
    }

    fn take(
        &self,
        around: &Around<'_, '_, '_>,
        call: &Call<'_>,
        context: &Context<'_>,
        taken: &mut Taken<'_>,
    ) -> Result<(), Refusal> {
        let Around { site, .. } = *around;
        let id = call.user.as_deref().or(call.anonymous.as_deref()).unwrap_or_default();
        let visitor = known_visitor(&site.ids, id);
        self.heed_objections(around, call)?;
        match &call.deed {
            Deed::Happened(claim) => {
                let event = self.happened(around, call, context, claim, visitor)?;
                taken.captured.push(Captured::Accepted { site: site.id, event: Box::new(event) });
            }
            Deed::Given(Given { traits, group }) => {
                let same = call.user.as_ref().and(call.anonymous.as_deref());
                let same = same.map(|id| known_visitor(&site.ids, id)).filter(|same| *same != visitor);
                let said = Said { same, ..around.said(call, context, visitor)? };
                taken.said.push(given::fill(said, &site.settings, &self.controls, traits, group.as_deref())?);
            }
            Deed::Alias(previous) => {
                let same = Some(known_visitor(&site.ids, previous)).filter(|same| *same != visitor);
                taken.said.push(Said { same, ..around.said(call, context, visitor)? });
            }
        }
        Ok(())
    }

    /// Lets be whoever objected, by any of the ids that a call names.
    fn heed_objections(&self, around: &Around<'_, '_, '_>, call: &Call<'_>) -> Result<(), Refusal> {
        let Around { site, circumstances: Circumstances { sites, .. }, .. } = around;
        if !sites.somebody_objected() {
            return Ok(());
        }
        let previous = if let Deed::Alias(previous) = &call.deed { Some(&**previous) } else { None };
        let named = [call.user.as_deref(), call.anonymous.as_deref(), previous].into_iter().flatten();
        objection::heed(site.id, named.map(|id| known_visitor(&site.ids, id)), sites, &self.controls)
    }

    fn happened(
        &self,
        around: &Around<'_, '_, '_>,
        call: &Call<'_>,
        context: &Context<'_>,
        claim: &Claim<'_>,
        visitor: VisitorId,
    ) -> Result<domain::Event, Refusal> {
        let Around { request, circumstances, site, .. } = *around;
        let is_known = !claim.page.is_empty();
        let page = match &*claim.page {
            path if path.is_empty() || path.starts_with('/') => format!("https://{}{path}", site.domain),
            page => tagged(page, context).into_owned(),
        };
        let screen = (context.whole(&["screen", "width"]), context.whole(&["screen", "height"]));
        let screen = if let (Some(width), Some(height)) = screen {
            format!("{width}x{height}")
        } else {
            String::new()
        };
        let claim = Claim {
            name: Cow::Borrowed(&claim.name),
            page: Cow::Borrowed(&page),
            domains: None,
            referrer: Cow::Borrowed(&claim.referrer),
            properties: claim
                .properties
                .iter()
                .map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value)))
                .collect(),
            visitor: Some(visitor),
            id: call.message.as_deref().map(|message| named_event(&site.ids, message)),
            at: call.at.map(|at| Timestamp(at.0.saturating_add(around.lag_ms))),
            screen: Cow::Owned(screen),
            ..*claim
        };
        let page = admit_site::page(&claim).map_err(|_| Refusal::Malformed)?;
        // A server that sends for its visitors is not one of them, nor where they are.
        let is_visitors = around.of_browser || context.says(&["direct"]);
        let user_agent = context.text(&["userAgent"]).map(str::as_bytes);
        let language = context.text(&["locale"]).map(str::as_bytes);
        let headers = Headers {
            user_agent: user_agent.unwrap_or(if is_visitors { request.headers.user_agent } else { b"" }),
            accept_language: language.unwrap_or(if is_visitors {
                request.headers.accept_language
            } else {
                b""
            }),
            ..request.headers
        };
        let given = context.text(&["ip"]).and_then(|ip| ip.parse().ok()).map(ClientAddress::new);
        let located = given.or(is_visitors.then_some(request.address));
        let request = RawRequest { headers, address: located.unwrap_or(request.address), ..*request };
        let admitted =
            Admitted { request: &request, claim: &claim, page: &page, site, is_located: located.is_some() };
        let mut event = self.pass(&admitted, circumstances)?;
        if !is_known {
            event.path = Text::default();
        }
        Ok(event)
    }
}

impl Around<'_, '_, '_> {
    /// What is said of a visitor, before it is said; where anything may be.
    fn said(&self, call: &Call<'_>, context: &Context<'_>, visitor: VisitorId) -> Result<Said, Refusal> {
        let Self { site, request, circumstances, .. } = self;
        opt_out::honour(&site.settings, &request.headers)?;
        prefetch::refuse(&request.headers)?;
        if site.settings.identity == IdentityMode::Cookieless {
            return Err(Refusal::Cookieless);
        }
        if circumstances.sites.has_withdrawn(site.id, visitor) {
            return Err(Refusal::Withdrawn);
        }
        let user = call.user.as_deref();
        if user.is_some_and(given::is_address) {
            return Err(Refusal::AddressNotAllowed);
        }
        Ok(Said {
            visitor,
            at: request.received_at,
            id: user.map(|id| Text::clean(id, limits::GIVEN_ID_BYTES)),
            same: None,
            attributes: Vec::new(),
            left_out: Vec::new(),
            receipt: context.text(&["consent", "receipt"]).and_then(|receipt| receipt.parse().ok()),
        })
    }
}

impl Taken<'_> {
    fn refuse(&mut self, reason: Refusal) {
        self.captured.push(Captured::Refused { site: Some(self.site.id), reason });
    }
}

/// The page's address with the campaign that its context names, where the address names none itself.
fn tagged<'p>(page: &'p str, context: &Context<'_>) -> Cow<'p, str> {
    const TAGS: [(&str, &str); 5] = [
        ("source", "utm_source"),
        ("medium", "utm_medium"),
        ("name", "utm_campaign"),
        ("content", "utm_content"),
        ("term", "utm_term"),
    ];
    if page.contains("utm_") {
        return Cow::Borrowed(page);
    }
    let (address, fragment) =
        page.split_once('#').map_or((page, None), |(address, rest)| (address, Some(rest)));
    let mut tagged = String::new();
    for (name, tag) in TAGS {
        let Some(value) = context.text(&["campaign", name]) else { continue };
        if tagged.is_empty() {
            tagged.push_str(address);
        }
        tagged.push(if tagged.contains('?') { '&' } else { '?' });
        tagged.push_str(tag);
        tagged.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() {
                tagged.push(char::from(byte));
            } else {
                tagged.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    match (tagged.is_empty(), fragment) {
        (true, _) => Cow::Borrowed(page),
        (false, None) => Cow::Owned(tagged),
        (false, Some(fragment)) => Cow::Owned(format!("{tagged}#{fragment}")),
    }
}

#[cfg(test)]
mod tests;
