//! Restoring a backup onto an empty machine: every file is checked against its digest as it is written, and what was restored so
//! far is remembered, so that it goes on where it was cut off. Until it is whole, nothing serves from it.
//!
//! The root key is in no backup. What was destroyed since the backup was made is written beside the data, and is destroyed again
//! before anything is served.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sealing::protocol::KeptFile;
use serde::{Deserialize, Serialize};

use super::archive::copy_summed;
use super::crypt::Identity;
use super::index::Index;
use super::manifest::{FileEntry, Manifest};
use super::names::{Found, SnapshotId, Sum};
use super::restored::Restored;
use super::side_by_side::{Turn, side_by_side};
use super::target::Target;
use super::verify::{Inside, read_manifest};
use super::{BackupError, disk};

/// While it is there, the data directory is not whole.
const UNFINISHED: &str = "restoring";
/// What is to be taken in before anything is served.
pub(super) const TO_TAKE_IN: &str = "restored";

/// Bytes that are restored before it is remembered, which makes all of them durable.
const REMEMBERED_EVERY: u64 = 256 << 20;

/// What is restored, and where to.
pub struct Restore<'a> {
    /// From where.
    pub target: &'a Target,
    /// What opens it.
    pub identity: &'a Identity,
    /// The data directory to make.
    pub data: PathBuf,
    /// The folder for keys to make. The root key may be in it already.
    pub keys: PathBuf,
    /// Which backup; the newest unless it is said.
    pub snapshot: Option<SnapshotId>,
    /// Whether to restore although it is not known what was destroyed since.
    pub without_destruction_list: bool,
    /// Whether what was destroyed since is destroyed again; only a test-only twin does without.
    pub replays: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes that are restored.
    pub done: u64,
    /// Bytes there are.
    pub all: u64,
}

/// Whether a backup is half restored to a data directory: nothing must be served from it.
pub fn unfinished(data: &Path) -> bool {
    data.join(UNFINISHED).exists()
}

/// What is remembered of a restore under way.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    snapshot: SnapshotId,
    packs: BTreeSet<Sum>,
}

