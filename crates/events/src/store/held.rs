//! What segments hold of some visitors, and what it comes to. Most segments are passed over by their bucket, of the
//! others only who is in them is read before anything else.

use std::collections::BTreeSet;

use domain::limits::VISIT_GAP;
use domain::{Erased, SiteId, Timestamp};
use sealing::Object;

use super::{Disk, StoreError};
use crate::catalog::{Kept, Segment, Snapshot};
use crate::rows::{Spine, VisitorKey, merge_order};
use crate::segments::{SegmentError, SegmentReader};

/// Segments that are open at a time.
pub(super) const FILES_AT_ONCE: usize = sealing::protocol::WANTED_MAX;

/// A segment that is open, and who did what when in it.
pub(super) struct Held {
    pub(super) segment: Segment,
    pub(super) reader: SegmentReader,
    pub(super) spine: Spine,
}

/// What a segment has of some visitors: who of them did what when in it, and of nobody else anything.
pub(super) struct Share {
    pub(super) segment: Segment,
    pub(super) spine: Spine,
}

/// The segments of `site` that hold rows of one of `visitors`, in ascending order of arrival, open, each with all of its rows:
/// for whoever writes them anew.
pub(super) fn holding(
    disk: &Disk,
    snapshot: &Snapshot,
    site: SiteId,
    visitors: &BTreeSet<VisitorKey>,
) -> Result<Vec<Held>, StoreError> {
    let mut held = Vec::new();
    each_holding(disk, snapshot, site, visitors, &mut |one| held.push(one))?;
    Ok(held)
}

/// What these segments have of `visitors`, for whoever counts alone. Of other rows no more is in memory at a time than those of
/// one segment, and no file stays open.
pub(super) fn shares(
    disk: &Disk,
    snapshot: &Snapshot,
    site: SiteId,
    visitors: &BTreeSet<VisitorKey>,
) -> Result<Vec<Share>, StoreError> {
    let mut shares = Vec::new();
    each_holding(disk, snapshot, site, visitors, &mut |Held { segment, spine, .. }| {
        shares.push(Share { segment, spine: spine.keep(&spine.of_these(visitors)) });
    })?;
    Ok(shares)
}

fn each_holding(
    disk: &Disk,
    snapshot: &Snapshot,
    site: SiteId,
    visitors: &BTreeSet<VisitorKey>,
    take: &mut dyn FnMut(Held),
) -> Result<(), StoreError> {
    let may_hold =
        |segment: &&Segment| segment.site == site && visitors.range(segment.bucket.keys()).next().is_some();
    let mut segments: Vec<&Segment> = snapshot.segments.iter().filter(may_hold).collect();
    segments.sort_by_key(|segment| segment.arrival);
    let holds_one = |reader: &SegmentReader| {
        let present = reader.visitors()?;
        Ok(visitors.iter().any(|visitor| present.binary_search(visitor).is_ok()))
    };
    each_open(disk, &segments, holds_one, take)
}

/// Those of these segments that are `wanted`, in their order.
pub(super) fn open(
    disk: &Disk,
    segments: &[&Segment],
    wanted: impl Fn(&SegmentReader) -> Result<bool, SegmentError>,
) -> Result<Vec<Held>, StoreError> {
    let mut held = Vec::new();
    each_open(disk, segments, wanted, &mut |one| held.push(one))?;
    Ok(held)
}

/// Hands each of these segments that is `wanted` to `take`, one after the other.
fn each_open(
    disk: &Disk,
    segments: &[&Segment],
    wanted: impl Fn(&SegmentReader) -> Result<bool, SegmentError>,
    take: &mut dyn FnMut(Held),
) -> Result<(), StoreError> {
    for some in segments.chunks(FILES_AT_ONCE) {
        for (segment, object) in some.iter().zip(disk.open_segments(some)?) {
            open_one(segment, object, &wanted)?.into_iter().for_each(&mut *take);
        }
    }
    Ok(())
}

fn open_one(
    segment: &Segment,
    object: Object,
    wanted: &impl Fn(&SegmentReader) -> Result<bool, SegmentError>,
) -> Result<Option<Held>, SegmentError> {
    let reader = SegmentReader::open(object, segment.bytes, segment.footer)?;
    if !wanted(&reader)? {
        return Ok(None);
    }
    let spine = reader.spine()?;
    Ok(Some(Held { segment: segment.clone(), reader, spine }))
}

/// What the rows of `visitors` in these runs come to, which are in ascending order of arrival. Of an event that came twice one
/// counts, as in reports.
pub(super) fn sum(runs: &[(Kept, &Spine)], visitors: &BTreeSet<VisitorKey>) -> Erased {
    let mut sum = Erased::default();
    for kept in [Kept::Counted, Kept::SetAside] {
        let of_kind = runs.iter().filter(|(of, _)| *of == kept);
        for visitor in visitors {
            let keys = *visitor..=*visitor;
            let spines: Vec<Spine> = of_kind.clone().map(|(_, spine)| spine.slice(&keys).0).collect();
            let spines: Vec<&Spine> = spines.iter().collect();
            let rows = merge_order(&spines, &keys).from;
            let times: Vec<Timestamp> =
                rows.iter().map(|(run, row)| spines[*run as usize].at(*row as usize)).collect();
            sum.add(part(kept, &times));
        }
    }
    sum
}

/// What one visitor's events of one kind come to, by their times in order.
fn part(kept: Kept, times: &[Timestamp]) -> Erased {
    let gap = VISIT_GAP.as_millis() as i64;
    let visits = times.windows(2).filter(|pair| pair[1].since(pair[0]) >= gap).count() + 1;
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Erased::default() };
    let (rows, span) = (times.len() as u64, Some((*first, *last)));
    match kept {
        Kept::Counted => Erased { events: rows, visits: visits as u64, span, ..Erased::default() },
        Kept::SetAside => Erased { set_aside: rows, span, ..Erased::default() },
    }
}
