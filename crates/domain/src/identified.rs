//! By what a site's own people and servers know its visitors: the key under which they send, the secret under which their
//! ids become visitors, and the attributes that a site declares.
//!
//! A full address is among what an attribute may hold, where the site, its organization and the visitor agreed: it has a
//! type of its own, which is never shown, and which nothing but a sealed attribute takes.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Rng, Text, limits};

/// Characters of a write key.
const WRITE_KEY_CHARS: usize = 32;

/// Under what a site's events are sent by the field's convention. It stands in pages and apps for all to read: who has it
/// can send, as whoever knows the domain can, and see nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WriteKey(Box<str>);

/// A text that is no write key.
#[derive(Debug, thiserror::Error)]
#[error("is no write key")]
pub struct WriteKeyError;

impl WriteKey {
    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        Self(format!("{:032x}", rng.next_u128()).into())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WriteKey {
    type Err = WriteKeyError;

    fn from_str(text: &str) -> Result<Self, WriteKeyError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let fits = text.len() == WRITE_KEY_CHARS && text.bytes().all(is_digit);
        if fits { Ok(Self(text.into())) } else { Err(WriteKeyError) }
    }
}

impl TryFrom<String> for WriteKey {
    type Error = WriteKeyError;

    fn try_from(text: String) -> Result<Self, WriteKeyError> {
        text.parse()
    }
}

impl From<WriteKey> for String {
    fn from(key: WriteKey) -> Self {
        key.0.into()
    }
}

/// The secret under which the ids that a site gives its visitors become visitors. It stays the same as long as the site is
/// there, so that an id means one visitor; without it nobody can tell whose id a visitor was made from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdSecret([u8; 32]);

impl IdSecret {
    /// The secret of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self(bytes)
    }

    /// The key itself, for the computation that needs it and for keeping it.
    pub const fn key(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Says that there is one, never which.
impl fmt::Debug for IdSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdSecret")
    }
}

/// Of what type an attribute's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A day, or a moment.
    Date,
    /// A network address.
    Address,
}

impl AttributeKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Text, Self::Number, Self::Boolean, Self::Date, Self::Address];

    /// The word for it, in the API and in what is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Address => "address",
        }
    }
}

/// An attribute's name, as senders write it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeName(Box<str>);

/// A text that is no name of an attribute.
#[derive(Debug, thiserror::Error)]
#[error(
    "an attribute's name begins with a letter, has {} letters, digits, `_`, `-`, `.` or `$` at most, and is not `id`",
    limits::ATTRIBUTE_NAME_BYTES
)]
pub struct AttributeNameError;

impl AttributeName {
    /// Under which the id itself is kept that a site gave its visitor.
    pub const ID: &'static str = "id";

    /// The name of [`Self::ID`].
    pub fn id() -> Self {
        Self(Self::ID.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AttributeName {
    type Err = AttributeNameError;

    fn from_str(text: &str) -> Result<Self, AttributeNameError> {
        let fits = text.len() <= limits::ATTRIBUTE_NAME_BYTES
            && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte));
        if fits && text != Self::ID { Ok(Self(text.into())) } else { Err(AttributeNameError) }
    }
}

impl TryFrom<String> for AttributeName {
    type Error = AttributeNameError;

    fn try_from(text: String) -> Result<Self, AttributeNameError> {
        if text == Self::ID { Ok(Self::id()) } else { text.parse() }
    }
}

impl From<AttributeName> for String {
    fn from(name: AttributeName) -> Self {
        name.0.into()
    }
}

/// An attribute that a site keeps of its visitors; of others nothing is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredAttribute {
    /// What senders call it.
    pub name: AttributeName,
    /// Of what type it is.
    pub kind: AttributeKind,
}

/// A network address that a visitor agreed to have kept. It is sealed or it is gone: it has no `Debug` and no `Display`, and
/// [`Self::shown`] is for whoever may see the visitor's attributes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAddress(IpAddr);

impl KeptAddress {
    /// The address that `text` spells, with or without a port.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let bare =
            text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
        let without_port = bare.rsplit_once(':').map_or(bare, |(host, _)| host);
        bare.parse().or_else(|_| without_port.parse::<std::net::Ipv4Addr>().map(IpAddr::V4)).ok().map(Self)
    }

    /// As text, for whoever may see it.
    pub fn shown(&self) -> String {
        self.0.to_canonical().to_string()
    }
}

/// What an attribute holds. It is never in a log: [`fmt::Debug`] says of what type it is.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// Words, freed of card numbers as all text is.
    Text(Text),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day or a moment, as ISO 8601 writes it.
    Date(Text),
    /// A network address.
    Address(KeptAddress),
}

impl AttributeValue {
    /// Of what type it is.
    pub const fn kind(&self) -> AttributeKind {
        match self {
            Self::Text(_) => AttributeKind::Text,
            Self::Number(_) => AttributeKind::Number,
            Self::Boolean(_) => AttributeKind::Boolean,
            Self::Date(_) => AttributeKind::Date,
            Self::Address(_) => AttributeKind::Address,
        }
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_key_is_32_hexadecimal_digits() {
        let key = "0123456789abcdef0123456789abcdef";
        assert_eq!(key.parse::<WriteKey>().unwrap().as_str(), key);
        for wrong in
            ["", "0123456789abcdef0123456789abcde", "0123456789ABCDEF0123456789ABCDEF", &format!("{key}0")]
        {
            assert!(wrong.parse::<WriteKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_attribute_is_called_what_senders_call_theirs() {
        let longest = "a".repeat(limits::ATTRIBUTE_NAME_BYTES);
        for name in ["email", "first_name", "company.size", "$region", "createdAt", &longest] {
            assert!(name.parse::<AttributeName>().is_ok(), "{name}");
        }
        for name in ["", "id", "1st", "a b", "naïve", &format!("{longest}a")] {
            assert!(name.parse::<AttributeName>().is_err(), "{name}");
        }
    }

    #[test]
    fn an_address_is_known_however_it_is_written() {
        for text in [
            "203.0.113.7",
            " 203.0.113.7 ",
            "203.0.113.7:443",
            "2001:db8::1",
            "[2001:db8::1]:443",
            "::ffff:203.0.113.7",
        ] {
            assert!(KeptAddress::read(text).is_some(), "{text}");
        }
        for text in ["", "1.2.3", "example.com", "2026-01-02", "12:30", "1.2.3.4.5"] {
            assert!(KeptAddress::read(text).is_none(), "{text}");
        }
        assert_eq!(
            KeptAddress::read("::ffff:203.0.113.7").map(|address| address.shown()).as_deref(),
            Some("203.0.113.7")
        );
    }

    #[test]
    fn what_is_sealed_or_secret_is_in_no_log() {
        let address = AttributeValue::Address(KeptAddress::read("203.0.113.7").unwrap());
        let name = AttributeValue::Text(Text::clean("Ada", 100));
        assert_eq!(format!("{address:?} {name:?} {:?}", IdSecret::new([7; 32])), "address text IdSecret");
    }
}
