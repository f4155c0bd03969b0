//! What things are called in the target. The name of each object holds the digest of its bytes, so that whoever can list it
//! can check it.

use std::fmt;
use std::str::FromStr;

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Where everything lies.
pub(super) const FOLDERS: [&str; 4] = ["packs", "snapshots", "keys", "destruction"];
/// How objects end that `age`, `zstd` and `tar` unpack.
const ARCHIVE: &str = ".tar.zst.age";
/// How one ends that `age` decrypts to JSON.
const NOTE: &str = ".json.age";
/// Characters of a digest that a person reads.
const SHORT_CHARS: usize = 12;
/// Characters of a moment in a name.
const STAMP_CHARS: usize = 19;

/// A SHA-256, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sum(String);

impl Sum {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::finish(Sha256::new_with_prefix(bytes))
    }

    pub(super) fn finish(hasher: Sha256) -> Self {
        Self(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Sum {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let plain =
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if plain { Ok(Self(text)) } else { Err("is no SHA-256") }
    }
}

impl From<Sum> for String {
    fn from(sum: Sum) -> Self {
        sum.0
    }
}

/// A snapshot, by when it was made and the digest of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SnapshotId {
    /// `20261126T120540123Z`.
    stamp: String,
    sum: Sum,
}

impl SnapshotId {
    pub(super) fn new(at: Timestamp, sum: Sum) -> Self {
        Self { stamp: stamp(at), sum }
    }

    /// Enough of it for a person to tell it from others.
    pub fn short(&self) -> String {
        format!("{}-{}", self.stamp, &self.sum.as_str()[..SHORT_CHARS])
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stamp, self.sum.as_str())
    }
}

impl FromStr for SnapshotId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (stamp, sum) = text.split_once('-').ok_or("is no name of a backup")?;
        let plain =
            stamp.len() == STAMP_CHARS && stamp.bytes().all(|b| b.is_ascii_digit() || b == b'T' || b == b'Z');
        let sum = Sum::try_from(sum.to_owned())?;
        if plain { Ok(Self { stamp: stamp.to_owned(), sum }) } else { Err("is no name of a backup") }
    }
}

/// Something in the target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// What never changes.
    Pack(Sum),
    /// Everything else of one moment.
    Snapshot(SnapshotId),
    /// Sizes and digests of one backup, in the clear.
    Index(SnapshotId),
    /// The wrapped keys.
    Keys(SnapshotId),
    /// That something was destroyed.
    Destruction(SnapshotId),
}

impl Found {
    /// What it is called.
    pub fn name(&self) -> String {
        match self {
            Self::Pack(sum) => format!("packs/{}{ARCHIVE}", sum.as_str()),
            Self::Snapshot(id) => format!("snapshots/{id}{ARCHIVE}"),
            Self::Index(id) => format!("snapshots/{id}.json"),
            Self::Keys(id) => format!("keys/{id}{ARCHIVE}"),
            Self::Destruction(id) => format!("destruction/{id}{NOTE}"),
        }
    }

    /// What a name means; `None` of what Candor did not put there.
    pub fn of(name: &str) -> Option<Self> {
        let (folder, file) = name.split_once('/')?;
        let id = |end: &str| file.strip_suffix(end).and_then(|id| id.parse().ok());
        match folder {
            "packs" => Sum::try_from(file.strip_suffix(ARCHIVE)?.to_owned()).ok().map(Self::Pack),
            "snapshots" => id(ARCHIVE).map(Self::Snapshot).or_else(|| id(".json").map(Self::Index)),
            "keys" => id(ARCHIVE).map(Self::Keys),
            "destruction" => id(NOTE).map(Self::Destruction),
            _ => None,
        }
    }

    /// The digest that its bytes must have; an index holds its own.
    pub(super) fn sum(&self) -> Option<&Sum> {
        match self {
            Self::Pack(sum) => Some(sum),
            Self::Snapshot(id) | Self::Keys(id) | Self::Destruction(id) => Some(&id.sum),
            Self::Index(_) => None,
        }
    }
}

/// A moment as it stands in names: `20261126T120540123Z`, in the order of time.
fn stamp(at: Timestamp) -> String {
    let plain: String = at.to_string().chars().filter(|c| c.is_ascii_digit() || *c == 'T').collect();
    format!("{plain}Z")
}
