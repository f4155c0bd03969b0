//! Step 1 for calls by the field's convention, the Segment HTTP API: `track`, `page`, `screen`, `identify`, `group` and
//! `alias`, each alone or as an item of a batch. Nothing parsed here is clean yet.
//!
//! A body that is no call is [`Malformed`] as a whole; an item of a batch that is none leaves the others as they are.

mod call;

use std::borrow::Cow;

use base64ct::{Base64, Encoding};
use domain::{Timestamp, limits};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use call::Kind;
pub(crate) use call::{Call, Context, Deed, Given, Wrong};

use super::loose::Loose;
use super::{depth, explain, moment, surrogates, unpack};
use crate::{Malformed, RawRequest};

/// By which address a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// What is called for; none of a batch, each of whose items says so itself.
    pub kind: Option<Kind>,
    /// Whether it is the short spelling, which browsers use for themselves.
    pub of_browser: bool,
}

impl Address {
    /// What is at this path, in the long spelling of servers or the short one of browsers.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.strip_prefix("/v1/")?;
        let kind = match name {
            "b" | "batch" => None,
            "t" | "track" => Some(Kind::Track),
            "p" | "page" => Some(Kind::Page),
            "s" | "screen" => Some(Kind::Screen),
            "i" | "identify" => Some(Kind::Identify),
            "g" | "group" => Some(Kind::Group),
            "a" | "alias" => Some(Kind::Alias),
            _ => return None,
        };
        Some(Self { kind, of_browser: name.len() == 1 })
    }

    /// Bytes of a body, as sent and as unpacked.
    pub const fn bytes_max(self) -> usize {
        match self.kind {
            Some(_) => limits::CALL_BYTES,
            None => limits::BATCH_BYTES,
        }
    }
}

/// What the whole body says.
pub(crate) struct Letter<'a> {
    /// The write key, wherever it stood.
    pub(crate) key: Option<Cow<'a, str>>,
    /// By how much the sender's clock is behind.
    pub(crate) lag_ms: i64,
    /// What holds for every item that does not say it itself.
    pub(crate) context: Loose<'a>,
    /// The items as they came; none of a batch that has too many.
    pub(crate) items: Vec<&'a str>,
    /// Whether there were more than a batch may have.
    pub(crate) too_many: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchFields<'a> {
    #[serde(borrow, default)]
    batch: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    write_key: Loose<'a>,
    #[serde(borrow, default)]
    sent_at: Loose<'a>,
    #[serde(borrow, default)]
    context: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallFields<'a> {
    #[serde(borrow, default)]
    write_key: Loose<'a>,
    #[serde(borrow, default)]
    sent_at: Loose<'a>,
}

/// Unpacks the body of `request` and reads what it says, up to its items.
pub(crate) fn parse<R>(
    request: &RawRequest<'_>,
    address: Address,
    then: impl FnOnce(Letter<'_>) -> R,
) -> Result<R, Malformed> {
    let body = unpack::unpack_within(request.body, request.headers.content_encoding, address.bytes_max())?;
    let text = std::str::from_utf8(&body)
        .map_err(|error| Malformed::new("body", format!("is not UTF-8 at byte {}", error.valid_up_to())))?;
    let mut letter = match address.kind {
        None => batch(text, request.received_at)?,
        Some(_) => {
            depth::check(text)?;
            let fields: CallFields<'_> = object(text)?;
            Letter {
                key: fields.write_key.text(),
                lag_ms: lag(&fields.sent_at, request.received_at),
                context: Loose::Null,
                items: vec![text],
                too_many: false,
            }
        }
    };
    if letter.key.is_none() {
        letter.key = basic(request.headers.authorization).map(Cow::Owned);
    }
    Ok(then(letter))
}

fn batch(text: &str, received_at: Timestamp) -> Result<Letter<'_>, Malformed> {
    let fields: BatchFields<'_> = object(text)?;
    let items = fields.batch.ok_or_else(|| Malformed::new("batch", "is required: a list of calls"))?;
    let context = fields.context.map(|raw| context(raw.get())).transpose()?;
    let too_many = items.len() > limits::BATCH_EVENTS;
    Ok(Letter {
        key: fields.write_key.text(),
        lag_ms: lag(&fields.sent_at, received_at),
        context: context.unwrap_or_default(),
        items: if too_many { Vec::new() } else { items.into_iter().map(RawValue::get).collect() },
        too_many,
    })
}

fn context(json: &str) -> Result<Loose<'_>, Malformed> {
    depth::check(json)?;
    serde_json::from_str(json).map_err(|error| explain(&error))
}

/// Whatever is read of an item, where it is an object at all.
pub(super) fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Wrong> {
    depth::check(json).map_err(|_| Wrong)?;
    object(json).map_err(|_| Wrong)
}

/// An object: a list would be taken for one, field by field.
fn object<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Malformed> {
    if json.trim_start().starts_with('[') {
        return Err(Malformed::new("body", "must be a JSON object"));
    }
    serde_json::from_str(json).map_err(|error| explain(&error))
}

/// The item with what is half a surrogate mended; `None` where nothing was to be mended.
pub(crate) fn mended(item: &str) -> Option<String> {
    surrogates::mend(item)
}

/// How far the sender's clock is behind ours, by when it says that it sent. A sender who does not say so is believed.
fn lag(sent_at: &Loose<'_>, received_at: Timestamp) -> i64 {
    let sent_at = moment::read(sent_at).ok().flatten();
    sent_at.map_or(0, |sent_at| received_at.0.saturating_sub(sent_at.0))
}

/// The key in `Authorization: Basic`, before the colon or without one.
fn basic(authorization: &[u8]) -> Option<String> {
    let (scheme, encoded) = std::str::from_utf8(authorization).ok()?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    // Both with and without the padding: hand-written senders forget it.
    let bare = encoded.trim().trim_end_matches('=');
    let padded = format!("{bare}{}", "=".repeat((4 - bare.len() % 4) % 4));
    let decoded = String::from_utf8(Base64::decode_vec(&padded).ok()?).ok()?;
    Some(decoded.split(':').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests;
