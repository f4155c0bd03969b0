//! What a process may ask of the keeper, and what it hears. One message is one packet of a socket pair that was
//! made for the two of them.
//!
//! Who asks is not in a message: the keeper knows by which socket it came.

pub mod operators;
pub mod people;

use std::fmt;

use domain::{DaySecrets, SiteId, Timestamp, audit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::checkpoint::CheckpointKey;
use crate::key::{KEY_BYTES, Key};
use crate::label::{Environment, Kind, Label};
use crate::merkle::Hash;
use crate::pair::{Recipient, SEALED_KEY_BYTES, SealedKey};
use crate::ring::Wanted;
use crate::token::Token;

/// Bytes of a message at most.
pub const MESSAGE_BYTES_MAX: usize = 96 << 10;
/// Keys that one message may ask for.
pub const WANTED_MAX: usize = 256;
/// Sites that one message may name, in a question or in an answer.
pub const SITES_MAX: usize = 512;
/// Bytes of a file that one message holds at most.
pub const KEPT_PART_BYTES: usize = 64 << 10;
/// Hashes that show that a log of up to 2^63 entries is a continuation of another.
pub const PROOF_MAX: usize = 64;

/// A process of the server, as the keeper knows it: by the socket it was introduced with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Peer {
    /// Faces the internet.
    Edge = 1,
    /// Answers people.
    App = 2,
    /// Tidies.
    Worker = 3,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Edge, Self::App, Self::Worker];

    /// The word for it in messages and in the audit file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Edge => "edge",
            Self::App => "app",
            Self::Worker => "worker",
        }
    }

    /// From the byte with which it is introduced.
    pub fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|peer| *peer as u8 == byte)
    }
}

/// A duty of the worker, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Duty {
    /// Journal files become segments.
    Absorb,
    /// Segments become larger ones.
    Merge,
    /// What an older Candor left unsealed is sealed.
    SealOld,
    /// Everything is read, to find what is damaged.
    Check,
    /// Spooled chunks of recordings are taken in, and what was taken in is made smaller.
    TakeIn,
    /// Visitors are erased.
    Erase,
    /// What is older than its site keeps goes.
    Expire,
    /// What is backed up, and what was restored to see that it can be, is asked the same questions.
    BackUp,
}

impl Duty {
    /// Whether this is what it is done with: a duty opens nothing else.
    pub const fn opens(self, kind: Kind) -> bool {
        match self {
            Self::Absorb | Self::Merge | Self::SealOld | Self::BackUp => {
                matches!(kind, Kind::Journal | Kind::Segment)
            }
            Self::TakeIn => matches!(kind, Kind::Recording),
            // What visitors are is nobody's duty to read.
            Self::Check => !matches!(kind, Kind::Key | Kind::Attributes),
            Self::Erase | Self::Expire => matches!(kind, Kind::Segment),
        }
    }
}

/// A file of the folder for keys that goes into backups: sealed, or the keeper's own notes. Never the root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeptFile {
    /// All keys but the root key, wrapped.
    Keys,
    /// Who people are.
    People,
    /// What was signed of audit logs.
    Checkpoints,
    /// What the keeper wrote down.
    Audit,
}

impl KeptFile {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Keys, Self::People, Self::Checkpoints, Self::Audit];

    /// What it is called there.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys.sealed",
            Self::People => "people.sealed",
            Self::Checkpoints => "checkpoints.sealed",
            Self::Audit => "audit.log",
        }
    }
}

/// For whom something is to be opened.
#[derive(Clone, Serialize, Deserialize)]
pub enum Purpose {
    /// A request that `app` answers, by the token of whoever asks.
    Request(Token),
    /// A named duty of the worker.
    Duty(Duty),
}

