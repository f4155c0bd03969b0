//! Heatmaps: of which recordings one is made, and what is read for it. However many there are, so much is read and no more; how
//! many were is said with the answer.

use std::ops::ControlFlow;

use control::RecordingRow;
use recordings::{Heatmap, Part, Pattern, Recordings, RecordingsError, Screen, Trace, TraceCost};

use super::permits::SitePermit;
use super::recordings::matching::Wanted;
use super::state::App;
use crate::http::problem::Problem;
use crate::http::recordings::failed;
use crate::ledger::part_of;
use crate::logging::with_causes;

/// Recordings of which one heatmap is made.
pub(crate) const RECORDINGS_MAX: usize = 2_000;
/// Bytes that are read for one, unpacked, and objects that are opened.
const BYTES_MAX: u64 = 64 << 20;
const OBJECTS_MAX: usize = 8_192;
/// Objects that are open at once; a recording of more is not read until it is put together.
const OPEN_MAX: usize = 256;

/// What was read.
pub(crate) struct Summed {
    pub(crate) heatmap: Heatmap,
    /// How many recordings were read, of how many that were found.
    pub(crate) recordings: usize,
    pub(crate) matching: usize,
}

/// The heatmap of pages.
pub(crate) fn sum(
    app: &App,
    permit: &SitePermit,
    wanted: Wanted,
    pattern: Pattern,
    screen: Screen,
) -> Result<Summed, Problem> {
    let found = find(app, permit, wanted, &pattern)?;
    let mut heatmap = Heatmap::new(pattern, screen);
    let mut recordings = 0;
    let mut budget = Budget { bytes: BYTES_MAX, objects: OBJECTS_MAX };
    read(app, permit, &found.newest, &mut budget, &mut |row, trace| {
        recordings += 1;
        heatmap.add(row.id, row.started_at.0, &trace);
    })?;
    Ok(Summed { heatmap, recordings, matching: found.matching })
}

/// Shows `see` the traces of the recordings of which the heatmap of these pages is made.
pub(crate) fn each(
    app: &App,
    permit: &SitePermit,
    wanted: Wanted,
    pattern: &Pattern,
    see: &mut dyn FnMut(&RecordingRow, Trace),
) -> Result<(), Problem> {
    let found = find(app, permit, wanted, pattern)?;
    read(app, permit, &found.newest, &mut Budget { bytes: BYTES_MAX, objects: OBJECTS_MAX }, see)
}

/// The paths of pages that were recorded, and in how many recordings each is; those in most come first.
pub(crate) fn pages(app: &App, permit: &SitePermit, wanted: &Wanted) -> Result<Vec<(String, u64)>, Problem> {
    let range = (wanted.range.map(|range| range.start), wanted.range.map(|range| range.end));
    let mut ids = None;
    if wanted.visits.is_some() || wanted.visitor.is_some() {
        let found: &mut Vec<u64> = ids.insert(Vec::new());
        wanted.each(app, permit, None, &mut |row| {
            found.push(row.id);
            ControlFlow::Continue(())
        })?;
    }
    Ok(app.control.recorded_paths(permit.site.id, range, "*", ids.as_deref())?)
}

/// Recordings in which such a page is, the newest first.
struct Found<R> {
    /// As many as are read.
    newest: Vec<R>,
    /// How many there are, as far as they were looked at.
    matching: usize,
}

impl<R> Found<R> {
    const fn none() -> Self {
        Self { newest: Vec::new(), matching: 0 }
    }

    fn count(&mut self, one: R) {
        self.matching += 1;
        if self.newest.len() < RECORDINGS_MAX {
            self.newest.push(one);
        }
    }
}

