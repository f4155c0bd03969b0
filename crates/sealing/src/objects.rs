//! Sealed objects in an object store: a folder of this machine, or memory in tests.
//!
//! What is put is whole and durable when it is said to be. What is read is what was put under that very name, or an error
//! that names the object: of one that was cut short or put in another's place nothing is given, and of one that was
//! altered nothing of what was. The one exception is an object that was never sealed, which is given as it is; whoever
//! reads it must check it.
//!
//! It never asks the store on a thread that may belong to a runtime.

mod local;
mod open;
mod store;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::SiteId;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use crate::label::{Environment, Kind, Label};
use crate::object::{ObjectError, seal};
use crate::ring::{Opener, Seals, Wanted};

pub use open::Object;

/// What objects of one kind are like.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What they are.
    pub kind: Kind,
    /// How their names end in the store, after a dot.
    pub extension: &'static str,
    /// How one begins that rests unsealed: what begins neither so nor as a sealed object does is damaged.
    pub unsealed: &'static [u8],
}

/// Which object: whose, and its name among those of its site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// Whose.
    pub site: SiteId,
    /// Letters and digits.
    pub name: String,
}

/// Why an object is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store failed, or has no such object.
    #[error("{name}: {error}")]
    Store {
        /// The object.
        name: String,
        /// What the store said.
        #[source]
        error: io::Error,
    },
    /// The object is not what was put: it was altered, cut short or put in another's place.
    #[error("{name} is damaged: {error}")]
    Damaged {
        /// The object.
        name: String,
        /// What does not fit.
        error: ObjectError,
    },
    /// Its key is not given.
    #[error("{name} stays closed: {error}")]
    Closed {
        /// The object.
        name: String,
        /// Why.
        error: crate::OpenError,
    },
}

/// The objects of one kind in one store.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where the store is, if it is on this machine.
    folder: Option<PathBuf>,
    form: Form,
    /// Of all clones together.
    ranges_opened: Arc<AtomicU64>,
}

