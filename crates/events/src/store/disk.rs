//! Where everything lies: the folders of a data directory that belong to events.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::SiteId;
use sealing::{Object, ObjectId, Objects, Opener, Seals};

use crate::catalog::{Segment, SegmentId};
use crate::journal::JournalFolder;
use crate::segments::{FORM, SegmentError};

/// The journal and the segments of one data directory, and who opens what is sealed in it.
#[derive(Clone)]
pub struct Disk {
    pub(crate) journal: JournalFolder,
    segments: Objects,
    making: PathBuf,
    opener: Arc<dyn Opener>,
}

impl Disk {
    /// The events in the data directory `data`; folders are made where they are missing.
    pub fn open(data: &Path, opener: Arc<dyn Opener>) -> io::Result<Self> {
        let journal = JournalFolder::open(data)?;
        let segments = Objects::in_folder(&data.join("segments"), FORM)?;
        Ok(Self { journal, segments, making: data.join("tmp"), opener })
    }

    /// The same, opened for another purpose.
    #[must_use]
    pub fn opened_by(&self, opener: Arc<dyn Opener>) -> Self {
        Self { opener, ..self.clone() }
    }

    pub(crate) fn opener(&self) -> &dyn Opener {
        &*self.opener
    }

    /// Writes a segment, sealed as `seals` says. When this returns it is durable under its name, complete.
    pub(crate) fn write_segment(
        &self,
        site: SiteId,
        id: SegmentId,
        bytes: Vec<u8>,
        seals: &Seals,
    ) -> io::Result<()> {
        self.segments.put(&object(site, id), bytes, seals)
    }

    /// To which version of its site's pair a live segment is sealed; `None` where it is not.
    pub(crate) fn sealed_to(&self, segment: &Segment) -> Result<Option<u32>, SegmentError> {
        Ok(self.segments.sealed_to(&object(segment.site, segment.id))?)
    }

    /// Live segments, in their order, open; the keeper is asked once for all of them.
    pub(crate) fn open_segments(&self, segments: &[&Segment]) -> Result<Vec<Object>, SegmentError> {
        let ids: Vec<ObjectId> = segments.iter().map(|segment| object(segment.site, segment.id)).collect();
        Ok(self.segments.open_all(&ids, &*self.opener)?)
    }

    /// How many sealed ranges of segments were opened so far.
    pub(crate) fn ranges_opened(&self) -> u64 {
        self.segments.ranges_opened()
    }

    /// Deletes a segment; one that is not there is deleted.
    pub(crate) fn delete_segment(&self, site: SiteId, id: SegmentId) -> io::Result<()> {
        self.segments.delete(&object(site, id))
    }

    /// All segments that are stored, live or not.
    pub(crate) fn stored_segments(&self) -> io::Result<Vec<(SiteId, SegmentId)>> {
        let found = self.segments.list()?.into_iter();
        Ok(found.filter_map(|object| Some((object.site, object.name.parse().ok()?))).collect())
    }

    /// Deletes segments that were never finished. Only the one process that makes segments may ask for it.
    pub(crate) fn delete_unfinished(&self) -> io::Result<()> {
        self.segments.delete_unfinished()?;
        // Where a Candor before object stores wrote them.
        for file in fs::read_dir(&self.making)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == FORM.extension) {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn object(site: SiteId, id: SegmentId) -> ObjectId {
    ObjectId { site, name: id.to_string() }
}
