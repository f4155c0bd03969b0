//! Where everything lies: the folders of a data directory that belong to events.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::SiteId;
use sealing::{Environment, HEADER_BYTES, Kind, Label, ObjectError, Opened, Opener, OrganizationId};

use crate::catalog::{Segment, SegmentId};
use crate::journal::{JournalFolder, Seals};
use crate::segments::{SegmentError, Source};

/// The journal and the segments of one data directory, and who opens what is sealed in it.
#[derive(Clone)]
pub struct Disk {
    pub(crate) journal: JournalFolder,
    segments: PathBuf,
    making: PathBuf,
    opener: Arc<dyn Opener>,
    ranges_opened: Arc<AtomicU64>,
}

impl Disk {
    /// The events in the data directory `data`; folders are made where they are missing.
    pub fn open(data: &Path, opener: Arc<dyn Opener>) -> io::Result<Self> {
        let journal = JournalFolder::open(data)?;
        let segments = data.join("segments");
        fs::create_dir_all(&segments)?;
        Ok(Self { journal, segments, making: data.join("tmp"), opener, ranges_opened: Arc::default() })
    }

    /// The same, opened for another purpose.
    #[must_use]
    pub fn opened_by(&self, opener: Arc<dyn Opener>) -> Self {
        Self { opener, ..self.clone() }
    }

    pub(crate) fn opener(&self) -> &dyn Opener {
        &*self.opener
    }

    fn folder(&self, site: SiteId) -> PathBuf {
        self.segments.join(site.to_string())
    }

    fn path(&self, site: SiteId, id: SegmentId) -> PathBuf {
        self.folder(site).join(format!("{id}.parquet"))
    }

    /// Writes a segment's file, sealed as `seals` says. When this returns it is durable under its name, complete.
    pub(crate) fn write_segment(
        &self,
        site: SiteId,
        id: SegmentId,
        bytes: &[u8],
        seals: &Seals,
    ) -> io::Result<()> {
        let sealed = sealed(site, id, bytes, seals)?;
        let folder = self.folder(site);
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            File::open(&self.segments)?.sync_all()?;
        }
        let making = self.making.join(format!("{id}.parquet"));
        let mut file = File::create(&making)?;
        file.write_all(sealed.as_deref().unwrap_or(bytes))?;
        file.sync_all()?;
        fs::rename(&making, self.path(site, id))?;
        File::open(&folder)?.sync_all()
    }

    /// To which version of its site's pair a live segment's file is sealed; `None` where it is not.
    pub(crate) fn sealed_to(&self, segment: &Segment) -> Result<Option<u32>, SegmentError> {
        let path = self.path(segment.site, segment.id);
        let failed = |error| SegmentError::Disk { path: path.clone(), error };
        let mut header = Vec::new();
        File::open(&path)
            .map_err(failed)?
            .take(HEADER_BYTES as u64)
            .read_to_end(&mut header)
            .map_err(failed)?;
        match Opened::sealed_key(&header) {
            Ok(key) => Ok(Some(key.version())),
            Err(ObjectError::NotSealed) => Ok(None),
            Err(error) => Err(failed(io::Error::other(error))),
        }
    }

    /// The files of live segments, in their order, open; the keeper is asked once for all of them.
    pub(crate) fn sources(&self, segments: &[&Segment]) -> Result<Vec<Source>, SegmentError> {
        let files = segments.iter().map(|segment| {
            let Segment { site, id, .. } = **segment;
            (self.path(site, id), move |environment| label(environment, site, id))
        });
        Source::open_all(files, &*self.opener, &self.ranges_opened)
    }

    /// How many sealed ranges of segments were opened so far.
    pub(crate) fn ranges_opened(&self) -> u64 {
        self.ranges_opened.load(Ordering::Relaxed)
    }

    /// Deletes a segment's file; one that is not there is deleted.
    pub(crate) fn delete_segment(&self, site: SiteId, id: SegmentId) -> io::Result<()> {
        delete(&self.path(site, id))
    }

    /// All segment files, live or not.
    pub(crate) fn segment_files(&self) -> io::Result<Vec<(SiteId, SegmentId)>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(&self.segments)? {
            let folder = folder?;
            let Some(site) = folder.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            for file in fs::read_dir(folder.path())? {
                let name = file?.file_name();
                let id = name.to_str().and_then(|name| name.strip_suffix(".parquet")?.parse().ok());
                found.extend(id.map(|id: SegmentId| (SiteId(site), id)));
            }
        }
        Ok(found)
    }

    /// Deletes segment files that were never finished. Only the one process that makes segments may ask for it.
    pub(crate) fn delete_unfinished(&self) -> io::Result<()> {
        for file in fs::read_dir(&self.making)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "parquet") {
                delete(&path)?;
            }
        }
        Ok(())
    }
}

/// The bytes as they rest; `None` where they rest as they are.
fn sealed(site: SiteId, id: SegmentId, bytes: &[u8], seals: &Seals) -> io::Result<Option<Vec<u8>>> {
    let Seals::Sealed { recipients, rng } = seals else { return Ok(None) };
    let no_key = || io::Error::other(format!("site {site} has no key to seal to"));
    let recipient = recipients.recipient(site).ok_or_else(no_key)?;
    let label = label(recipients.environment(), site, id).to_bytes();
    sealing::seal(bytes, &recipient, &label, &**rng).map(Some).map_err(io::Error::other)
}

fn label(environment: Environment, site: SiteId, id: SegmentId) -> Label {
    let organization = OrganizationId::SOLE;
    Label { environment, organization, site, kind: Kind::Segment, name: id.to_string() }
}

fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
