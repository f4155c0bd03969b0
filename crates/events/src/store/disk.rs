//! Where everything lies: the folders of a data directory that belong to events.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use domain::SiteId;

use crate::catalog::{Segment, SegmentId};
use crate::journal::JournalFolder;
use crate::segments::{Encoded, SegmentError, SegmentReader};

/// The journal and the segments of one data directory.
#[derive(Clone, Debug)]
pub struct Disk {
    pub(crate) journal: JournalFolder,
    segments: PathBuf,
    making: PathBuf,
}

impl Disk {
    /// The events in the data directory `data`; folders are made where they are missing.
    pub fn open(data: &Path) -> io::Result<Self> {
        let journal = JournalFolder::open(data)?;
        let segments = data.join("segments");
        fs::create_dir_all(&segments)?;
        Ok(Self { journal, segments, making: data.join("tmp") })
    }

    fn folder(&self, site: SiteId) -> PathBuf {
        self.segments.join(site.to_string())
    }

    fn path(&self, site: SiteId, id: SegmentId) -> PathBuf {
        self.folder(site).join(format!("{id}.parquet"))
    }

    /// Writes a segment's file. When this returns it is durable under its name, complete.
    pub(crate) fn write_segment(&self, site: SiteId, id: SegmentId, encoded: &Encoded) -> io::Result<()> {
        let folder = self.folder(site);
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            File::open(&self.segments)?.sync_all()?;
        }
        let making = self.making.join(format!("{id}.parquet"));
        let mut file = File::create(&making)?;
        file.write_all(&encoded.bytes)?;
        file.sync_all()?;
        fs::rename(&making, self.path(site, id))?;
        File::open(&folder)?.sync_all()
    }

    /// Opens the file of a live segment.
    pub(crate) fn read_segment(&self, segment: &Segment) -> Result<SegmentReader, SegmentError> {
        SegmentReader::open(&self.path(segment.site, segment.id), segment.bytes, segment.footer)
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

fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
