//! Small segments become large ones.
//!
//! A merge takes segments of one site and month whose arrivals adjoin: nothing that stays outside came between
//! them, so rows equal in (visitor, time) keep their order of arrival whatever is merged when. The new segments
//! are durable before one transaction puts them in the place of the old.

mod choose;

use std::sync::Arc;

use sealing::Object;

use super::output::{Shelf, bucket_bits};
use super::{Pace, Progress, Upkeep};
use crate::catalog::{Bucket, Change, Level, Segment};
use crate::dictionary::Dictionaries;
use crate::rows::{Codes, Column, Ids, Run, Spine, merge_codes, merge_order};
use crate::segments::{SegmentError, SegmentReader};
use crate::store::StoreError;

/// Segments to merge, in ascending order of arrival, and what they become.
pub(super) struct Job<'a> {
    pub(super) inputs: Vec<&'a Segment>,
    pub(super) level: Level,
}

/// One input of a job, open.
struct Input<'a> {
    segment: &'a Segment,
    reader: SegmentReader,
}

impl Upkeep {
    /// Does the merge that is due most, if any is.
    pub fn merge(&self, pace: Pace) -> Result<Progress, StoreError> {
        let snapshot = self.snapshot()?;
        let numbers = self.disk.journal.numbers()?;
        // What waits in the journal may have come between two segments: those after it wait, too.
        let waiting = numbers.into_iter().find(|number| !snapshot.absorbed.contains(number));
        let settled = |segment: &&Segment| waiting.is_none_or(|number| segment.arrival.1 < number);
        let segments: Vec<&Segment> = snapshot.segments.iter().filter(settled).collect();
        let Some(job) = choose::choose(&segments, self.now(), pace) else {
            return Ok(Progress::Idle);
        };
        let change = self.run(&job)?;
        self.step()?;
        self.catalog.publish(&change)?;
        self.step()?;
        Ok(Progress::Made)
    }

    fn run<'a>(&self, job: &Job<'a>) -> Result<Change, StoreError> {
        let objects = self.merging.open_segments(&job.inputs)?;
        let open = |(segment, object): (&&'a Segment, Object)| {
            let reader = SegmentReader::open(object, segment.bytes, segment.footer)?;
            Ok(Input { segment, reader })
        };
        let inputs: Vec<Input<'_>> =
            job.inputs.iter().zip(objects).map(open).collect::<Result<_, SegmentError>>()?;
        let rows = job.inputs.iter().map(|segment| u64::from(segment.rows)).sum();
        let mut change = Change::new(self.now());
        change.replace = job.inputs.iter().map(|segment| segment.id).collect();
        for bucket in Bucket::split(bucket_bits(rows)) {
            let texts = Dictionaries::new();
            let run = self.merge_bucket(&inputs, bucket, &texts)?;
            change.add.extend(self.write_segment(&run, &texts, self.shelf(job, bucket))?);
        }
        Ok(change)
    }

    fn shelf(&self, job: &Job<'_>, bucket: Bucket) -> Shelf {
        let first = job.inputs[0];
        let arrivals = || job.inputs.iter().map(|segment| segment.arrival);
        Shelf {
            site: first.site,
            kept: first.kept,
            level: job.level,
            bucket,
            arrival: (
                arrivals().map(|(first, _)| first).min().unwrap_or_default(),
                arrivals().map(|(_, last)| last).max().unwrap_or_default(),
            ),
            ids_until: job.inputs.iter().filter_map(|segment| segment.ids_until).max(),
        }
    }

    /// Merges one bucket's rows of all inputs, a column at a time, so that no more is in memory than the bucket.
    fn merge_bucket(
        &self,
        inputs: &[Input<'_>],
        bucket: Bucket,
        texts: &Dictionaries,
    ) -> Result<Run, StoreError> {
        let inputs: Vec<&Input<'_>> =
            inputs.iter().filter(|input| input.segment.bucket.meets(bucket)).collect();
        let keys = bucket.keys();
        let mut spines = Vec::with_capacity(inputs.len());
        let mut rows = Vec::with_capacity(inputs.len());
        for input in &inputs {
            self.step()?;
            let (mut spine, range) = input.reader.spine()?.slice(&keys);
            if input.segment.ids_until.is_none_or(|until| until <= self.now()) {
                spine.ids = Ids::default();
            }
            spines.push(spine);
            rows.push(range);
        }
        let borrowed: Vec<&Spine> = spines.iter().collect();
        let order = merge_order(&borrowed, &keys);
        let spine = order.spine(&borrowed);
        drop(spines);
        let mut columns = Vec::with_capacity(Column::ALL.len());
        for column in Column::ALL {
            self.step()?;
            let mut parts: Vec<Codes> = Vec::with_capacity(inputs.len());
            for (input, rows) in inputs.iter().zip(&rows) {
                let read = input.reader.columns(&[column], texts)?;
                parts.extend(read.iter().map(|(_, codes)| codes.slice(rows.clone())));
            }
            let codes = merge_codes(&parts.iter().collect::<Vec<_>>(), &order.from);
            columns.push((column, Arc::new(codes)));
        }
        Ok(Run { spine: Arc::new(spine), columns, arrival: 0 })
    }
}
