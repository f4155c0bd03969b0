//! Making a backup: one moment is held, what no earlier backup holds goes into packs, the rest into the snapshot, each object is
//! read back, and only then is the index put that makes it a backup. Killed at any moment, it leaves objects that no index
//! names; the next one begins anew, and the one after that deletes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use control::Database;
use domain::Timestamp;
use sealing::Key;
use sha2::{Digest as _, Sha256};

use super::archive::{Archive, MIXED, SEALED};
use super::crypt::Recipients;
use super::hold::{Copies, Held, HeldFile};
use super::index::{Holds, Index, PackIndex};
use super::manifest::{AuditHead, Canary, FORMAT, FileEntry, MANIFEST, Manifest};
use super::names::{Found, SnapshotId, Sum};
use super::side_by_side::{Turn, side_by_side};
use super::target::{Staged, Target};
use super::{BackupError, disk};

/// Bytes of files in a pack, but for one that is larger by itself. What a pack holds goes to the target again once something of
/// it is replaced, so that small packs save more; each is one request or two.
const PACK_BYTES: u64 = 32 << 20;

/// Controls that a test-only twin leaves out, to show that its absence would be noticed.
#[derive(Clone, Copy, Debug)]
pub struct Controls {
    /// What goes to the target is encrypted.
    pub encrypts: bool,
    /// What was put is read back before it counts.
    pub reads_back: bool,
    /// What was destroyed is destroyed again after a restore.
    pub replays: bool,
    /// Keys that were destroyed are taken out of the target at once.
    pub withdraws_keys: bool,
    /// Restoring is tried on a schedule.
    pub drills: bool,
}

impl Controls {
    /// As the product has them.
    pub const IN_FORCE: Self =
        Self { encrypts: true, reads_back: true, replays: true, withdraws_keys: true, drills: true };
}

/// Where backups of one server go, and to whom they are encrypted.
#[derive(Clone)]
pub struct Backups {
    pub(super) target: Target,
    pub(super) recipients: Recipients,
    pub(super) key: Arc<Key>,
    pub(super) controls: Controls,
}

/// What is backed up.
pub struct Source<'a> {
    /// The data directory.
    pub data: PathBuf,
    /// Its control database, open.
    pub database: &'a Database,
    /// The keeper's files.
    pub keeper: &'a dyn Copies,
    /// What the questions are answered about a folder that holds one moment of data.
    pub canaries: &'a dyn Fn(&std::path::Path) -> Result<Vec<Canary>, BackupError>,
    /// What time it is.
    pub now: Timestamp,
    /// Whether to stop.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// A backup that was made, and read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Which one.
    pub id: SnapshotId,
    /// Bytes that were sent.
    pub sent: u64,
    /// Bytes that it names in the target, those of earlier backups among them.
    pub bytes: u64,
    /// Files in it.
    pub files: usize,
    /// How many of them were there already.
    pub reused: usize,
}

impl Backups {
    /// Backups that go to `target`. `key` is the control database's: from it the code under each index is made.
    pub fn new(target: Target, recipients: Recipients, key: &Key, controls: Controls) -> Self {
        Self { target, recipients, key: Arc::new(key.derive(b"candor backups")), controls }
    }

    /// Where they go.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Makes one. `key` is the control database's.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no backup more than before.
    pub fn make(&self, source: &Source<'_>, key: &Key) -> Result<Made, BackupError> {
        let folder = source.data.join("tmp/backup");
        let held = Held::take(&source.data, &folder, source.database, key, source.keeper)?;
        Making { backups: self, source, sent: 0 }.write(&held, key)
    }

    /// Whether what was destroyed is destroyed again after a restore.
    pub const fn controls(&self) -> Controls {
        self.controls
    }

    pub(super) fn encrypt_to(&self) -> Option<&Recipients> {
        self.controls.encrypts.then_some(&self.recipients)
    }

    /// Puts an object, and reads it back.
    pub(super) fn put(&self, found: &Found, staged: &Staged) -> Result<(), BackupError> {
        let name = found.name();
        self.target.put(&name, staged)?;
        if !self.controls.reads_back {
            return Ok(());
        }
        let read = self.target.open(&name)?;
        let whole = read.size() == staged.bytes();
        let read = read.finish()?;
        let as_put = match (found.sum(), staged) {
            (Some(sum), _) => *sum == read,
            (None, Staged::Bytes(bytes)) => Sum::of(bytes) == read,
            (None, Staged::File(..)) => false,
        };
        if whole && as_put { Ok(()) } else { Err(BackupError::NotReadBack { name }) }
    }
}

