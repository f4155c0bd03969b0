//! A small house, and everything that is done with it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use control::{CatalogChange, Database, NewSite, SegmentRow};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{OrganizationId, Rng as _, SiteId, Timestamp};
use sealing::Key;

use super::super::hold::Copies;
use super::super::*;

/// 2026-11-26.
const BEGIN: Timestamp = Timestamp(1_795_651_200_000);

type OnCanary = Box<dyn Fn(&World)>;

pub(super) struct World {
    folder: tempfile::TempDir,
    pub(super) backups: Backups,
    pub(super) database: Database,
    pub(super) keeper: Keeper,
    pub(super) identity: Identity,
    now: Cell<Timestamp>,
    steps: Cell<usize>,
    on_canary: RefCell<Option<OnCanary>>,
    rng: domain::Counting,
}

/// Files of a keeper that nobody else reads.
pub(super) struct Keeper(pub(super) RefCell<BTreeMap<&'static str, Vec<u8>>>);

impl Keeper {
    fn new() -> Self {
        let files = ["keys.sealed", "people.sealed", "checkpoints.sealed", "audit.log"];
        Self(RefCell::new(files.map(|name| (name, name.to_uppercase().into_bytes())).into()))
    }

    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.borrow().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect()
    }
}

impl Copies for Keeper {
    fn length(&self, file: KeptFile) -> Result<Option<u64>, BackupError> {
        Ok(self.0.borrow().get(file.name()).map(|bytes| bytes.len() as u64))
    }

    fn copy(&self, file: KeptFile, length: u64, to: &mut dyn Write) -> Result<(), BackupError> {
        let files = self.0.borrow();
        to.write_all(&files[file.name()][..length as usize]).map_err(disk(file.name()))
    }
}

fn key() -> Key {
    World::key()
}

impl World {
    pub(super) fn key() -> Key {
        Key::take(&mut [7; 32])
    }

    pub(super) fn new() -> Self {
        Self::with(Controls::IN_FORCE)
    }