fn find(
    app: &App,
    permit: &SitePermit,
    wanted: Wanted,
    pattern: &Pattern,
) -> Result<Found<RecordingRow>, Problem> {
    let range = (wanted.range.map(|range| range.start), wanted.range.map(|range| range.end));
    let paths = app.control.recorded_paths(permit.site.id, range, &pattern.as_glob(), None)?;
    let paths = paths.into_iter().map(|(path, _)| path).filter(|path| pattern.fits(path)).collect();
    let wanted = Wanted { paths: Some(paths), ..wanted };
    let mut found = Found::none();
    wanted.each(app, permit, None, &mut |row| {
        found.count(row);
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// What may still be read.
#[derive(Clone, Copy)]
struct Budget {
    bytes: u64,
    objects: usize,
}

impl Budget {
    /// Takes away what something costs, where that is there.
    fn pay(&mut self, cost: TraceCost) -> bool {
        let enough = cost.bytes <= self.bytes && cost.objects <= self.objects && cost.objects <= OPEN_MAX;
        if enough {
            self.bytes -= cost.bytes;
            self.objects -= cost.objects;
        }
        enough
    }
}

/// A recording that is read with others, and its parts.
type Reading<'a> = (&'a RecordingRow, Vec<Part>);

/// Reads what fits. What was put together comes first, as it costs next to nothing; then the others, the newest first.
fn read(
    app: &App,
    permit: &SitePermit,
    rows: &[RecordingRow],
    budget: &mut Budget,
    see: &mut dyn FnMut(&RecordingRow, Trace),
) -> Result<(), Problem> {
    let recordings = permit.recordings(app);
    let mut later = Vec::new();
    for settled in [true, false] {
        let rows: Vec<&RecordingRow> =
            if settled { rows.iter().collect() } else { std::mem::take(&mut later) };
        let (mut together, mut objects): (Vec<Reading<'_>>, usize) = (Vec::new(), 0);
        for row in rows {
            let Some(parts) = parts_of(app, permit, row.id)? else { continue };
            let cost = match Recordings::trace_cost(&parts) {
                Ok(cost) if settled && !cost.kept => {
                    later.push(row);
                    continue;
                }
                Ok(cost) => cost,
                Err(error) => {
                    pass_over(row.id, &error)?;
                    continue;
                }
            };
            if !budget.pay(cost) {
                continue;
            }
            if objects + cost.objects > OPEN_MAX {
                read_together(app, permit, &recordings, std::mem::take(&mut together), see)?;
                objects = 0;
            }
            objects += cost.objects;
            together.push((row, parts));
        }
        read_together(app, permit, &recordings, together, see)?;
    }
    Ok(())
}

/// Reads some recordings, opened with one question to the keeper; where that fails for one, each by itself.
fn read_together(
    app: &App,
    permit: &SitePermit,
    recordings: &Recordings,
    together: Vec<Reading<'_>>,
    see: &mut dyn FnMut(&RecordingRow, Trace),
) -> Result<(), Problem> {
    if together.is_empty() {
        return Ok(());
    }
    let (rows, parts): (Vec<_>, Vec<_>) = together.into_iter().unzip();
    match recordings.traces(permit.site.id, &parts) {
        Ok(traces) => rows.into_iter().zip(traces).for_each(|(row, trace)| see(row, trace)),
        Err(error) if error.is_of_one() => {
            for row in rows {
                if let Some(trace) = read_alone(app, permit, recordings, row.id)? {
                    see(row, trace);
                }
            }
        }
        Err(error) => return Err(failed(&error)),
    }
    Ok(())
}

/// The trace of one recording; none where it was removed or cannot be read. Where its parts are put together just now it is
/// looked for once more.
fn read_alone(
    app: &App,
    permit: &SitePermit,
    recordings: &Recordings,
    id: u64,
) -> Result<Option<Trace>, Problem> {
    let mut again = false;
    loop {
        let Some(parts) = parts_of(app, permit, id)? else { return Ok(None) };
        match recordings.traces(permit.site.id, &[parts]) {
            Ok(mut traces) => return Ok(traces.pop()),
            Err(error) if error.is_gone() && !std::mem::replace(&mut again, true) => {}
            Err(error) => {
                pass_over(id, &error)?;
                return Ok(None);
            }
        }
    }
}

fn parts_of(app: &App, permit: &SitePermit, id: u64) -> Result<Option<Vec<Part>>, Problem> {
    let found = app.control.recording(permit.site.id, id)?;
    Ok(found.map(|(_, parts)| parts.into_iter().map(part_of).collect()))
}

/// One that is damaged holds up no other: that it is missing, the counts say.
fn pass_over(id: u64, error: &RecordingsError) -> Result<(), Problem> {
    if !error.is_of_one() {
        return Err(failed(error));
    }
    tracing::error!("recording {id:016x} is in no heatmap: {}", with_causes(error));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_recordings_are_read_and_of_one_more_the_newest_and_all_are_counted() {
        let mut found = Found::none();
        (0..RECORDINGS_MAX).for_each(|age| found.count(age));
        assert_eq!((found.newest.len(), found.matching), (RECORDINGS_MAX, RECORDINGS_MAX));
        found.count(RECORDINGS_MAX);
        assert_eq!((found.newest.len(), found.matching), (RECORDINGS_MAX, RECORDINGS_MAX + 1));
        assert!(!found.newest.contains(&RECORDINGS_MAX));
    }

    #[test]
    fn what_is_read_has_its_bytes_and_objects_and_not_one_more() {
        let cost = |bytes, objects| TraceCost { bytes, objects, kept: false };
        let budget = || Budget { bytes: BYTES_MAX, objects: OBJECTS_MAX };
        assert!(budget().pay(cost(BYTES_MAX, OPEN_MAX)));
        assert!(!budget().pay(cost(BYTES_MAX + 1, 1)));
        assert!(!budget().pay(cost(1, OPEN_MAX + 1)));
        let mut whole = budget();
        let paid = std::iter::repeat_with(|| whole.pay(cost(1, OPEN_MAX))).take_while(|paid| *paid).count();
        assert_eq!(paid, OBJECTS_MAX / OPEN_MAX);
        let mut half = budget();
        assert!(half.pay(cost(BYTES_MAX / 2, 1)) && !half.pay(cost(BYTES_MAX / 2 + 1, 1)));
        assert!(half.pay(cost(BYTES_MAX / 2, 1)), "what fits is read though something before it did not");
    }
}
