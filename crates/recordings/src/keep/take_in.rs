//! Spooled files become parts of recordings.

use std::collections::{BTreeMap, BTreeSet};

use domain::SiteId;
use sealing::{Environment, Key, OpenError, Opener, Wanted};

use super::contents::{Contents, Totals};
use super::ledger::{Change, Found, Taken, Whose};
use super::objects::read_all;
use super::part::{Builder, LEVEL, cut};
use super::{Progress, RecordingsError, Upkeep};
use crate::chunk::{Packed, Spooled};
use crate::size::Size;
use crate::spool::{ClosedFile, Found as InFile, Frames, HeaderFault};

impl Upkeep {
    /// Takes one closed file in, and deletes those that were taken in before.
    ///
    /// # Errors
    /// [`RecordingsError`]; the file is there as it was.
    pub fn take_in(&self) -> Result<Progress, RecordingsError> {
        let known = self.ledger.spooled()?;
        let names = self.spool.names()?;
        self.delete_taken(&known, &names)?;
        for name in names.iter().filter(|name| !known.contains(*name)) {
            self.step()?;
            if let Some(mut file) = self.spool.closed(name)? {
                self.take_in_file(&mut file)?;
                return Ok(Progress::Made);
            }
        }
        Ok(Progress::Idle)
    }

    /// Deletes the files of which the ledger has everything, and lets it forget those that are gone.
    fn delete_taken(&self, known: &BTreeSet<String>, names: &[String]) -> Result<(), RecordingsError> {
        for name in names.iter().filter(|name| known.contains(*name)) {
            self.spool.delete(name)?;
            self.step()?;
        }
        if known.is_empty() {
            return Ok(());
        }
        Ok(self.ledger.publish(&Change { forget: known.iter().cloned().collect(), ..Change::default() })?)
    }

    fn take_in_file(&self, file: &mut ClosedFile) -> Result<(), RecordingsError> {
        let bytes = file.read()?;
        let mut change = Change { spooled: Some(file.name.clone()), ..Change::default() };
        let (chunks, whole) = match Frames::of(&bytes) {
            Ok(frames) => self.open_chunks(frames, &file.name)?,
            Err(fault @ HeaderFault::Newer(_)) => {
                return Err(RecordingsError::Spool(file.name.clone(), fault.to_string()));
            }
            Err(HeaderFault::NotOne) => (Vec::new(), false),
        };
        let mut of_recordings: BTreeMap<Whose, Vec<Packed>> = BTreeMap::new();
        for (site, chunk) in chunks {
            let whose = Whose { site, visitor: chunk.head.visitor, tab: chunk.head.tab };
            of_recordings.entry(whose).or_default().push(chunk);
        }
        for (whose, chunks) in of_recordings {
            self.step()?;
            change.taken.extend(self.take_in_recording(whose, chunks)?);
        }
        if !whole {
            let path = self.spool.keep_damaged(&file.name)?;
            tracing::error!(path = %path.display(), "a spooled file is damaged; what is damaged is not kept");
        }
        self.step()?;
        self.ledger.publish(&change)?;
        self.step()?;
        self.spool.delete(&file.name)?;
        Ok(())
    }

    /// The chunks of a file, open, and whether all of it was what was spooled. What was sealed for a site whose key was
    /// destroyed is gone on purpose.
    fn open_chunks(
        &self,
        mut frames: Frames<'_>,
        name: &str,
    ) -> Result<(Vec<(SiteId, Packed)>, bool), RecordingsError> {
        let opener = self.recordings.opener();
        let (mut chunks, mut whole) = (Vec::new(), true);
        let mut found = Vec::new();
        for one in frames.by_ref() {
            match one {
                InFile::Chunk(chunk) => found.push(chunk),
                InFile::Altered => whole = false,
            }
        }
        if frames.torn {
            tracing::warn!(name, "a spooled file ends inside a group, which was never acknowledged");
        }
        let environment = opener.environment()?;
        let (wanted, bad) = wanted(&found, environment);
        whole &= !bad;
        let keys = keys(&wanted, opener)?;
        for (chunk, (wanted, key)) in found.iter().zip(wanted.into_iter().zip(keys)) {
            let opened = match (wanted, key) {
                (Some(Asked::Plain), _) => chunk.open(None),
                (Some(Asked::Key(wanted)), Given::Key(key)) => chunk.open(Some((&key, &wanted.label))),
                (_, Given::Destroyed) => continue,
                _ => None,
            };
            match opened {
                Some(opened) => chunks.push((chunk.site, opened)),
                None => whole = false,
            }
        }
        Ok((chunks, whole))
    }

