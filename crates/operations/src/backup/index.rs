//! What a server may know of its own backups without opening them: sizes and digests, in the clear. Under the JSON stand a
//! code that only this server can make, by which it knows that the index is its own (one that somebody else wrote would make it
//! keep, reuse or delete what they choose), and the digest of both, by which anybody sees that it is whole.

use domain::Timestamp;
use sealing::Key;
use serde::{Deserialize, Serialize};

use super::BackupError;
use super::names::{Found, SnapshotId, Sum};
use super::target::{Staged, Target};

/// The format written here. Newer ones are refused.
const FORMAT: u32 = 1;
/// Bytes of an index at most: some million files.
const BYTES_MAX: u64 = 512 << 20;

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Index {
    pub(super) format: u32,
    pub(super) made_at: Timestamp,
    pub(super) snapshot: SnapshotId,
    pub(super) snapshot_bytes: u64,
    pub(super) packs: Vec<PackIndex>,
}

/// A pack that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PackIndex {
    pub(super) sum: Sum,
    pub(super) bytes: u64,
    pub(super) holds: Vec<Holds>,
}

/// A file in a pack. Its name is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holds {
    /// The digest of its path, which holds a random number.
    pub(super) path: Sum,
    pub(super) bytes: u64,
    pub(super) sha256: Sum,
}

impl Index {
    pub(super) fn new(made_at: Timestamp, snapshot: (SnapshotId, u64), packs: Vec<PackIndex>) -> Self {
        Self { format: FORMAT, made_at, snapshot: snapshot.0, snapshot_bytes: snapshot.1, packs }
    }

    pub(super) fn id(&self) -> &SnapshotId {
        &self.snapshot
    }

    /// Bytes in the target that only this and its like need.
    pub(super) fn bytes(&self) -> u64 {
        self.snapshot_bytes + self.packs.iter().map(|pack| pack.bytes).sum::<u64>()
    }

    pub(super) fn encode(&self, key: &Key) -> Staged {
        let body = serde_json::to_string(self).expect("an index is JSON");
        let told = format!("{body}\n{}\n", code(key, &body));
        let sum = Sum::of(told.as_bytes());
        Staged::Bytes(format!("{told}{}\n", sum.as_str()).into_bytes().into())
    }

    /// Reads one that is whole. With a key it must be this server's own as well.
    pub(super) fn read(target: &Target, id: &SnapshotId, key: Option<&Key>) -> Result<Self, BackupError> {
        let name = Found::Index(id.clone()).name();
        let bytes = target.read(&name, BYTES_MAX)?;
        let damaged = |what: &str| BackupError::Damaged { name: name.clone(), what: what.to_owned() };
        let text = String::from_utf8(bytes).map_err(|_| damaged("it is no text"))?;
        let [body, written, sum, ""] = text.split('\n').collect::<Vec<_>>()[..] else {
            return Err(damaged("it was cut short or altered"));
        };
        if Sum::of(format!("{body}\n{written}\n").as_bytes()).as_str() != sum {
            return Err(damaged("its digest is another"));
        }
        let read: Self = serde_json::from_str(body).map_err(|_| damaged("it says nothing"))?;
        if read.format > FORMAT {
            return Err(BackupError::Newer { name, format: read.format });
        }
        if &read.snapshot != id {
            return Err(damaged("it is that of another backup"));
        }
        if key.is_some_and(|key| code(key, body) != written) {
            return Err(damaged("it was not written by this server"));
        }
        Ok(read)
    }

    /// All that are whole and this server's own, oldest first, and what is wrong with the others.
    pub(super) fn all(
        target: &Target,
        key: Option<&Key>,
    ) -> Result<(Vec<Self>, Vec<BackupError>), BackupError> {
        let (found, _) = target.list()?;
        let (mut read, mut wrong) = (Vec::new(), Vec::new());
        for id in found.into_iter().filter_map(|(found, _)| match found {
            Found::Index(id) => Some(id),
            _ => None,
        }) {
            match Self::read(target, &id, key) {
                Ok(index) => read.push(index),
                Err(error @ (BackupError::Damaged { .. } | BackupError::Newer { .. })) => wrong.push(error),
                Err(error) => return Err(error),
            }
        }
        read.sort_by(|a, b| (a.made_at, &a.snapshot).cmp(&(b.made_at, &b.snapshot)));
        Ok((read, wrong))
    }
}

fn code(key: &Key, body: &str) -> String {
    let code = key.derive(b"candor backup index").digest(body.as_bytes());
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}
