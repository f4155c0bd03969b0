//! What a log says of an act: who did what to what, when, and from where. No name, address or e-mail address of a
//! person has a place in it: persons are numbers, networks are truncated, and an e-mail address goes in as a digest, so
//! that erasing a person never touches an entry.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Network, Text, Timestamp};

mod words;

pub use words::{Act, ActorKind, NoSuchWord, ObjectKind};

/// Bytes of a number or a name by which somebody or something is told.
pub const ID_BYTES: usize = 64;
/// Bytes of one detail of an entry.
pub const DETAIL_BYTES: usize = 200;
/// Details of an entry.
pub const DETAILS: usize = 16;

/// A log: an organization's, by its number, or the server's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Log(pub u32);

impl Log {
    /// What concerns the server itself: operators, its settings.
    pub const SERVER: Self = Self(0);
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What they are.
    pub kind: ActorKind,
    /// Which one; empty where there is only one.
    pub id: String,
}

/// What was acted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Which one; empty where there is only one.
    pub id: String,
}

impl Actor {
    /// A person, an operator or a key by its number.
    pub fn new(kind: ActorKind, id: impl fmt::Display) -> Self {
        Self { kind, id: plain(id) }
    }

    /// Somebody who is not signed in.
    pub const fn nobody() -> Self {
        Self { kind: ActorKind::Nobody, id: String::new() }
    }

    /// The server of itself.
    pub const fn system() -> Self {
        Self { kind: ActorKind::System, id: String::new() }
    }
}

impl Object {
    /// Something by its number.
    pub fn new(kind: ObjectKind, id: impl fmt::Display) -> Self {
        Self { kind, id: plain(id) }
    }

    /// Something of which there is only one.
    pub const fn sole(kind: ObjectKind) -> Self {
        Self { kind, id: String::new() }
    }
}

/// An act that is about to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    at: Timestamp,
    actor: Actor,
    network: Option<String>,
    act: Act,
    object: Object,
    details: Details,
}

impl NewEntry {
    /// What is known of every act.
    pub const fn new(at: Timestamp, actor: Actor, act: Act, object: Object) -> Self {
        Self { at, actor, network: None, act, object, details: Details::none() }
    }

    /// By somebody else, as where it shows only when it is done who it was.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// From where.
    #[must_use]
    pub fn at_network(mut self, network: Option<Network>) -> Self {
        self.network = network.map(|network| network.to_string());
        self
    }

    /// One thing more that is to be known of it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.details.add(name, value);
        self
    }

    /// An e-mail address that is to be recognised by whoever knows it, and read by nobody.
    #[must_use]
    pub fn with_address(mut self, name: &'static str, address: &str) -> Self {
        self.details.add_address(name, address);
        self
    }

    /// Things that are known only once the act was done.
    pub fn add(&mut self, details: Details) {
        self.details.plain.extend(details.plain);
        self.details.addresses.extend(details.addresses);
    }

    /// The entry as number `number` of its log, with `digest` in the place of each e-mail address.
    #[must_use]
    pub fn numbered(&self, number: u64, digest: impl Fn(&str) -> String) -> Entry {
        let digests =
            self.details.addresses.iter().map(|(name, address)| (*name, digest(&address.to_lowercase())));
        let plain = self.details.plain.iter().map(|(name, value)| (*name, value.clone()));
        let details = digests.chain(plain).take(DETAILS).map(|(name, value)| (name.to_owned(), value));
        Entry {
            number,
            at: self.at,
            actor: self.actor.clone(),
            network: self.network.clone(),
            act: self.act,
            object: self.object.clone(),
            details: details.collect(),
        }
    }
}

/// What is to be known of an act beside who, what and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    plain: BTreeMap<&'static str, String>,
    addresses: BTreeMap<&'static str, String>,
}

impl Details {
    /// None.
    pub const fn none() -> Self {
        Self { plain: BTreeMap::new(), addresses: BTreeMap::new() }
    }

    /// One more. A text with an `@` is left out, whatever it is: it would be an e-mail address that nobody can erase.
    pub fn add(&mut self, name: &'static str, value: impl fmt::Display) {
        let value = value.to_string();
        let value = if value.contains('@') { "(left out)" } else { &value };
        self.plain.insert(name, Text::clean(value, DETAIL_BYTES).to_string());
    }

    /// An e-mail address, of which a digest is kept.
    pub fn add_address(&mut self, name: &'static str, address: &str) {
        self.addresses.insert(name, address.trim().to_owned());
    }
}

/// An act as it is written down, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the log, counted from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// From where, truncated, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What.
    pub act: Act,
    /// To what.
    pub object: Object,
    /// What else is to be known.
    pub details: BTreeMap<String, String>,
}

/// A number or a name that holds nothing of a person: what is not a letter, a digit or one of `-_.:` is left out.
fn plain(id: impl fmt::Display) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || "-_.:".contains(*c);
    id.to_string().chars().filter(kept).take(ID_BYTES).collect()
}

#[cfg(test)]
mod tests;
