//! The objects that parts of recordings lie in.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use domain::{Rng, SiteId};
use sealing::{Form, Kind, Object, ObjectId, Objects, Opener, Seals};

use super::RecordingsError;
use super::contents::{Contents, digest};
use super::index::{Index, Scene};
use super::ledger::Part;
use super::part::{self, Builder, Dictionary};
use crate::heat::Trace;

const FORM: Form = Form { kind: Kind::Recording, extension: "recording", unsealed: &part::MAGIC };

/// The parts of recordings in one data directory, and who opens them.
#[derive(Clone)]
pub struct Recordings {
    objects: Objects,
    opener: Arc<dyn Opener>,
}

impl Recordings {
    /// Those in the data directory `data`; the folder is made where it is missing.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(data: &Path, opener: Arc<dyn Opener>) -> io::Result<Self> {
        Ok(Self { objects: Objects::in_folder(&data.join("recordings"), FORM)?, opener })
    }

    /// The same, opened for another purpose.
    #[must_use]
    pub fn opened_by(&self, opener: Arc<dyn Opener>) -> Self {
        Self { opener, ..self.clone() }
    }

    /// What is in a recording of these parts, in the order in which they were taken in. Nothing is opened for it.
    ///
    /// # Errors
    /// [`RecordingsError::Damaged`] where what the ledger holds is not what was put there.
    pub fn index(parts: &[Part]) -> Result<Index, RecordingsError> {
        Ok(Index::of(&read_all(parts)?))
    }

    /// A scene, open: it can be read though its parts are put together or removed meanwhile.
    ///
    /// # Errors
    /// [`RecordingsError`].
    pub fn open_scene(
        &self,
        site: SiteId,
        parts: &[Part],
        scene: &Scene,
    ) -> Result<OpenScene, RecordingsError> {
        let mut needed: Vec<usize> = scene.pieces.iter().map(|(part, _)| *part).collect();
        needed.sort_unstable();
        needed.dedup();
        let wanted: Vec<Part> = needed.iter().map(|part| parts[*part].clone()).collect();
        let pieces =
            scene.pieces.iter().map(|(part, place)| (needed.partition_point(|at| at < part), *place));
        Ok(OpenScene { pieces: pieces.collect(), parts: self.open_whole(site, &wanted)? })
    }

    /// A whole recording, open: scene by scene, what comes before a page's first snapshot among it.
    ///
    /// # Errors
    /// [`RecordingsError`].
    pub fn open_recording(
        &self,
        site: SiteId,
        parts: &[Part],
        index: &Index,
    ) -> Result<OpenScene, RecordingsError> {
        let pieces = index.scenes.iter().flat_map(|scene| scene.pieces.iter().copied());
        Ok(OpenScene { pieces: pieces.collect(), parts: self.open_whole(site, parts)? })
    }

    /// Which of these files there still are.
    ///
    /// # Errors
    /// [`RecordingsError`] where the folder cannot be read.
    pub fn still_stored(&self, files: &[String]) -> Result<Vec<String>, RecordingsError> {
        let names = self.stored()?.into_iter().map(|object| format!("{}.{}", object.name, FORM.extension));
        Ok(names.filter(|name| files.contains(name)).collect())
    }

    /// Reads everything that is in these parts; to which version of the site's pair each is sealed.
    ///
    /// # Errors
    /// [`RecordingsError`] for the first that is not what was put there.
    pub fn check(&self, site: SiteId, parts: &[Part]) -> Result<Vec<Option<u32>>, RecordingsError> {
        for part in self.open_whole(site, parts)? {
            for place in 0..part.contents.stretches.len() {
                part.read(place)?;
            }
            part.trace()?;
        }
        let ids = parts.iter().map(|part| ObjectId { site, name: part.object.clone() });
        ids.map(|id| Ok(self.objects.sealed_to(&id)?)).collect()
    }

    /// These parts, open; what is in each is read a stretch at a time. The keeper is asked twice, however many they are: for
    /// them and for the dictionaries of those of which events are `needed`.
    pub(super) fn open_needed(
        &self,
        site: SiteId,
        parts: &[Part],
        needed: impl Fn(usize) -> bool,
    ) -> Result<Vec<OpenPart>, RecordingsError> {
        let contents = read_all(parts)?;
        let open = self.open_parts(site, parts.iter().map(|part| &*part.object))?;
        let of_needed = contents.iter().enumerate().filter(|(at, _)| needed(*at));
        let names: BTreeSet<String> =
            of_needed.flat_map(|(_, contents)| contents.dictionaries.iter().cloned()).collect();
        let known = self.dictionaries(site, names.iter().map(|name| &**name))?;
        let known: BTreeMap<String, Arc<Dictionary>> =
            names.into_iter().zip(known.into_iter().map(Arc::new)).collect();
        let open = contents.into_iter().zip(open).map(|(contents, object)| {
            // Nothing is read of a part that is not needed but its trace.
            let dictionaries = contents.dictionaries.iter().filter_map(|name| known.get(name).cloned());
            OpenPart { dictionaries: dictionaries.collect(), contents, object }
        });
        Ok(open.collect())
    }

    /// These parts, open, with their dictionaries.
    pub(super) fn open_whole(&self, site: SiteId, parts: &[Part]) -> Result<Vec<OpenPart>, RecordingsError> {
        self.open_needed(site, parts, |_| true)
    }

    /// These dictionaries, in their order.
    pub(super) fn dictionaries<'a>(
        &self,
        site: SiteId,
        names: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Vec<Dictionary>, RecordingsError> {
        let open = self.open_parts(site, names.clone())?;
        let read = names.zip(open).map(|(name, object)| {
            let bytes = object.read(0..object.length())?;
            let damaged = || RecordingsError::Damaged(object.name().to_owned());
            Dictionary::read(name.to_owned(), &bytes).ok_or_else(damaged)
        });
        read.collect()
    }

    /// Puts a dictionary, sealed as `seals` says; its name, which there is also where there is none.
    pub(super) fn put_dictionary(
        &self,
        site: SiteId,
        dictionary: Option<Vec<u8>>,
        (seals, rng): (&Seals, &dyn Rng),
    ) -> Result<String, RecordingsError> {
        let name = format!("{:032x}", rng.next_u128());
        if let Some(dictionary) = dictionary {
            let id = ObjectId { site, name: name.clone() };
            self.objects.put(&id, Dictionary::to_bytes(&dictionary), seals)?;
        }
        Ok(name)
    }

    /// Puts a part, sealed as `seals` says. It is durable when this returns, and nobody knows of it yet.
    pub(super) fn put(
        &self,
        site: SiteId,
        builder: Builder,
        (seals, rng): (&Seals, &dyn Rng),
    ) -> Result<(Part, Contents), RecordingsError> {
        let (bytes, contents) = builder.finish();
        let told = contents.to_bytes();
        // Its own, so that nothing that is put twice takes the place of what is there; and bound to what is said of it.
        let object = format!("{:016x}{}", rng.next_u128() as u64, digest(&told));
        self.objects.put(&ObjectId { site, name: object.clone() }, bytes, seals)?;
        Ok((Part { object, contents: told }, contents))
    }

    fn open_parts<'a>(
        &self,
        site: SiteId,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Object>, RecordingsError> {
        let ids: Vec<ObjectId> = names.map(|name| ObjectId { site, name: name.to_owned() }).collect();
        Ok(self.objects.open_all(&ids, &*self.opener)?)
    }

    pub(super) fn opener(&self) -> &dyn Opener {
        &*self.opener
    }

    pub(super) fn stored(&self) -> io::Result<Vec<ObjectId>> {
        self.objects.list()
    }

    pub(super) fn delete(&self, object: &ObjectId) -> io::Result<()> {
        self.objects.delete(object)
    }

    pub(super) fn delete_unfinished(&self) -> io::Result<()> {
        self.objects.delete_unfinished()
    }
}

