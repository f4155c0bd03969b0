//! Whether what lies in the target is what was put there. Without an identity: every object by the digest in its name. With
//! one also what is in it: every file by the digest in its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::BackupError;
use super::archive::{copy_summed, unpack};
use super::crypt::Identity;
use super::index::Index;
use super::manifest::{FORMAT, MANIFEST, Manifest};
use super::names::{Found, SnapshotId, Sum};
use super::target::{Target, target};

/// Bytes of a manifest at most.
const MANIFEST_BYTES_MAX: u64 = 1 << 30;

/// Digests and sizes of files, by their paths.
type Sums = BTreeMap<String, (Sum, u64)>;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which object.
    pub name: String,
    /// What is wrong with it.
    pub what: String,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Backups.
    pub backups: usize,
    /// Objects of them, and of keys and of what was destroyed.
    pub objects: usize,
    /// Bytes of these.
    pub bytes: u64,
    /// Files in them, where they were opened.
    pub files: usize,
    /// What is wrong; nothing if all is well.
    pub findings: Vec<Finding>,
    /// Objects that no backup names, such as of one that was cut off.
    pub unnamed: Vec<String>,
}

impl Verified {
    fn find(&mut self, name: &str, what: impl Into<String>) {
        self.findings.push(Finding { name: name.to_owned(), what: what.into() });
    }

    fn take(&mut self, name: &str, error: BackupError) -> Result<(), BackupError> {
        match error {
            BackupError::Damaged { name, what } => self.find(&name, what),
            BackupError::Target { name, error } if error.kind() == io::ErrorKind::NotFound => {
                self.find(&name, "it is not there");
            }
            error @ (BackupError::Newer { .. } | BackupError::OtherIdentity { .. }) => {
                self.find(name, error.to_string());
            }
            error => return Err(error),
        }
        Ok(())
    }
}

impl Target {
    /// Reads everything there is. `each` is told of each object before it is read: how many there are, and how many were read.
    ///
    /// # Errors
    /// [`BackupError`] where the target does not answer; what is wrong with what it holds is found.
    pub fn verify(
        &self,
        identity: Option<&Identity>,
        mut each: impl FnMut(usize, usize),
    ) -> Result<Verified, BackupError> {
        let mut verified = Verified::default();
        let (listed, other) = self.list()?;
        verified.unnamed = other;
        let sizes: BTreeMap<String, u64> = listed.iter().map(|(found, size)| (found.name(), *size)).collect();
        let (indexes, wrong) = Index::all(self, None)?;
        for error in wrong {
            verified.take("", error)?;
        }
        let mut named = BTreeSet::new();
        for index in &indexes {
            verified.backups += 1;
            named.insert(Found::Index(index.id().clone()).name());
            let snapshot = (Found::Snapshot(index.snapshot.clone()), index.snapshot_bytes);
            let packs = index.packs.iter().map(|pack| (Found::Pack(pack.sum.clone()), pack.bytes));
            for (found, bytes) in std::iter::once(snapshot).chain(packs) {
                let name = found.name();
                match sizes.get(&name) {
                    None => {
                        verified.find(&name, format!("backup {} names it, and it is not there", index.id()));
                    }
                    Some(there) if *there != bytes => {
                        verified.find(&name, format!("it has {there} bytes instead of {bytes}"));
                    }
                    Some(_) => {}
                }
                named.insert(name);
            }
        }
        for (at, (found, size)) in listed.iter().enumerate() {
            each(at, listed.len());
            let name = found.name();
            verified.objects += 1;
            verified.bytes += size;
            if let Some(sum) = found.sum() {
                match self.open(&name).and_then(super::target::Reading::finish) {
                    Ok(read) if read == *sum => {}
                    Ok(_) => verified.find(&name, "its digest is another: it was altered or cut short"),
                    Err(error) => verified.take(&name, error)?,
                }
            }
            if matches!(found, Found::Pack(_) | Found::Snapshot(_)) && !named.contains(&name) {
                verified.unnamed.push(name);
            }
        }
        verified.findings.dedup();
        if let Some(identity) = identity {
            self.verify_within(identity, &indexes, &mut verified)?;
        }
        Ok(verified)
    }