impl Objects {
    /// The objects in a folder of this machine, which is made where it is missing.
    ///
    /// # Errors
    /// What the file system says.
    pub fn in_folder(folder: &Path, form: Form) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        // A file is synced before it has its name, and its folder after.
        let local = LocalFileSystem::new_with_prefix(folder).map_err(store::failed)?.with_fsync(true);
        Ok(Self { folder: Some(folder.to_owned()), ..Self::over(Arc::new(local), form) })
    }

    /// The objects in `store`, which says of a put that it is done once it is durable.
    pub fn over(store: Arc<dyn ObjectStore>, form: Form) -> Self {
        Self { store, folder: None, form, ranges_opened: Arc::default() }
    }

    /// Puts an object, sealed as `seals` says. When this returns it is durable under its name; whatever moment it is cut
    /// off at, what was there before is there as it was, or the new in its place.
    ///
    /// # Errors
    /// What the store says, or that there is no key to seal to.
    pub fn put(&self, id: &ObjectId, bytes: Vec<u8>, seals: &Seals) -> io::Result<()> {
        let resting = match seals {
            Seals::Sealed { recipients, rng } => {
                let no_key = || io::Error::other(format!("site {} has no key to seal to", id.site));
                let recipient = recipients.recipient(id.site).ok_or_else(no_key)?;
                let label = self.label(recipients.environment(), id).to_bytes();
                seal(&bytes, &recipient, &label, &**rng).map_err(io::Error::other)?
            }
            Seals::Unsealed if bytes.starts_with(self.form.unsealed) => bytes,
            Seals::Unsealed => {
                let sentence = format!("{} could not be told from a damaged object", self.name(id));
                return Err(io::Error::new(io::ErrorKind::InvalidInput, sentence));
            }
        };
        store::put(&*self.store, &self.path(id), resting)
    }

    /// Opens these objects, in their order. The keys of all that are sealed are asked for together: the keeper writes
    /// down every question before it answers, and that is what takes its time.
    ///
    /// # Errors
    /// The first that is not read, by its name.
    pub fn open_all(&self, ids: &[ObjectId], opener: &dyn Opener) -> Result<Vec<Object>, ReadError> {
        let found = self.find(ids)?;
        let keys = self.keys(ids, &found, opener)?;
        found.into_iter().zip(keys).map(|(found, key)| found.opened(key, &self.ranges_opened)).collect()
    }

    /// To which version of its site's pair an object is sealed; `None` where it is not. It is not opened.
    ///
    /// # Errors
    /// That it is not read, by its name.
    pub fn sealed_to(&self, id: &ObjectId) -> Result<Option<u32>, ReadError> {
        let found = self.find(std::slice::from_ref(id))?;
        Ok(found.iter().find_map(|found| found.sealed_key).map(|sealed| sealed.version()))
    }

    /// Deletes an object; one that is not there is deleted.
    ///
    /// # Errors
    /// What the store says.
    pub fn delete(&self, id: &ObjectId) -> io::Result<()> {
        store::delete(&*self.store, &self.path(id))
    }

    /// All objects. What is not named as they are is none.
    ///
    /// # Errors
    /// What the store says.
    pub fn list(&self) -> io::Result<Vec<ObjectId>> {
        let paths = store::list(&*self.store)?;
        Ok(paths.iter().filter_map(|path| self.id(path)).collect())
    }

    /// Deletes what was left of puts that were cut off. Only the one process that puts may ask for it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn delete_unfinished(&self) -> io::Result<()> {
        self.folder.as_deref().map_or(Ok(()), |folder| local::delete_unfinished(folder, self.form.extension))
    }

    /// How many sealed ranges were opened so far.
    pub fn ranges_opened(&self) -> u64 {
        self.ranges_opened.load(Ordering::Relaxed)
    }

    fn find(&self, ids: &[ObjectId]) -> Result<Vec<open::Found>, ReadError> {
        let find = || ids.iter().map(|id| open::Found::at(self, id)).collect();
        let no_thread = |error| ReadError::Store {
            name: ids.first().map_or_else(String::new, |id| self.name(id)),
            error,
        };
        store::aside(find).map_err(no_thread)?
    }

    /// For each that was found its key and what it is bound to; `None` for what is not sealed.
    fn keys(
        &self,
        ids: &[ObjectId],
        found: &[open::Found],
        opener: &dyn Opener,
    ) -> Result<Vec<Option<open::Bound>>, ReadError> {
        let sealed: Vec<_> =
            ids.iter().zip(found).filter_map(|(id, found)| Some((id, found.sealed_key?))).collect();
        let Some((first, _)) = sealed.first() else { return Ok(found.iter().map(|_| None).collect()) };
        let closed = |id, error| ReadError::Closed { name: self.name(id), error };
        let environment = opener.environment().map_err(|error| closed(first, error))?;
        let want =
            |(id, sealed): &(&ObjectId, _)| Wanted { label: self.label(environment, id), sealed: *sealed };
        let wanted: Vec<Wanted> = sealed.iter().map(want).collect();
        let keys = match opener.open(&wanted) {
            Ok(keys) if keys.len() == wanted.len() => keys,
            Ok(_) => return Err(closed(first, crate::OpenError::Away)),
            Err(error) => {
                let about = wanted.iter().position(|wanted| error.is_about(&wanted.label)).unwrap_or(0);
                return Err(closed(sealed[about].0, error));
            }
        };
        let mut given = keys.into_iter().zip(wanted).map(|(key, Wanted { label, .. })| (key, label));
        Ok(found.iter().map(|found| found.sealed_key.and_then(|_| given.next())).collect())
    }

    fn label(&self, environment: Environment, id: &ObjectId) -> Label {
        let organization = domain::OrganizationId::FIRST;
        Label { environment, organization, site: id.site, kind: self.form.kind, name: id.name.clone() }
    }

    fn path(&self, id: &ObjectId) -> object_store::path::Path {
        [id.site.to_string(), format!("{}.{}", id.name, self.form.extension)].into_iter().collect()
    }

    fn id(&self, path: &object_store::path::Path) -> Option<ObjectId> {
        let (site, file) = path.as_ref().split_once('/')?;
        let name = file.strip_suffix(self.form.extension)?.strip_suffix('.')?;
        let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let site = site.parse().ok().map(SiteId)?;
        named.then(|| ObjectId { site, name: name.to_owned() })
    }

    /// What the object is called in messages: where it is.
    fn name(&self, id: &ObjectId) -> String {
        let path = self.path(id);
        match &self.folder {
            Some(folder) => folder.join(path.as_ref()).display().to_string(),
            None => path.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
