//! A chunk: what one request of a recorder came to, and how it is sealed: under a fresh key, to the site's public half,
//! bound to which chunk it is and to what the gate says it checked. Whoever seals it cannot open it again.

use std::collections::BTreeMap;
use std::io;

use domain::{OrganizationId, Rng, SiteId, Text, Timestamp, VisitorId};
use sealing::{Environment, Key, Kind, Label, ObjectError, Opened, SealedKey, Seals, Wanted};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::CHUNK_BYTES;
use crate::names::{PageId, TabId};

/// How hard a chunk is compressed before it is sealed: it rests so for seconds.
const LEVEL: i32 = 1;
/// Bytes of what a chunk is known by.
pub(crate) const NAME_BYTES: usize = 16;
/// What comes first in a spooled chunk that is sealed, and in one of a build that does not seal.
const SEALED: u8 = 1;
const PLAIN: u8 = 0;

/// What the visitor looks with and from where, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of an event")]
pub struct Onlooker {
    pub country: Text,
    pub browser: Text,
    pub os: Text,
    pub device: Text,
}

/// Which chunk it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Whose.
    pub visitor: VisitorId,
    /// Of which recording.
    pub tab: TabId,
    /// Of which page in it.
    pub page: PageId,
    /// Which of the page, from 0.
    pub number: u32,
    /// Whether it is the page's last.
    pub last: bool,
    /// When it came.
    pub received_at: Timestamp,
    /// The page's path.
    pub path: Text,
    /// Who looks.
    pub onlooker: Onlooker,
}

/// What the gate says of what it let through: its version, and a count for each thing that it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Of the gate's rules.
    pub version: u32,
    /// By name.
    pub counts: BTreeMap<String, u64>,
}

impl Checked {
    /// Adds what was checked of something else; the older of both rules is what can be said of both.
    pub fn add(&mut self, other: &Self) {
        self.version = if self.version == 0 { other.version } else { self.version.min(other.version) };
        for (name, count) in &other.counts {
            *self.counts.entry(name.clone()).or_default() += count;
        }
    }
}

/// A chunk that has passed the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// Which.
    pub head: Head,
    /// What was checked.
    pub checked: Checked,
    /// Its events, each a line of JSON.
    pub events: Vec<u8>,
}

/// A chunk as it is spooled.
pub struct SealedChunk {
    pub(crate) site: SiteId,
    pub(crate) name: [u8; NAME_BYTES],
    pub(crate) payload: Vec<u8>,
}

impl SealedChunk {
    /// Whose it is.
    pub const fn site(&self) -> SiteId {
        self.site
    }

    /// Bytes of it.
    pub fn bytes(&self) -> usize {
        self.payload.len()
    }
}

impl Chunk {
    /// Seals it as `seals` says.
    ///
    /// # Errors
    /// That there is no key to seal to.
    pub fn seal(&self, site: SiteId, seals: &Seals) -> io::Result<SealedChunk> {
        let mut bytes = postcard::to_stdvec(&(&self.head, &self.checked)).map_err(io::Error::other)?;
        let name = name_of(site, &bytes);
        bytes.extend_from_slice(&zstd::bulk::compress(&self.events, LEVEL)?);
        let payload = match seals {
            Seals::Sealed { recipients, rng } => {
                let no_key = || io::Error::other(format!("site {site} has no key to seal to"));
                let recipient = recipients.recipient(site).ok_or_else(no_key)?;
                let label = label(recipients.environment(), site, &name).to_bytes();
                let sealed = sealing::seal(&bytes, &recipient, &label, &**rng as &dyn Rng);
                [&[SEALED], &*sealed.map_err(io::Error::other)?].concat()
            }
            Seals::Unsealed => [&[PLAIN], &*bytes].concat(),
        };
        Ok(SealedChunk { site, name, payload })
    }
}

/// What a chunk is known by and bound to: which it is and what was checked of it, as a digest.
fn name_of(site: SiteId, head: &[u8]) -> [u8; NAME_BYTES] {
    let digest = Sha256::new().chain_update(b"candor chunk 1").chain_update(site.0.to_be_bytes());
    let digest = digest.chain_update(head).finalize();
    let mut name = [0; NAME_BYTES];
    name.copy_from_slice(&digest[..NAME_BYTES]);
    name
}

fn label(environment: Environment, site: SiteId, name: &[u8]) -> Label {
    let name = hex(name);
    Label { environment, organization: OrganizationId::FIRST, site, kind: Kind::Recording, name }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A spooled chunk, found.
pub(crate) struct Spooled<'a> {
    pub(crate) site: SiteId,
    pub(crate) name: [u8; NAME_BYTES],
    pub(crate) payload: &'a [u8],
}

/// A spooled chunk, open, its events still packed.
pub(crate) struct Packed {
    pub(crate) head: Head,
    pub(crate) checked: Checked,
    events: Vec<u8>,
}

impl Spooled<'_> {
    /// The key that opens it; `None` where it is not sealed.
    ///
    /// # Errors
    /// [`ObjectError`] where it is no chunk.
    pub(crate) fn wanted(&self, environment: Environment) -> Result<Option<Wanted>, ObjectError> {
        match self.payload.split_first() {
            Some((&PLAIN, _)) => Ok(None),
            Some((&SEALED, rest)) => {
                let sealed: SealedKey = Opened::sealed_key(rest)?;
                Ok(Some(Wanted { label: label(environment, self.site, &self.name), sealed }))
            }
            _ => Err(ObjectError::NotSealed),
        }
    }

    /// Opens it by the key that was wanted. `None` where it is not what was spooled.
    pub(crate) fn open(&self, key: Option<(&Key, &Label)>) -> Option<Packed> {
        let (_, rest) = self.payload.split_first()?;
        let bytes = match key {
            None => rest.to_vec(),
            Some((key, label)) => {
                let opened = Opened::new(rest, rest.len() as u64, key, label.to_bytes()).ok()?;
                let all = 0..opened.length();
                let sealed = opened.sealed_range(&all);
                let sealed =
                    rest.get(usize::try_from(sealed.start).ok()?..usize::try_from(sealed.end).ok()?)?;
                opened.open(&all, sealed.to_vec()).ok()?
            }
        };
        let ((head, checked), events) = postcard::take_from_bytes::<(Head, Checked)>(&bytes).ok()?;
        let said = &bytes[..bytes.len() - events.len()];
        (name_of(self.site, said) == self.name).then(|| Packed { head, checked, events: events.to_vec() })
    }
}

impl Packed {
    /// Bytes of its events as they came, compressed.
    pub(crate) fn bytes(&self) -> u64 {
        self.events.len() as u64
    }

    /// Its events, each a line.
    pub(crate) fn unpack(&self) -> io::Result<Vec<u8>> {
        zstd::bulk::decompress(&self.events, CHUNK_BYTES)
    }
}