    pub(super) fn with(controls: Controls) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("target")).unwrap();
        let target = Target::folder(&folder.path().join("target"));
        Self::over(folder, target, controls)
    }

    pub(super) fn over(folder: tempfile::TempDir, target: Target, controls: Controls) -> Self {
        // SQLCipher makes itself ready with the first file that is opened, and does not bear to be watched.
        static READY: std::sync::Once = std::sync::Once::new();
        READY.call_once(|| drop(Database::open(&folder.path().join("first.db"), &key()).unwrap()));
        let data = folder.path().join("data");
        for part in ["journal", "segments", "spool", "recordings", "tmp"] {
            fs::create_dir_all(data.join(part)).unwrap();
        }
        fs::write(data.join("format.json"), "{}").unwrap();
        fs::write(data.join("journal/0000000001.journal"), "a journal").unwrap();
        let identity = Identity::generate();
        let recipients = Recipients::new(&[identity.recipient()]).unwrap();
        let world = Self {
            database: Database::open(&data.join("control.db"), &key()).unwrap(),
            backups: Backups::new(target, recipients, &key(), controls),
            keeper: Keeper::new(),
            identity,
            now: Cell::new(BEGIN),
            steps: Cell::new(usize::MAX),
            on_canary: RefCell::new(None),
            rng: domain::Counting::from(1),
            folder,
        };
        world.add_site("one.example");
        world.add_segment(1, "0a", b"first segment");
        world.add_segment(1, "0b", b"second segment");
        world.backups.replace_keys(&world.keeper, &world.database, BEGIN).unwrap();
        world
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now.get()
    }

    pub(super) fn later(&self, milliseconds: i64) -> &Self {
        self.now.set(self.now.get() + Duration::from_millis(milliseconds as u64));
        self
    }

    /// The next backup is asked to stop after so many steps.
    pub(super) fn stopped_after(&self, steps: usize) -> &Self {
        self.steps.set(steps);
        self
    }

    pub(super) fn never_stopped(&self) -> &Self {
        self.stopped_after(usize::MAX)
    }

    /// Something happens once the moment of a backup is held.
    pub(super) fn on_canary(&self, act: impl Fn(&World) + 'static) {
        *self.on_canary.borrow_mut() = Some(Box::new(act));
    }

    pub(super) fn add_site(&self, domain: &str) {
        let site = NewSite {
            organization: OrganizationId::FIRST,
            domain: domain.parse().unwrap(),
            timezone: "UTC".parse().unwrap(),
            write_key: format!(
                "{:032x}",
                domain.bytes().fold(7_u128, |key, byte| key * 31 + u128::from(byte))
            )
            .parse()
            .unwrap(),
            ids: domain::IdSecret::new([7; 32]),
        };
        let entry =
            NewEntry::new(BEGIN, Actor::system(), Act::SiteAdd, Object::new(ObjectKind::Site, &site.domain));
        self.database.act(Log(1), &entry, |work| work.add_site(&site, BEGIN)).unwrap();
    }

    pub(super) fn add_segment(&self, site: u32, id: &str, bytes: &[u8]) {
        let folder = self.path("data/segments").join(site.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{id}.parquet")), bytes).unwrap();
        let row = SegmentRow { id: id.to_owned(), site: SiteId(site), description: vec![1] };
        self.change(|change| change.add.push(row.clone()));
    }

    pub(super) fn remove_segment(&self, site: u32, id: &str) {
        self.change(|change| change.replace.push(id.to_owned()));
        fs::remove_file(self.path("data/segments").join(site.to_string()).join(format!("{id}.parquet")))
            .unwrap();
    }

    /// Adds so many segments of so many bytes that cannot be made smaller.
    pub(super) fn fill(&self, site: u32, count: usize, bytes: usize) {
        for number in 0..count {
            let mut random = vec![0; bytes];
            self.rng.fill(&mut random);
            self.add_segment(site, &format!("f{number:03}"), &random);
        }
    }

    fn change(&self, of: impl Fn(&mut CatalogChange)) {
        let mut change = CatalogChange {
            at: self.now(),
            add: vec![],
            replace: vec![],
            absorb: vec![],
            count: vec![],
            forget_absorbed: vec![],
            forget_replaced: vec![],
            erased: None,
            forget_counts: vec![],
        };
        of(&mut change);
        self.database.change_catalog(&change).unwrap();
    }

    pub(super) fn append_to_journal(&self, bytes: &[u8]) {
        let path = self.path("data/journal/0000000001.journal");
        fs::OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
    }

    pub(super) fn back_up(&self) -> Result<Made, BackupError> {
        let left = AtomicUsize::new(self.steps.get());
        let stop = || {
            let count = |left: usize| Some(left.saturating_sub(1));
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count) == Ok(0)
        };
        let canaries = |held: &Path| {
            if let Some(act) = self.on_canary.borrow_mut().take() {
                act(self);
            }
            let segments = fs::read_dir(held.join("segments/1")).map_err(disk(held))?.count();
            let answer = format!("{segments} segments");
            Ok(vec![Canary { site: SiteId(1), question: "how many segments".to_owned(), answer }])
        };
        let source = Source {
            data: self.path("data"),
            database: &self.database,
            keeper: &self.keeper,
            canaries: &canaries,
            now: self.now(),
            stop: &stop,
        };
        self.backups.make(&source, &key())
    }

    pub(super) fn restore(&self, name: &str) -> Result<Restored, BackupError> {
        self.restore_by(name, &self.identity)
    }

    pub(super) fn restore_by(&self, name: &str, identity: &Identity) -> Result<Restored, BackupError> {
        self.restoring(name, identity).run(|_| {})
    }

    pub(super) fn restore_told(
        &self,
        name: &str,
        each: impl FnMut(Step) + Send,
    ) -> Result<Restored, BackupError> {
        self.restoring(name, &self.identity).run(each)
    }

    pub(super) fn restoring<'a>(&'a self, name: &str, identity: &'a Identity) -> Restore<'a> {
        Restore {
            target: self.backups.target(),
            identity,
            data: self.path(name).join("data"),
            keys: self.path(name).join("keys"),
            snapshot: None,
            without_destruction_list: false,
            replays: self.backups.controls.replays,
        }
    }

    pub(super) fn verify(&self, deep: bool) -> Verified {
        self.backups.target().verify(deep.then_some(&self.identity), |_, _| {}).unwrap()
    }

    /// Everything that is to be in a backup, as it is now.
    pub(super) fn live(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = tree(&self.path("data"));
        files.retain(|path, _| place_of(&format!("data/{path}")) == Some(Place::Kept));
        files
    }

    /// The files in a folder of the target.
    pub(super) fn objects(&self, folder: &str) -> Vec<PathBuf> {
        let listed = fs::read_dir(self.path("target").join(folder)).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = listed.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    pub(super) fn all_objects(&self) -> Vec<PathBuf> {
        ["packs", "snapshots", "keys", "destruction"].iter().flat_map(|folder| self.objects(folder)).collect()
    }

    /// Whether a text shows in the target, as it lies there or after it was unpacked by whoever has no identity.
    pub(super) fn target_shows(&self, text: &str) -> bool {
        let shows = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        self.all_objects().iter().any(|path| {
            let bytes = fs::read(path).unwrap();
            let unpacked = zstd::decode_all(&bytes[..]).unwrap_or_default();
            shows(&bytes) || shows(&unpacked)
        })
    }
}

/// All files below a folder.
pub(super) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files).unwrap();
    files
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}