impl Purpose {
    /// The word for it in the audit file.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Duty(Duty::Absorb) => "absorb",
            Self::Duty(Duty::Merge) => "merge",
            Self::Duty(Duty::SealOld) => "seal-old",
            Self::Duty(Duty::Check) => "check",
            Self::Duty(Duty::TakeIn) => "take-in",
            Self::Duty(Duty::Erase) => "erase",
            Self::Duty(Duty::Expire) => "expire",
            Self::Duty(Duty::BackUp) => "back-up",
        }
    }
}

/// What is asked.
#[derive(Serialize, Deserialize)]
pub enum Request {
    /// The day's secrets; with those the asking process still holds, for a keeper that was started again.
    DaySecrets(Option<DaySecrets>),
    /// To whom the sites named are sealed.
    Recipients(Vec<SiteId>),
    /// The keys wanted.
    Open(Purpose, Vec<(Label, SealedBytes)>),
    /// The key of the control database.
    ControlKey,
    /// Which keys there are, [`SITES_MAX`] sites at a time, leaving out so many of the first; of none its bytes.
    List(u32),
    /// What is known of the keys that wrap others.
    Overview,
    /// Gives one site, or the organization and all its sites, keys of a newer version. Asked twice it gives two, which
    /// does no harm.
    Rotate(Option<SiteId>),
    /// Wraps every key under the newest version of the key above it.
    Rewrap,
    /// Replaces the root key: the keeper marks that it is asked to, answers, and does it as it starts again.
    RotateRoot,
    /// About people.
    People(Box<people::Ask>),
    /// By what the checkpoints of an audit log are checked, and what was last signed of it.
    LastCheckpoint(audit::Log),
    /// Signs that an audit log is as it is said to be.
    SignCheckpoint(LogState),
    /// About operators.
    Operators(Box<operators::Ask>),
    /// Signs that visitors were erased, as these lines say.
    SignReceipt(String),
    /// How long one of the keeper's files is: it stays as it is for the questions about its parts that follow.
    KeptLength(KeptFile),
    /// A part of it, from this place on.
    KeptPart(KeptFile, u64),
    /// The key of the ledger of payments and invoices.
    LedgerKey,
}

/// An audit log as its keeper of entries says it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogState {
    /// Which one.
    pub log: audit::Log,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// That it is a continuation of what was last signed.
    pub consistency: Vec<Hash>,
}

/// A sealed key in a message.
#[derive(Clone, Copy)]
pub struct SealedBytes(pub SealedKey);

impl Serialize for SealedBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.bytes())
    }
}

impl<'de> Deserialize<'de> for SealedBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::invalid_length(bytes.len(), &SEALED_KEY_BYTES.to_string().as_str());
        SealedKey::read(bytes).map(Self).ok_or_else(wrong)
    }
}

/// A key on its way from the keeper to whom it is given: the one place where a key is written out.
pub struct Handed(Zeroizing<[u8; KEY_BYTES]>);

impl Handed {
    /// Hands out a key.
    pub fn new(key: &Key) -> Self {
        Self(Zeroizing::new(*key.bytes()))
    }

    /// Takes it.
    pub fn take(mut self) -> Key {
        Key::take(&mut self.0)
    }
}

impl Serialize for Handed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Handed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <[u8; KEY_BYTES]>::deserialize(deserializer).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

