//! Step 1 for what a page says of its visitor: who they are, and what they consent to.

use std::borrow::Cow;

use domain::{ReceiptId, VisitorId, limits};
use serde::Deserialize;

use super::loose::Loose;
use super::{depth, explain, unpack};
use crate::{Malformed, RawRequest};

/// Characters of a purpose's name.
const PURPOSE_CHARS_MAX: usize = 40;
/// Purposes of one consent.
const PURPOSES_MAX: usize = 20;
/// Characters of what a text's version is called.
const VERSION_CHARS_MAX: usize = 64;

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default, alias = "domain")]
    d: Loose<'a>,
    #[serde(borrow, default)]
    visitor: Loose<'a>,
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    attributes: Loose<'a>,
    #[serde(borrow, default)]
    receipt: Loose<'a>,
    #[serde(default)]
    purposes: Option<Vec<String>>,
    #[serde(borrow, default)]
    version: Loose<'a>,
}

/// Who a visitor is.
pub(crate) struct Who<'a> {
    pub(crate) domain: Cow<'a, str>,
    pub(crate) visitor: VisitorId,
    pub(crate) id: Cow<'a, str>,
    pub(crate) attributes: Vec<(Cow<'a, str>, Loose<'a>)>,
    pub(crate) receipt: Option<ReceiptId>,
}

/// To what somebody consents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct Consent {
    /// What for: words of lower-case letters, digits and `_`.
    pub purposes: Vec<String>,
    /// Which text they were shown.
    pub text_version: String,
}

/// A purpose or a version that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// Of the purposes.
    #[error(
        "purposes are 1 to {PURPOSES_MAX} words of lower-case letters, digits, `_` or `-`, of {PURPOSE_CHARS_MAX} at most each"
    )]
    Purposes,
    /// Of the version.
    #[error("a version has 1 to {VERSION_CHARS_MAX} letters, digits, `.`, `_` or `-`")]
    Version,
}

impl Consent {
    /// A consent where purposes and version are some.
    ///
    /// # Errors
    /// [`ConsentError`] says which are not.
    pub fn new(mut purposes: Vec<String>, text_version: String) -> Result<Self, ConsentError> {
        let is_purpose = |purpose: &String| {
            (1..=PURPOSE_CHARS_MAX).contains(&purpose.len())
                && purpose.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
        };
        purposes.sort();
        purposes.dedup();
        if !(1..=PURPOSES_MAX).contains(&purposes.len()) || !purposes.iter().all(is_purpose) {
            return Err(ConsentError::Purposes);
        }
        let is_version = (1..=VERSION_CHARS_MAX).contains(&text_version.len())
            && text_version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if is_version { Ok(Self { purposes, text_version }) } else { Err(ConsentError::Version) }
    }
}

/// Reads who a visitor is.
pub(crate) fn who<R>(request: &RawRequest<'_>, then: impl FnOnce(Who<'_>) -> R) -> Result<R, Malformed> {
    parse(request, |fields| {
        let id = match super::required_text("id", fields.id)? {
            id if id.len() > limits::GIVEN_ID_BYTES => {
                return Err(Malformed::new("id", format!("may have {} bytes", limits::GIVEN_ID_BYTES)));
            }
            id => id,
        };
        let attributes = match fields.attributes {
            Loose::Object(attributes) => attributes,
            Loose::Null => Vec::new(),
            other => {
                return Err(Malformed::new("attributes", format!("must be an object, not {}", other.kind())));
            }
        };
        Ok(then(Who {
            domain: super::required_text("domain", fields.d)?,
            visitor: super::uuid("visitor", &fields.visitor)?
                .ok_or_else(|| Malformed::new("visitor", "is required"))?,
            id,
            attributes,
            receipt: super::uuid("receipt", &fields.receipt)?,
        }))
    })
}

/// Reads what a visitor of a site consents to; none where they withdraw.
pub(crate) fn consent(request: &RawRequest<'_>) -> Result<(String, VisitorId, Option<Consent>), Malformed> {
    parse(request, |fields| {
        let domain = super::required_text("domain", fields.d)?.into_owned();
        let visitor = super::uuid("visitor", &fields.visitor)?
            .ok_or_else(|| Malformed::new("visitor", "is required"))?;
        let Some(purposes) = fields.purposes else { return Ok((domain, visitor, None)) };
        let version = super::required_text("version", fields.version)?.into_owned();
        let consent = Consent::new(purposes, version).map_err(|error| match error {
            ConsentError::Purposes => Malformed::new("purposes", error.to_string()),
            ConsentError::Version => Malformed::new("version", error.to_string()),
        })?;
        Ok((domain, visitor, Some(consent)))
    })
}

/// What an object of JSON says of a visitor's attributes.
pub(crate) fn attributes<R>(
    json: &str,
    then: impl FnOnce(Vec<(Cow<'_, str>, Loose<'_>)>) -> R,
) -> Result<R, Malformed> {
    depth::check(json)?;
    match serde_json::from_str(json).map_err(|error| explain(&error))? {
        Loose::Object(attributes) => Ok(then(attributes)),
        _ => Err(Malformed::new("attributes", "must be an object")),
    }
}

fn parse<R>(
    request: &RawRequest<'_>,
    then: impl FnOnce(Fields<'_>) -> Result<R, Malformed>,
) -> Result<R, Malformed> {
    let body = unpack::unpack_within(request.body, request.headers.content_encoding, limits::CALL_BYTES)?;
    let text = std::str::from_utf8(&body)
        .map_err(|error| Malformed::new("body", format!("is not UTF-8 at byte {}", error.valid_up_to())))?;
    depth::check(text)?;
    if text.trim_start().starts_with('[') {
        return Err(Malformed::new("body", "must be a JSON object"));
    }
    then(serde_json::from_str(text).map_err(|error| explain(&error))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_versions_are_short_words() {
        let with = |purposes: &[&str], version: &str| {
            Consent::new(purposes.iter().map(ToString::to_string).collect(), version.to_owned())
        };
        let taken = with(&["analytics", "address", "analytics"], "2026-11.v1_b").unwrap();
        assert_eq!(taken.purposes, ["address", "analytics"]);
        let many: Vec<String> = (0..=PURPOSES_MAX).map(|n| format!("p{n}")).collect();
        assert!(Consent::new(many[1..].to_vec(), "1".to_owned()).is_ok());
        assert_eq!(Consent::new(many, "1".to_owned()), Err(ConsentError::Purposes));
        let longest = "p".repeat(PURPOSE_CHARS_MAX);
        assert!(with(&[&longest], "1").is_ok());
        for wrong in [&[][..], &[""], &["a b"], &["A"], &[&*format!("{longest}p")]] {
            assert_eq!(with(wrong, "1"), Err(ConsentError::Purposes), "{wrong:?}");
        }
        assert!(with(&["a"], &"v".repeat(VERSION_CHARS_MAX)).is_ok());
        for wrong in ["", "a b", &"v".repeat(VERSION_CHARS_MAX + 1)] {
            assert_eq!(with(&["a"], wrong), Err(ConsentError::Version), "{wrong}");
        }
    }
}