impl Restore<'_> {
    /// Restores it. Cut off at any moment, it is to be asked for again, and goes on.
    ///
    /// # Errors
    /// [`BackupError`] names what is damaged; what was restored so far is no data directory that a server takes.
    pub fn run(&self, mut each: impl FnMut(Step) + Send) -> Result<Restored, BackupError> {
        let mut state = self.begin()?;
        let keys = self.target.keys(self.identity)?;
        let destroyed = match self.without_destruction_list {
            true => Vec::new(),
            false => self.target.destroyed(self.identity, &keys)?,
        };
        let mut step = Step { done: 0, all: 0 };
        let manifest = self.snapshot(&state.snapshot, &mut step, &mut each)?;
        let mut left = Vec::new();
        for (place, sum) in manifest.packs.iter().enumerate() {
            let files: BTreeMap<&str, &FileEntry> = manifest
                .files
                .iter()
                .filter(|file| file.pack == Some(place))
                .map(|file| (file.path.as_str(), file))
                .collect();
            match state.packs.contains(sum) {
                true => step.done += files.values().map(|file| file.bytes).sum::<u64>(),
                false => left.push((sum, files)),
            }
        }
        each(step);
        let mut unremembered = 0;
        let under_way = Mutex::new((&mut state, &mut step, &mut each, &mut unremembered));
        let one = |(sum, files): &(&Sum, BTreeMap<&str, &FileEntry>)| {
            self.pack(sum, files.clone())?;
            let mut guard = under_way.lock().unwrap_or_else(PoisonError::into_inner);
            let (state, step, each, unremembered) = &mut *guard;
            let bytes = files.values().map(|file| file.bytes).sum::<u64>();
            state.packs.insert((*sum).clone());
            step.done += bytes;
            **unremembered += bytes;
            each(**step);
            if **unremembered >= REMEMBERED_EVERY {
                **unremembered = 0;
                self.remember(state)?;
            }
            Ok::<_, BackupError>(())
        };
        side_by_side(&left, Turn::Own, one, || ()).0?;
        let own = self.keys.join(KeptFile::Keys.name());
        write_durably(&own, &keys.keys)?;
        let restored = Restored {
            snapshot: state.snapshot,
            manifest,
            destroyed: if self.replays { destroyed } else { Vec::new() },
            without_destruction_list: self.without_destruction_list,
            visitor_keys: keys.visitors,
        };
        self.end(&restored)?;
        Ok(restored)
    }

    /// Makes the folders, or finds what was restored so far.
    fn begin(&self) -> Result<State, BackupError> {
        for folder in [&self.data, &self.keys] {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(disk(folder))?;
        }
        let path = self.data.join(UNFINISHED);
        match fs::read(&path) {
            Ok(bytes) => {
                let state: State =
                    serde_json::from_slice(&bytes).map_err(|error| disk(&path)(io::Error::other(error)))?;
                let same = self.snapshot.as_ref().is_none_or(|wanted| *wanted == state.snapshot);
                return if same { Ok(state) } else { Err(BackupError::OtherBackup(self.data.clone())) };
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(disk(&path)(error)),
        }
        // Cut off while it wrote down that it began.
        assert_empty(&self.data, |name| Path::new(name) == being_made(Path::new(UNFINISHED)))?;
        assert_empty(&self.keys, |name| name.starts_with("root.") || name == "lock")?;
        let snapshot = match &self.snapshot {
            Some(snapshot) => snapshot.clone(),
            None => {
                let newest = Index::all(self.target, None)?.0.pop();
                newest.map(|index| index.id().clone()).ok_or(BackupError::NoBackup)?
            }
        };
        let state = State { snapshot, packs: BTreeSet::new() };
        self.remember(&state)?;
        Ok(state)
    }

    fn remember(&self, state: &State) -> Result<(), BackupError> {
        sync_all(&self.data)?;
        write_durably(&self.data.join(UNFINISHED), &serde_json::to_vec(state).expect("a state is JSON"))
    }

    /// What is in the snapshot itself. Its manifest comes first.
    fn snapshot(
        &self,
        id: &SnapshotId,
        step: &mut Step,
        each: &mut dyn FnMut(Step),
    ) -> Result<Manifest, BackupError> {
        let name = Found::Snapshot(id.clone()).name();
        let (mut manifest, mut left) = (None::<Manifest>, BTreeMap::new());
        self.target.unpack(&name, self.identity, |path, bytes, input| {
            if manifest.is_none() {
                let read = read_manifest(&name, bytes, input)?;
                step.all = read.files.iter().map(|file| file.bytes).sum();
                let own = read.files.iter().filter(|file| file.pack.is_none());
                left = own.map(|file| (file.path.clone(), file.clone())).collect();
                manifest = Some(read);
                return Ok(());
            }
            let file = left.remove(path).ok_or_else(|| unexpected(&name, path))?;
            self.file(&name, &file, input)?;
            step.done += file.bytes;
            each(*step);
            Ok(())
        })?;
        let damaged = |what: String| BackupError::Damaged { name: name.clone(), what };
        if let Some(path) = left.keys().next() {
            return Err(damaged(format!("{path} is not in it")));
        }
        manifest.ok_or_else(|| damaged("it has no manifest".to_owned()))
    }

    fn pack(&self, sum: &Sum, mut files: BTreeMap<&str, &FileEntry>) -> Result<(), BackupError> {
        let name = Found::Pack(sum.clone()).name();
        self.target.unpack(&name, self.identity, |path, _, input| {
            // What another backup wants of it.
            let Some(file) = files.remove(path) else { return Ok(()) };
            self.file(&name, file, input)
        })?;
        match files.keys().next() {
            None => Ok(()),
            Some(path) => Err(BackupError::Damaged { name, what: format!("{path} is not in it") }),
        }
    }

    /// Writes a file, unless it is not what was backed up.
    fn file(&self, holder: &str, file: &FileEntry, input: &mut dyn Read) -> Result<(), Inside> {
        let at = match file.path.split_once('/') {
            Some(("data", rest)) => self.data.join(rest),
            Some(("keys", rest)) => self.keys.join(rest),
            _ => return Err(Inside::Archive(ErrorKind::InvalidData.into())),
        };
        if let Some(folder) = at.parent() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(disk(folder))?;
        }
        let output = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&at);
        let mut output = Noted { output: output.map_err(disk(&at))?, error: None };
        let copied = copy_summed(input, &mut output);
        if let Some(error) = output.error {
            return Err(disk(&at)(error).into());
        }
        let (sum, bytes) = copied?;
        if sum == file.sha256 && bytes == file.bytes {
            return Ok(());
        }
        let what = format!("{} in it is not what was backed up", file.path);
        Err(BackupError::Damaged { name: holder.to_owned(), what }.into())
    }

    /// From now on it is a data directory, with something to take in.
    fn end(&self, restored: &Restored) -> Result<(), BackupError> {
        sync_all(&self.data)?;
        sync_all(&self.keys)?;
        let text = serde_json::to_vec(restored).expect("it is JSON");
        write_durably(&self.data.join(TO_TAKE_IN), &text)?;
        let path = self.data.join(UNFINISHED);
        fs::remove_file(&path).and_then(|()| File::open(&self.data)?.sync_all()).map_err(disk(&path))
    }
}

/// An output that tells its own errors from those of what is copied to it.
struct Noted {
    output: File,
    error: Option<io::Error>,
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.error = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

fn unexpected(name: &str, path: &str) -> Inside {
    let what = format!("it holds {path:?}, of which its manifest knows nothing");
    BackupError::Damaged { name: name.to_owned(), what }.into()
}

fn assert_empty(folder: &Path, may_be_there: impl Fn(&str) -> bool) -> Result<(), BackupError> {
    for entry in fs::read_dir(folder).map_err(disk(folder))? {
        let name = entry.map_err(disk(folder))?.file_name();
        if !may_be_there(&name.to_string_lossy()) {
            return Err(BackupError::NotEmpty(folder.to_owned()));
        }
    }
    Ok(())
}

/// Where a file lies until it is whole.
fn being_made(path: &Path) -> PathBuf {
    path.with_extension("making")
}

pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let fresh = being_made(path);
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(disk(path))
}

/// Makes everything durable that was written to the disk of `folder`: one request instead of one a file.
fn sync_all(folder: &Path) -> Result<(), BackupError> {
    let opened = File::open(folder).map_err(disk(folder))?;
    #[cfg(target_os = "linux")]
    let synced = rustix::fs::syncfs(&opened).map_err(io::Error::from);
    #[cfg(not(target_os = "linux"))]
    let synced = opened.sync_all();
    synced.map_err(disk(folder))
}
