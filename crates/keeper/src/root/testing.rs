//! For tests: a folder for keys with something in it, a key management service, and a token.

mod service;
mod token;

use std::fs;
use std::path::PathBuf;

use domain::{Counting, SiteId};
use sealing::{Key, Kind, Label, Wanted};
use zeroize::Zeroizing;

pub(super) use self::service::{Manner, Service};
pub(super) use self::token::{Token, in_a_process_of_its_own};
use super::*;
use crate::keys::Keys;

const SITE: SiteId = SiteId(1);

/// A folder for keys. What may differ between starts is handed to each.
pub(super) struct House {
    folder: tempfile::TempDir,
    pub(super) rng: Counting,
}

impl House {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder, rng: Counting::from(3) }
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(super) fn keys(&self) -> PathBuf {
        self.folder.path().join("data.keys")
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.keys().join(name)
    }

    /// Starts as the keeper does; a start that is to be killed ends after the step named.
    pub(super) fn start(
        &self,
        handed: &Unsealing,
        killed_after: Option<Step>,
    ) -> Result<(Keys, Vec<RootNews>), KeeperError> {
        let folder = prepare_folder(&self.keys(), &self.data())?;
        let store = folder.join("keys.sealed");
        let killed = || KeeperError::Folder { path: folder.clone(), error: std::io::Error::other("killed") };
        let ground = &mut Ground {
            folder: &folder,
            store: &store,
            handed,
            rng: &self.rng,
            watch: &mut |moment| match moment {
                Moment::After(step) if killed_after == Some(step) => Err(killed()),
                _ => Ok(()),
            },
        };
        let (root, news) = unseal(ground)?;
        Ok((Keys::open(Store::new(store.clone(), &root), &root, &self.rng)?, news))
    }

    pub(super) fn refusal(&self, handed: &Unsealing) -> String {
        self.start(handed, None).err().expect("a refusal").to_string()
    }

    /// Which root key the stored keys are under.
    pub(super) fn under(&self) -> KeyCheck {
        Store::root_of(&self.file("keys.sealed")).unwrap().unwrap()
    }

    /// The names of what lies in the folder for keys.
    pub(super) fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.keys()).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A folder for credentials, with these in it.
    pub(super) fn credentials(&self, which: &[(&str, &str)]) -> PathBuf {
        let folder = self.folder.path().join("credentials");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        for (name, line) in which {
            fs::write(folder.join(name), line).unwrap();
        }
        folder
    }
}

/// Something sealed to a site, by which keys are known to be the same as before.
pub(super) struct Witness {
    key: Key,
    wanted: Wanted,
}

impl Witness {
    pub(super) fn of(keys: &mut Keys, house: &House) -> Self {
        keys.make(domain::OrganizationId::FIRST, SITE, &house.rng).unwrap();
        let label = Label {
            environment: keys.environment(),
            organization: domain::OrganizationId::FIRST,
            site: SITE,
            kind: Kind::Segment,
            name: "a".to_owned(),
        };
        let (key, sealed) = keys.recipient(SITE).unwrap().fresh_key(&label.to_bytes(), &house.rng).unwrap();
        Self { key, wanted: Wanted { label, sealed } }
    }

    /// That `keys` open what was sealed.
    pub(super) fn confirms(&self, keys: &Keys) -> bool {
        keys.open_one(&self.wanted).is_ok_and(|key| key.bytes() == self.key.bytes())
    }
}

pub(super) fn from(source: &str) -> Unsealing {
    Unsealing { source: Some(source.parse().unwrap()), ..Unsealing::default() }
}

pub(super) fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(&Zeroizing::new(text.to_owned())).unwrap()
}

pub(super) fn with_passphrase(source: &str) -> Unsealing {
    Unsealing { passphrase: Some(passphrase("correct horse battery")), ..from(source) }
}