    /// Opens every backup.
    fn verify_within(
        &self,
        identity: &Identity,
        indexes: &[Index],
        verified: &mut Verified,
    ) -> Result<(), BackupError> {
        let mut packs: BTreeMap<Sum, Sums> = BTreeMap::new();
        for index in indexes {
            let name = Found::Snapshot(index.snapshot.clone()).name();
            let (manifest, inside) = match self.open_snapshot(&index.snapshot, identity) {
                Ok(opened) => opened,
                Err(error) => {
                    verified.take(&name, error)?;
                    continue;
                }
            };
            if manifest.packs != index.packs.iter().map(|pack| pack.sum.clone()).collect::<Vec<_>>() {
                verified.find(&name, "its list of packs is not that of its index");
            }
            for sum in &manifest.packs {
                if !packs.contains_key(sum) {
                    let name = Found::Pack(sum.clone()).name();
                    let mut files = BTreeMap::new();
                    let opened = self.unpack(&name, identity, |path, _, input| {
                        files.insert(path.to_owned(), copy_summed(input, &mut io::sink())?);
                        Ok(())
                    });
                    if let Err(error) = opened {
                        verified.take(&name, error)?;
                    }
                    packs.insert(sum.clone(), files);
                }
            }
            for file in &manifest.files {
                let pack = file.pack.and_then(|place| manifest.packs.get(place));
                let (holder, files) = match pack {
                    Some(sum) => (Found::Pack(sum.clone()).name(), packs.get(sum)),
                    None => (name.clone(), Some(&inside)),
                };
                verified.files += 1;
                match files.and_then(|files| files.get(&file.path)) {
                    Some((sum, bytes)) if *sum == file.sha256 && *bytes == file.bytes => {}
                    Some(_) => {
                        verified.find(&holder, format!("{} in it is not what was backed up", file.path));
                    }
                    None => verified.find(&holder, format!("{} is not in it", file.path)),
                }
            }
        }
        verified.findings.sort_by(|a, b| (&a.name, &a.what).cmp(&(&b.name, &b.what)));
        verified.findings.dedup();
        Ok(())
    }

    /// A snapshot's manifest, and the digests of what is in the snapshot itself.
    fn open_snapshot(&self, id: &SnapshotId, identity: &Identity) -> Result<(Manifest, Sums), BackupError> {
        let name = Found::Snapshot(id.clone()).name();
        let (mut manifest, mut files) = (None, BTreeMap::new());
        self.unpack(&name, identity, |path, bytes, input| {
            if path == MANIFEST {
                manifest = Some(read_manifest(&name, bytes, input)?);
            } else {
                files.insert(path.to_owned(), copy_summed(input, &mut io::sink())?);
            }
            Ok(())
        })?;
        let missing = || BackupError::Damaged { name: name.clone(), what: "it has no manifest".to_owned() };
        Ok((manifest.ok_or_else(missing)?, files))
    }

    /// Opens an archive; that it does not open is said of it by its name. It must have the digest that it is named by.
    pub(super) fn unpack(
        &self,
        name: &str,
        identity: &Identity,
        mut each: impl FnMut(&str, u64, &mut dyn io::Read) -> Result<(), Inside>,
    ) -> Result<(), BackupError> {
        let mut input = self.open(name)?;
        let unpacked = unpack(&mut input, identity, &mut each);
        let failed = input.has_failed();
        unpacked.map_err(|error| match error {
            Inside::Archive(error) if failed => target(name, error),
            Inside::Archive(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                BackupError::OtherIdentity { name: name.to_owned() }
            }
            Inside::Archive(error) => {
                BackupError::Damaged { name: name.to_owned(), what: format!("it does not unpack: {error}") }
            }
            Inside::Own(error) => error,
        })?;
        let read = input.finish()?;
        match Found::of(name).as_ref().and_then(Found::sum) {
            Some(sum) if *sum != read => Err(BackupError::Damaged {
                name: name.to_owned(),
                what: "its digest is another: it was altered or cut short".to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// What went wrong while an archive was unpacked.
pub(super) enum Inside {
    /// It does not unpack.
    Archive(io::Error),
    /// Something else.
    Own(BackupError),
}

impl From<io::Error> for Inside {
    fn from(error: io::Error) -> Self {
        Self::Archive(error)
    }
}

impl From<BackupError> for Inside {
    fn from(error: BackupError) -> Self {
        Self::Own(error)
    }
}

pub(super) fn read_manifest(name: &str, bytes: u64, input: &mut dyn io::Read) -> Result<Manifest, Inside> {
    let damaged =
        |what: &str| BackupError::Damaged { name: name.to_owned(), what: format!("its manifest {what}") };
    if bytes > MANIFEST_BYTES_MAX {
        return Err(damaged("is too long").into());
    }
    let mut text = Vec::new();
    input.read_to_end(&mut text)?;
    let read: Manifest = serde_json::from_slice(&text).map_err(|_| damaged("cannot be read"))?;
    if read.format > FORMAT {
        return Err(BackupError::Newer { name: name.to_owned(), format: read.format }.into());
    }
    if let Some(wrong) = read.files.iter().find(|file| {
        !super::manifest::is_plain(&file.path) || file.pack.is_some_and(|place| place >= read.packs.len())
    }) {
        return Err(damaged(&format!("names {:?}, which no backup holds", wrong.path)).into());
    }
    Ok(read)
}
