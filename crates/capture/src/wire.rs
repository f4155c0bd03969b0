//! Step 1, parse: the Plausible request shape, with long and short keys, and our own optional keys.
//!
//! A required field that is absent or of a wrong type makes the body [`Malformed`]; a wrong optional field
//! goes and the event stays. Nothing parsed here is clean yet: it is `Text` only after the last step.

mod address;
mod depth;
mod fields;
mod loose;
mod moment;
mod money;
mod properties;
pub(crate) mod said;
pub(crate) mod segment;
mod surrogates;
mod unpack;

use std::borrow::Cow;

use domain::{Event, EventId, Timestamp, VisitorId, limits};

pub(crate) use address::{Address, decode};
pub(crate) use loose::Loose;
pub(crate) use money::Money;

use crate::{Malformed, RawRequest};

/// An event as its sender claims it: of the right types, not yet clean.
pub(crate) struct Claim<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) page: Cow<'a, str>,
    pub(crate) domains: Option<Cow<'a, str>>,
    pub(crate) referrer: Cow<'a, str>,
    pub(crate) properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(crate) interactive: bool,
    pub(crate) hash_mode: bool,
    pub(crate) revenue: Option<Money>,
    pub(crate) scroll_depth: Option<u8>,
    pub(crate) engaged_ms: Option<u32>,
    pub(crate) visitor: Option<VisitorId>,
    pub(crate) id: Option<EventId>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) screen: Cow<'a, str>,
}

/// Unpacks the body of `request` and reads the claim in it.
pub(crate) fn parse<R>(request: &RawRequest<'_>, then: impl FnOnce(Claim<'_>) -> R) -> Result<R, Malformed> {
    let body = unpack::unpack(request.body, request.headers.content_encoding)?;
    let text = std::str::from_utf8(&body)
        .map_err(|error| Malformed::new("body", format!("is not UTF-8 at byte {}", error.valid_up_to())))?;
    depth::check(text)?;
    match serde_json::from_str(text) {
        Ok(fields) => claim(fields).map(then),
        Err(error) => {
            let mended = surrogates::mend(text).ok_or_else(|| explain(&error))?;
            claim(serde_json::from_str(&mended).map_err(|error| explain(&error))?).map(then)
        }
    }
}

/// The moment that a value says, if it says one.
pub(crate) fn moment(value: &Loose<'_>) -> Option<Timestamp> {
    moment::read(value).ok().flatten()
}

fn explain(error: &serde_json::Error) -> Malformed {
    if error.is_data() {
        return Malformed::new("body", "must be a JSON object");
    }
    Malformed::new("body", format!("is not JSON: {error}"))
}

fn claim(fields: fields::Fields<'_>) -> Result<Claim<'_>, Malformed> {
    let name = name(fields.name)?;
    let engagement = name == Event::ENGAGEMENT;
    let scroll_depth = fields.scroll_depth.whole().and_then(|n| u8::try_from(n).ok()).filter(|&n| n <= 100);
    let engaged_ms =
        fields.engaged.whole().and_then(|n| u32::try_from(n).ok()).filter(|&ms| ms <= limits::ENGAGED_MS);
    if engagement && scroll_depth.is_none() && engaged_ms.is_none() {
        let message = format!(
            "an engagement event needs sd, a whole number from 0 to 100, or e, milliseconds from 0 to {}",
            limits::ENGAGED_MS
        );
        return Err(Malformed::new("sd", message));
    }
    Ok(Claim {
        page: required_text("url", fields.url)?,
        domains: domains(fields.domain)?,
        referrer: fields.referrer.text().unwrap_or_default(),
        properties: properties::read(fields.properties),
        interactive: fields.interactive.truth().unwrap_or(true),
        hash_mode: fields.hash_mode.truth().unwrap_or(false),
        revenue: money::read(fields.revenue),
        scroll_depth: scroll_depth.filter(|_| engagement),
        engaged_ms: engaged_ms.filter(|_| engagement),
        visitor: uuid("visitor", &fields.visitor)?,
        id: uuid("id", &fields.id)?,
        at: moment::read(&fields.timestamp)?,
        screen: fields.screen.text().unwrap_or_default(),
        name,
    })
}

fn name(value: Loose<'_>) -> Result<Cow<'_, str>, Malformed> {
    let name = match value {
        Loose::Integer(number) => Cow::Owned(number.to_string()),
        other => required_text("name", other)?,
    };
    match name.chars().count() {
        count if count > limits::NAME_CHARS => {
            let message = format!("has {count} characters; at most {} are taken", limits::NAME_CHARS);
            Err(Malformed::new("name", message))
        }
        _ => Ok(name),
    }
}

fn required_text<'a>(field: &'static str, value: Loose<'a>) -> Result<Cow<'a, str>, Malformed> {
    match value {
        Loose::Text(text) if !text.trim().is_empty() => Ok(text),
        Loose::Null | Loose::Text(_) => Err(Malformed::new(field, "is required")),
        other => Err(Malformed::new(field, format!("must be text, not {}", other.kind()))),
    }
}

fn domains(value: Loose<'_>) -> Result<Option<Cow<'_, str>>, Malformed> {
    match value {
        Loose::Null => Ok(None),
        Loose::Text(list) if list.trim().is_empty() => Ok(None),
        Loose::Text(list) => {
            let count = list.split(',').filter(|domain| !domain.trim().is_empty()).count();
            if count > limits::DOMAINS_PER_EVENT {
                let message =
                    format!("names {count} domains; at most {} are taken", limits::DOMAINS_PER_EVENT);
                return Err(Malformed::new("domain", message));
            }
            Ok(Some(list))
        }
        other => Err(Malformed::new("domain", format!("must be text, not {}", other.kind()))),
    }
}

fn uuid<T: std::str::FromStr>(field: &'static str, value: &Loose<'_>) -> Result<Option<T>, Malformed> {
    match value {
        Loose::Null => Ok(None),
        Loose::Text(text) => text.parse().map(Some).map_err(|_| {
            Malformed::new(field, "must be a UUID such as 0190163d-8694-739b-aea5-966c26f8ad91")
        }),
        other => Err(Malformed::new(field, format!("must be a UUID as text, not {}", other.kind()))),
    }
}

#[cfg(test)]
mod tests;
