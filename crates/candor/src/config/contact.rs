//! Whom people reach about security and about what is kept of them: what `/.well-known/security.txt` (RFC 9116) says.
//!
//! A file of the operator's own is handed out byte for byte, so that a signature over it (OpenPGP, in the clear) stays good; the key
//! that makes one is never on a server. What has no contact, or has expired, is refused at start rather than handed out.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::mail::MailFrom;

/// Bytes of a file at most; RFC 9116 lets readers give up at as many.
const FILE_BYTES_MAX: usize = 32 * 1024;
/// Bytes of an address at most.
const CONTACT_BYTES_MAX: usize = 500;

/// Whom to reach.
#[derive(Clone, Debug, Default, Deserialize, clap::Args)]
#[serde(rename_all = "kebab-case", default)]
pub(crate) struct ContactFlags {
    /// Whom people reach about security and privacy: mailto:privacy@example.com, or the https:// address of a page
    #[arg(long, value_name = "URL")]
    pub(crate) contact: Option<Contact>,
    /// A security.txt (RFC 9116) of your own, signed or not, which is handed out as it is
    #[arg(long, value_name = "FILE")]
    pub(crate) security_txt: Option<PathBuf>,
}

/// An address by which somebody is reached: `mailto:`, `tel:` or `https://`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Contact(String);

/// Why a text is none.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "is no contact: write it like mailto:privacy@example.com, tel:+49301234567 or https://example.com/contact"
)]
pub(crate) struct ContactError;

/// What is handed out of whom to reach.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Reach {
    pub(crate) contact: Option<Contact>,
    pub(crate) own: Option<SecurityTxt>,
}

/// A file of the operator's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SecurityTxt {
    pub(crate) text: String,
    /// From when on it counts no more.
    pub(crate) expires: Timestamp,
}

/// Why a file is not handed out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecurityTxtError {
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, String),
    #[error("{0} is longer than {FILE_BYTES_MAX} bytes")]
    TooLong(PathBuf),
    #[error("{0} has no line `Contact: …`, which RFC 9116 requires")]
    NoContact(PathBuf),
    #[error("{0} must have one line `Expires: …` with a moment like 2027-01-31T00:00:00Z (RFC 9116)")]
    NoExpiry(PathBuf),
    #[error("{0} expired on {1}: renew it")]
    Expired(PathBuf, Timestamp),
}

impl ContactFlags {
    /// Completes the flags with what a file decides.
    pub(crate) fn or(self, file: Self) -> Self {
        Self { contact: self.contact.or(file.contact), security_txt: self.security_txt.or(file.security_txt) }
    }

    /// Reads what they name.
    pub(crate) fn read(self, now: Timestamp) -> Result<Reach, SecurityTxtError> {
        let own = self.security_txt.map(|path| SecurityTxt::read(&path, now)).transpose()?;
        Ok(Reach { contact: self.contact, own })
    }
}

impl SecurityTxt {
    fn read(path: &Path, now: Timestamp) -> Result<Self, SecurityTxtError> {
        let named = || path.to_owned();
        let text = std::fs::read_to_string(path)
            .map_err(|error| SecurityTxtError::Unreadable(named(), error.to_string()))?;
        if text.len() > FILE_BYTES_MAX {
            return Err(SecurityTxtError::TooLong(named()));
        }
        if fields(&text, "contact").next().is_none() {
            return Err(SecurityTxtError::NoContact(named()));
        }
        let expires = the_only_expiry(&text).ok_or_else(|| SecurityTxtError::NoExpiry(named()))?;
        if expires <= now {
            return Err(SecurityTxtError::Expired(named(), expires));
        }
        Ok(Self { text, expires })
    }
}

/// The moment of the only field that says until when a file counts.
fn the_only_expiry(text: &str) -> Option<Timestamp> {
    let mut expiries = fields(text, "expires");
    let (moment, None) = (expiries.next()?, expiries.next()) else { return None };
    moment.parse::<jiff::Timestamp>().ok().map(|moment| Timestamp(moment.as_millisecond()))
}

/// What a field says, whatever the case of its name.
fn fields<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let all = text.lines().filter_map(|line| line.split_once(':'));
    all.filter(move |(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

impl FromStr for Contact {
    type Err = ContactError;

    fn from_str(text: &str) -> Result<Self, ContactError> {
        let (scheme, rest) = text.split_once(':').ok_or(ContactError)?;
        let is_plain = text.len() <= CONTACT_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_one = match scheme {
            "mailto" => rest.parse::<MailFrom>().is_ok_and(|address| address.0 == rest),
            "tel" => {
                rest.len() > 1
                    && rest.starts_with('+')
                    && rest[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            }
            "https" => {
                text.parse::<hyper::Uri>().is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()))
            }
            _ => false,
        };
        (is_plain && is_one).then(|| Self(text.to_owned())).ok_or(ContactError)
    }
}

impl TryFrom<String> for Contact {
    type Error = ContactError;

    fn try_from(text: String) -> Result<Self, ContactError> {
        text.parse()
    }
}

impl From<Contact> for String {
    fn from(contact: Contact) -> Self {
        contact.0
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_764_000_000_000);

    fn read(text: &str) -> Result<SecurityTxt, SecurityTxtError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        SecurityTxt::read(file.path(), NOW)
    }

    #[test]
    fn a_contact_is_mail_a_telephone_or_a_page_under_tls() {
        for text in ["mailto:privacy@example.com", "tel:+49-30-1234567", "https://example.com/contact?x=1"] {
            assert_eq!(text.parse::<Contact>().unwrap().to_string(), text);
        }
        let injected = "https://example.com/\nContact:";
        for text in [
            "privacy@example.com",
            "http://example.com",
            "mailto:",
            "tel:+",
            "https://",
            "javascript:x",
            injected,
        ] {
            assert!(text.parse::<Contact>().is_err(), "{text}");
        }
        let long = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        assert!(long(CONTACT_BYTES_MAX).parse::<Contact>().is_ok());
        assert!(long(CONTACT_BYTES_MAX + 1).parse::<Contact>().is_err());
    }

    #[test]
    fn a_file_says_whom_to_reach_and_until_when_as_the_rfc_requires() {
        let good = "# ours\nContact: mailto:a@example.com\nEXPIRES: 2026-01-31T00:00:00Z\n";
        assert_eq!(read(good).unwrap().text, good);
        let cases = [
            ("Expires: 2026-01-31T00:00:00Z\n", "no line `Contact"),
            ("Contact: mailto:a@example.com\n", "one line `Expires"),
            ("Contact: x\nExpires: soon\n", "one line `Expires"),
            (
                "Contact: x\nExpires: 2026-01-31T00:00:00Z\nExpires: 2027-01-31T00:00:00Z\n",
                "one line `Expires",
            ),
            ("Contact: x\nExpires: 2025-01-31T00:00:00Z\n", "expired on 2025-01-31"),
        ];
        for (text, expected) in cases {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_file_may_be_as_long_as_readers_take_and_not_a_byte_longer() {
        let begun = "Contact: x\nExpires: 2026-01-31T00:00:00Z\n#";
        let of = |length: usize| format!("{begun}{}", "x".repeat(length - begun.len()));
        assert!(read(&of(FILE_BYTES_MAX)).is_ok());
        assert!(matches!(read(&of(FILE_BYTES_MAX + 1)), Err(SecurityTxtError::TooLong(_))));
    }
}