/// A backup in the making.
struct Making<'a> {
    backups: &'a Backups,
    source: &'a Source<'a>,
    sent: u64,
}

impl Making<'_> {
    /// What is known of the moment before any file is read.
    fn manifest(&self, held: &Held, key: &Key) -> Result<Manifest, BackupError> {
        let canaries = (self.source.canaries)(held.folder())?;
        let database = Database::open(&held.folder().join("control.db"), key)?;
        Ok(Manifest {
            format: FORMAT,
            written_by: format!("candor {}", env!("CARGO_PKG_VERSION")),
            made_at: self.source.now,
            files: Vec::new(),
            packs: Vec::new(),
            audit: audit_heads(&database)?,
            canaries,
            without_recordings: held.without_recordings.clone(),
        })
    }

    fn write(&mut self, held: &Held, key: &Key) -> Result<Made, BackupError> {
        let (lasting, changing): (Vec<_>, Vec<_>) = held.files.iter().partition(|file| file.lasting);
        let mut packs = self.reusable(&lasting)?;
        let there: BTreeSet<Sum> =
            packs.iter().flat_map(|pack| pack.holds.iter().map(|holds| holds.path.clone())).collect();
        let fresh: Vec<&HeldFile> =
            lasting.iter().copied().filter(|file| !there.contains(&path_sum(&file.path))).collect();
        let reused = lasting.len() - fresh.len();
        let groups: Vec<&[&HeldFile]> = in_packs(&fresh).collect();
        let (backups, stop, now) = (self.backups, self.source.stop, self.source.now);
        let one = |group: &&[&HeldFile]| {
            if stop() { Err(BackupError::Stopped) } else { pack(backups, group, now) }
        };
        // Whoever asks questions of what is held does so while packs are made.
        let (made, manifest) = side_by_side(&groups, Turn::Last, one, || self.manifest(held, key));
        let mut manifest = manifest?;
        for pack in made? {
            self.sent += pack.bytes;
            packs.push(pack);
        }
        let known: BTreeMap<&Sum, (usize, &Holds)> = packs
            .iter()
            .enumerate()
            .flat_map(|(place, pack)| pack.holds.iter().map(move |holds| (&holds.path, (place, holds))))
            .collect();
        for file in &lasting {
            let (pack, holds) =
                known.get(&path_sum(&file.path)).ok_or_else(|| BackupError::Missing(file.path.clone()))?;
            manifest.files.push(FileEntry {
                path: file.path.clone(),
                bytes: holds.bytes,
                sha256: holds.sha256.clone(),
                pack: Some(*pack),
            });
        }
        manifest.packs = packs.iter().map(|pack| pack.sum.clone()).collect();
        let files = lasting.len() + changing.len();
        let snapshot = self.snapshot(&changing, manifest, held.folder().join("snapshot"))?;
        self.go_on()?;
        // Those that this snapshot needs, and none that was destroyed since.
        self.backups.replace_keys(self.source.keeper, self.source.database, self.source.now)?;
        let index = Index::new(self.source.now, snapshot, packs);
        let staged = index.encode(&self.backups.key);
        self.backups.put(&Found::Index(index.id().clone()), &staged)?;
        self.sent += staged.bytes();
        Ok(Made { id: index.id().clone(), sent: self.sent, bytes: index.bytes(), files, reused })
    }

    fn go_on(&self) -> Result<(), BackupError> {
        if (self.source.stop)() { Err(BackupError::Stopped) } else { Ok(()) }
    }

    /// Packs of the newest backup of which everything is still live. One that holds something else is not named again: so what
    /// was erased or expired is gone from the target when the backups of before are.
    fn reusable(&self, lasting: &[&HeldFile]) -> Result<Vec<PackIndex>, BackupError> {
        let live: BTreeSet<Sum> = lasting.iter().map(|file| path_sum(&file.path)).collect();
        let (mut known, _) = Index::all(&self.backups.target, Some(&self.backups.key))?;
        let there: BTreeMap<Found, u64> = self.backups.target.list()?.0.into_iter().collect();
        let mut reusable = Vec::new();
        for pack in known.pop().into_iter().flat_map(|index| index.packs) {
            let whole = pack.holds.iter().all(|holds| live.contains(&holds.path));
            if whole && there.get(&Found::Pack(pack.sum.clone())) == Some(&pack.bytes) {
                reusable.push(pack);
            }
        }
        Ok(reusable)
    }

    /// Everything else, with the list of all files before it.
    fn snapshot(
        &mut self,
        files: &[&HeldFile],
        mut manifest: Manifest,
        at: PathBuf,
    ) -> Result<(SnapshotId, u64), BackupError> {
        let mut sizes = Vec::with_capacity(files.len());
        for file in files {
            let mut input = File::open(&file.at).map_err(disk(&file.at))?;
            let (sha256, bytes) =
                super::archive::copy_summed(&mut input, &mut io::sink()).map_err(disk(&file.at))?;
            sizes.push(bytes);
            manifest.files.push(FileEntry { path: file.path.clone(), bytes, sha256, pack: None });
        }
        let output =
            Summed { output: File::create(&at).map_err(disk(&at))?, hasher: Sha256::new(), bytes: 0 };
        let to = self.backups.encrypt_to();
        let mut archive = Archive::begin(output, to, MIXED, self.source.now).map_err(disk(&at))?;
        let told = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
        archive.add(MANIFEST, told.len() as u64, &told[..]).map_err(disk(&at))?;
        for (file, bytes) in files.iter().zip(sizes) {
            let input = File::open(&file.at).map_err(disk(&file.at))?;
            archive.add(&file.path, bytes, input).map_err(disk(&file.at))?;
        }
        let Summed { hasher, bytes, .. } = archive.finish().map_err(disk(&at))?;
        let id = SnapshotId::new(self.source.now, Sum::finish(hasher));
        self.backups.put(&Found::Snapshot(id.clone()), &Staged::File(at, bytes))?;
        self.sent += bytes;
        Ok((id, bytes))
    }
}