/// A scene that is open, or several that follow each other.
pub struct OpenScene {
    parts: Vec<OpenPart>,
    /// The part of each stretch, and its place in it.
    pieces: Vec<(usize, usize)>,
}

impl OpenScene {
    /// Gives its events to `take`, some lines at a time, until it says that it has enough.
    ///
    /// # Errors
    /// [`RecordingsError`]; what was given until then is not the whole.
    pub fn give(&self, take: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), RecordingsError> {
        for (part, place) in &self.pieces {
            if !take(self.parts[*part].read(*place)?) {
                break;
            }
        }
        Ok(())
    }
}

/// A part that is open.
pub(super) struct OpenPart {
    pub(super) contents: Contents,
    object: Object,
    dictionaries: Vec<Arc<Dictionary>>,
}

impl OpenPart {
    /// The events of a stretch, by its place.
    pub(super) fn read(&self, place: usize) -> Result<Vec<u8>, RecordingsError> {
        let stretch = &self.contents.stretches[place];
        let damaged = || RecordingsError::Damaged(self.object.name().to_owned());
        let dictionary = match stretch.dictionary {
            Some(number) => Some(&**self.dictionaries.get(number as usize).ok_or_else(damaged)?),
            None => None,
        };
        let packed = self.object.read(stretch.place.clone())?;
        part::unpack(&packed, stretch, dictionary).map_err(|_| damaged())
    }

    /// The trace of its recording. `None` where none is kept that this Candor reads: it is made anew of the events.
    pub(super) fn trace(&self) -> Result<Option<Trace>, RecordingsError> {
        let Some(kept) = &self.contents.trace else { return Ok(None) };
        Ok(part::unpack_trace(&self.object.read(kept.place.clone())?, kept))
    }
}

/// The contents of these parts, each of which must be what its object's name says.
pub(super) fn read_all(parts: &[Part]) -> Result<Vec<Contents>, RecordingsError> {
    let read = |part: &Part| {
        let fits = part.object.ends_with(&digest(&part.contents));
        let damaged = || RecordingsError::Damaged(format!("what is in part {}", part.object));
        Contents::read(&part.contents).filter(|_| fits).ok_or_else(damaged)
    };
    parts.iter().map(read).collect()
}
