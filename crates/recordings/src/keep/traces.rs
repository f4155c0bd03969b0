//! The traces of many recordings, for heatmaps: as they are kept where a recording was put together, and made of its events
//! where it was not.

use domain::SiteId;

use super::RecordingsError;
use super::contents::Contents;
use super::index::Index;
use super::ledger::Part;
use super::objects::{OpenPart, Recordings, read_all};
use crate::heat::{Trace, Tracer};

/// What it takes to know the trace of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceCost {
    /// Bytes, unpacked.
    pub bytes: u64,
    /// Objects that are opened.
    pub objects: usize,
    /// Whether it is kept; else all its events are read.
    pub kept: bool,
}

impl Recordings {
    /// What it takes to know the trace of a recording of these parts. Nothing is opened for it.
    ///
    /// # Errors
    /// [`RecordingsError::Damaged`] where what the ledger holds is not what was put there.
    pub fn trace_cost(parts: &[Part]) -> Result<TraceCost, RecordingsError> {
        let contents = read_all(parts)?;
        if let [Contents { trace: Some(trace), .. }] = &contents[..] {
            return Ok(TraceCost { bytes: trace.unpacked, objects: 1, kept: true });
        }
        let stretches = contents.iter().flat_map(|part| &part.stretches);
        let bytes = stretches.map(|stretch| stretch.unpacked).sum();
        Ok(TraceCost { bytes, objects: parts.len(), kept: false })
    }

    /// The traces of recordings of one site, each of which is told by its parts. The keeper is asked for all of them together.
    ///
    /// # Errors
    /// [`RecordingsError`] for the first that is not what was put there.
    pub fn traces(&self, site: SiteId, recordings: &[Vec<Part>]) -> Result<Vec<Trace>, RecordingsError> {
        let parts: Vec<Part> = recordings.iter().flatten().cloned().collect();
        let kept = recordings.iter().map(|parts| Ok((parts.len(), Self::trace_cost(parts)?.kept)));
        let kept: Vec<(usize, bool)> = kept.collect::<Result<_, RecordingsError>>()?;
        let read: Vec<bool> =
            kept.iter().flat_map(|(count, kept)| std::iter::repeat_n(!kept, *count)).collect();
        let mut open = self.open_needed(site, &parts, |at| read[at])?.into_iter();
        kept.iter()
            .zip(recordings)
            .map(|((count, kept), parts)| {
                let of_one: Vec<OpenPart> = open.by_ref().take(*count).collect();
                match of_one.first().filter(|_| *kept).map(OpenPart::trace).transpose()?.flatten() {
                    Some(trace) => Ok(trace),
                    // Kept as another Candor writes it: its dictionaries are not open.
                    None if *kept => made_of(&self.open_whole(site, parts)?),
                    None => made_of(&of_one),
                }
            })
            .collect()
    }
}

/// The trace of a recording, made of its events.
fn made_of(parts: &[OpenPart]) -> Result<Trace, RecordingsError> {
    let contents: Vec<Contents> = parts.iter().map(|part| part.contents.clone()).collect();
    let mut tracer = Tracer::default();
    for (part, place) in Index::of(&contents).scenes.iter().flat_map(|scene| &scene.pieces) {
        let stretch = &contents[*part].stretches[*place];
        tracer.take(stretch.page, &stretch.path, &parts[*part].read(*place)?);
    }
    Ok(tracer.finish())
}
