//! What is kept of visits' recordings once they have come to rest. Chunks as a browser sent them pass the gate, are sealed and
//! spooled, taken in, learned from and put together by the product's own code over its own tables, with a clock that
//! is moved on instead of waited for.

mod house;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use capture::Controls;
use capture::recording::{self as dialect, Gate, Page, Policy, Text as PageText};
use domain::limits::PATH_BYTES;
use domain::{Text, Timestamp, VisitorId};
use recordings::{Checked, Chunk, Head, Onlooker, Progress};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use house::House;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// After so long every recording is over.
const OVER: Duration = Duration::from_secs(60 * 60);

/// What is kept, in bytes.
#[derive(Serialize)]
pub(crate) struct Kept {
    visits: usize,
    /// Events as the gate lets them through.
    events: u64,
    /// Recordings as they were taken in, and at rest.
    taken_in: u64,
    at_rest: u64,
    /// Dictionaries: what they add to the recordings at rest, and is counted in them.
    dictionaries: u64,
    /// By how much the control database grew: the index of every recording.
    ledger: u64,
}

#[derive(Deserialize)]
struct Events<'a> {
    #[serde(borrow)]
    e: Vec<&'a RawValue>,
}

/// Keeps the visits of `from`, a folder each with its chunks in the order in which they were sent, in the empty folder `data`.
pub(crate) fn measure(from: &Path, data: &Path, is_clear: bool) -> Result<Kept, Failed> {
    let visits = sorted(from)?;
    let policy = Policy { text: if is_clear { PageText::Clear } else { PageText::Starred } };
    let house = House::new(data)?;
    let before = size(&house.database)?;
    let mut events = 0;
    for (number, visit) in visits.iter().enumerate() {
        let chunks = gated(visit, VisitorId::from_u128(number as u128 + 1), policy)?;
        events += chunks.iter().map(|chunk| chunk.events.len() as u64).sum::<u64>();
        house.clock.set(chunks.last().map_or(Timestamp(0), |chunk| chunk.head.received_at));
        house.spool(&chunks)?;
        while house.upkeep.take_in()? == Progress::Made {}
    }
    let taken_in = size(&house.objects)?;
    house.clock.advance(OVER);
    while house.upkeep.learn()? == Progress::Made {}
    let learned = size(&house.objects)?;
    while house.upkeep.settle()? == Progress::Made {}
    house.upkeep.collect()?;
    let ledger = size(&house.database)? - before;
    let (at_rest, dictionaries) = (size(&house.objects)?, learned - taken_in);
    Ok(Kept { visits: visits.len(), events, taken_in, at_rest, dictionaries, ledger })
}

/// The chunks of a visit as `edge` would keep them.
fn gated(visit: &Path, visitor: VisitorId, policy: Policy) -> Result<Vec<Chunk>, Failed> {
    let gate = Gate::new(&Controls::default());
    let mut pages: BTreeMap<dialect::PageId, Page> = BTreeMap::new();
    let mut chunks = Vec::new();
    for path in sorted(visit)? {
        let bytes = fs::read(&path)?;
        let unpacked =
            dialect::unpack(&bytes, dialect::limits().chunk_bytes).map_err(|refused| refused.to_string())?;
        let head = dialect::read_head(&unpacked).map_err(|refused| refused.to_string())?;
        let page = pages.entry(head.page).or_default();
        let passed =
            gate.pass(page, policy, &unpacked).map_err(|refused| format!("{}: {refused}", path.display()))?;
        let events: Events<'_> = serde_json::from_slice(&passed.chunk)?;
        let lines: String = events.e.iter().map(|event| format!("{}\n", event.get())).collect();
        chunks.push(Chunk {
            head: Head {
                visitor,
                tab: head.recording.as_str().parse().map_err(|_| "no tab")?,
                page: head.page.as_str().parse().map_err(|_| "no page")?,
                number: head.number,
                last: head.is_last,
                received_at: last_moment(&events)?,
                path: Text::clean(path_of(&head.address), PATH_BYTES),
                onlooker: Onlooker::default(),
            },
            checked: checked(&passed.summary),
            events: lines.into_bytes(),
        });
    }
    Ok(chunks)
}

/// As `edge` counts: a name for each position.
fn checked(summary: &dialect::Summary) -> Checked {
    let seen = summary
        .positions
        .iter()
        .map(|(position, counts)| (format!("{}.seen", position.name()), u64::from(counts.seen)));
    Checked { version: u32::from(summary.checker), counts: seen.collect() }
}

#[derive(Deserialize)]
struct Moment {
    timestamp: f64,
}

fn last_moment(events: &Events<'_>) -> Result<Timestamp, Failed> {
    let Some(last) = events.e.last() else { return Ok(Timestamp(0)) };
    Ok(Timestamp(serde_json::from_str::<Moment>(last.get())?.timestamp as i64))
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Bytes of a file, or of all that is in a folder.
fn size(path: &Path) -> io::Result<u64> {
    if path.is_file() {
        return Ok(fs::metadata(path)?.len());
    }
    sorted(path)?.iter().map(|path| size(path)).sum()
}

fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}