/// What is heard.
#[derive(Serialize, Deserialize)]
pub enum Answer {
    /// To [`Request::DaySecrets`].
    DaySecrets(DaySecrets),
    /// To [`Request::Recipients`], in the order asked; `None` for a site without keys.
    Recipients(Environment, Vec<Option<Recipient>>),
    /// To [`Request::List`], by site; none after the last.
    Listed(Vec<SiteKeys>),
    /// To [`Request::Overview`].
    Overview(Overview),
    /// To [`Request::Rotate`]: what is sealed from now on is sealed to the newer.
    Rotated,
    /// To [`Request::RotateRoot`]: the keeper starts again.
    StartingAgain,
    /// To [`Request::Rewrap`]: how many keys were wrapped anew.
    Rewrapped(u32),
    /// To [`Request::People`].
    People(people::Told),
    /// To [`Request::Open`], in the order asked.
    Keys(Vec<Handed>),
    /// To [`Request::LastCheckpoint`].
    LastCheckpoint(LastCheckpoint),
    /// To [`Request::SignCheckpoint`]: the note.
    Checkpoint(String),
    /// To anything.
    No(No),
    /// To [`Request::Operators`].
    Operators(operators::Told),
    /// To [`Request::SignReceipt`]: the note.
    Receipt(String),
    /// To [`Request::KeptLength`]; `None` where there is no such file.
    KeptLength(Option<u64>),
    /// To [`Request::KeptPart`]: up to [`KEPT_PART_BYTES`] of it; none after its end.
    KeptPart(Vec<u8>),
}

/// What was last signed of an audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheckpoint {
    /// The server's own mark.
    pub environment: Environment,
    /// By what the signature is checked.
    pub key: CheckpointKey,
    /// How many entries it had; 0 where nothing was ever signed.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// What is known of the keys that wrap others: their newest versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The root key.
    pub root: u32,
    /// From what kind of source the root key comes.
    pub source: String,
    /// Whether the root key is kept out of swap space.
    pub locked: bool,
    /// The organization's.
    pub organization: u32,
    /// That of the control database, which wraps none.
    pub control: u32,
    /// How many keys are still wrapped under an older version.
    pub outdated: u32,
}

/// What is known of a site's keys, without the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteKeys {
    /// Whose they are.
    pub site: SiteId,
    /// The version of its own key, which wraps its pairs; 0 once it was destroyed.
    pub key: u32,
    /// The newest version of its pair; 0 once they were destroyed.
    pub pair: u32,
    /// How many older pairs are kept.
    pub older_pairs: u32,
    /// When they were destroyed, if they were.
    pub destroyed_at: Option<Timestamp>,
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum No {
    /// The process may not ask this.
    Denied,
    /// It is no message, or longer or of more parts than one may be.
    Malformed,
    /// A sealed key, by its place among those wanted, does not open.
    Refused(u32),
    /// The key that would open it was destroyed.
    Destroyed(u32),
    /// The keeper cannot write down what it does, or cannot store a key, and so does nothing.
    Unable,
    /// The audit log is not a continuation of what was last signed of it.
    Parted,
}

impl fmt::Display for No {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Denied => "denied",
            Self::Malformed => "malformed",
            Self::Refused(_) => "refused",
            Self::Destroyed(_) => "destroyed",
            Self::Unable => "unable",
            Self::Parted => "parted",
        })
    }
}

/// A message: `number` ties an answer to its question.
#[derive(Serialize, Deserialize)]
pub struct Message<T> {
    /// Chosen by who asks.
    pub number: u64,
    /// The question or the answer.
    pub body: T,
}

/// A message as a packet.
pub fn encode(message: &Message<impl Serialize>) -> Zeroizing<Vec<u8>> {
    let size = postcard::experimental::serialized_size(message).expect("a message can be serialized");
    // Of its whole size at once: what a buffer that grows leaves behind is not wiped.
    let room = Vec::with_capacity(size);
    Zeroizing::new(postcard::to_extend(message, room).expect("a message can be serialized"))
}

/// The message in a packet; `None` where it is none.
pub fn decode<'de, T: Deserialize<'de>>(packet: &'de [u8]) -> Option<Message<T>> {
    if packet.len() > MESSAGE_BYTES_MAX {
        return None;
    }
    match postcard::take_from_bytes(packet) {
        Ok((message, [])) => Some(message),
        _ => None,
    }
}

impl From<&Wanted> for (Label, SealedBytes) {
    fn from(wanted: &Wanted) -> Self {
        (wanted.label.clone(), SealedBytes(wanted.sealed))
    }
}