fn pack(backups: &Backups, files: &[&HeldFile], now: Timestamp) -> Result<PackIndex, BackupError> {
    let room = Vec::with_capacity((files.iter().map(|file| file.bytes).sum::<u64>() + (1 << 16)) as usize);
    let failed = |error| BackupError::Target { name: "a pack in the making".to_owned(), error };
    let mut archive = Archive::begin(room, backups.encrypt_to(), SEALED, now).map_err(failed)?;
    let mut holds = Vec::with_capacity(files.len());
    for file in files {
        let input = File::open(&file.at).map_err(disk(&file.at))?;
        let sha256 = archive.add(&file.path, file.bytes, input).map_err(disk(&file.at))?;
        holds.push(Holds { path: path_sum(&file.path), bytes: file.bytes, sha256 });
    }
    let bytes = archive.finish().map_err(failed)?;
    let pack = PackIndex { sum: Sum::of(&bytes), bytes: bytes.len() as u64, holds };
    backups.put(&Found::Pack(pack.sum.clone()), &Staged::Bytes(bytes.into()))?;
    Ok(pack)
}

/// Every audit log as a database has it.
pub(super) fn audit_heads(database: &Database) -> Result<Vec<AuditHead>, BackupError> {
    let mut heads = Vec::new();
    for log in database.audit_logs()? {
        let head = database.audit_head(log)?;
        let root = head.root.iter().map(|byte| format!("{byte:02x}")).collect();
        heads.push(AuditHead { log: log.0, size: head.size, root });
    }
    Ok(heads)
}

/// What stands for a path in an index.
fn path_sum(path: &str) -> Sum {
    Sum::of(path.as_bytes())
}

/// Files that go into one pack together, in the order of their paths: what is of one site lies together.
fn in_packs<'a, 'b>(files: &'b [&'a HeldFile]) -> impl Iterator<Item = &'b [&'a HeldFile]> {
    let mut bytes = 0;
    files.chunk_by(move |_, next| {
        bytes += next.bytes;
        let together = bytes <= PACK_BYTES;
        if !together {
            bytes = next.bytes;
        }
        together
    })
}

/// A file that is written, and the digest of what was.
struct Summed {
    output: File,
    hasher: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.output.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