    /// What is new of a recording, as parts of it; none where nothing is, or nobody wants it any more.
    fn take_in_recording(
        &self,
        whose: Whose,
        mut chunks: Vec<Packed>,
    ) -> Result<Vec<Taken>, RecordingsError> {
        let mut parts = match self.ledger.find(&whose)? {
            Found::Removed => return Ok(Vec::new()),
            Found::New => Vec::new(),
            Found::Known(parts) => read_all(&parts)?,
        };
        let mut known: BTreeSet<_> = parts.iter().flat_map(Contents::chunks).collect();
        let mut size = Size::of(&parts, known.len());
        chunks.retain(|chunk| known.insert((chunk.head.page, chunk.head.number)));
        chunks.sort_by_key(|chunk| (chunk.head.received_at, chunk.head.page, chunk.head.number));
        let mut taken = Vec::new();
        let (mut builder, mut paths) = (Builder::new(LEVEL), BTreeSet::new());
        let mut chunks = chunks.iter().peekable();
        while let Some(chunk) = chunks.next() {
            let events = chunk.unpack()?;
            size = size.plus(Size { chunks: 1, kept: chunk.bytes(), events: events.len() as u64 });
            let fits = size.fits(self.limit);
            if fits {
                for piece in cut(&chunk.head, &events) {
                    builder.add(piece, None)?;
                }
                builder.check(&chunk.checked);
                paths.insert(chunk.head.path.clone());
            } else {
                tracing::warn!(
                    "a recording of site {} is as large as one may be; the rest of it is not kept",
                    whose.site
                );
            }
            let last = !fits || chunks.peek().is_none();
            if builder.is_full() || (last && !builder.is_empty()) {
                let full = std::mem::replace(&mut builder, Builder::new(LEVEL));
                let (part, contents) = self.recordings.put(whose.site, full, (&self.seals, &*self.rng))?;
                parts.push(contents);
                taken.push(Taken {
                    whose,
                    onlooker: chunk.head.onlooker.clone(),
                    totals: Totals::of(&parts, chunk.head.received_at),
                    paths: std::mem::take(&mut paths),
                    part,
                    replaces: Vec::new(),
                    dictionaries: Vec::new(),
                });
            }
            if last {
                break;
            }
        }
        Ok(taken)
    }
}

/// What is asked for a chunk.
enum Asked {
    Key(Wanted),
    /// It is not sealed.
    Plain,
}

/// What is given for it.
enum Given {
    Key(Key),
    Destroyed,
    /// It does not open.
    Nothing,
}

/// What is to be asked for each chunk, and whether one is none.
fn wanted(found: &[Spooled<'_>], environment: Environment) -> (Vec<Option<Asked>>, bool) {
    let mut bad = false;
    let ask = |chunk: &Spooled<'_>| match chunk.wanted(environment) {
        Ok(Some(wanted)) => Some(Asked::Key(wanted)),
        Ok(None) => Some(Asked::Plain),
        Err(_) => {
            bad = true;
            None
        }
    };
    (found.iter().map(ask).collect(), bad)
}

/// The keys, asked for together: the keeper writes down every question before it answers. Where one is not given each is
/// asked for by itself, so that what is gone or damaged of one site holds up no other.
fn keys(wanted: &[Option<Asked>], opener: &dyn Opener) -> Result<Vec<Given>, OpenError> {
    let sealed: Vec<Wanted> = wanted
        .iter()
        .filter_map(|asked| match asked {
            Some(Asked::Key(wanted)) => Some(wanted.clone()),
            _ => None,
        })
        .collect();
    let given: Vec<Given> = match opener.open(&sealed) {
        Ok(keys) => keys.into_iter().map(Given::Key).collect(),
        Err(OpenError::Destroyed(_) | OpenError::Refused(..)) => {
            sealed.iter().map(|one| key(one, opener)).collect::<Result<_, _>>()?
        }
        Err(error) => return Err(error),
    };
    let mut given = given.into_iter();
    let next = |asked: &Option<Asked>| match asked {
        Some(Asked::Key(_)) => given.next().unwrap_or(Given::Nothing),
        _ => Given::Nothing,
    };
    Ok(wanted.iter().map(next).collect())
}

fn key(wanted: &Wanted, opener: &dyn Opener) -> Result<Given, OpenError> {
    match opener.open(std::slice::from_ref(wanted)) {
        Ok(keys) => Ok(keys.into_iter().next().map_or(Given::Nothing, Given::Key)),
        Err(OpenError::Destroyed(_)) => Ok(Given::Destroyed),
        Err(OpenError::Refused(..)) => Ok(Given::Nothing),
        Err(error) => Err(error),
    }
}
