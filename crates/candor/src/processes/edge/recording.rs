//! `POST /api/recording`: from a recorder's chunk to a durable one. It passes the gate before it is anything, it is sealed
//! before it touches the disk, and it is acknowledged after; what the gate refuses is not kept, and not repeated.

mod caps;
mod gate;
mod pages;
mod settings;
mod sheets;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use capture::recording::{self as dialect, Gate, Page, Refused};
use capture::{Headers, NotRecorded, Visit};
use domain::{ClientAddress, Clock, DAY_MS, SiteId, Timestamp, VisitorId};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Request, StatusCode};
use recordings::{Chunk, Head, Onlooker, PageId, SealedChunk, Size, Spool, SpoolFolder, SpoolLimits, TabId};
use sealing::Seals;
use tokio::sync::{Semaphore, oneshot};

use super::answer::{self, Answer};
use super::event::{self, Doorway, Failure};
use super::{Edge, cors, limits};
use crate::Parts;
use crate::processes::birth::Voice;
use crate::processes::messages::{Birth, FromChild, Notice, RecordedToday};
use crate::processes::seldom::Seldom;
use caps::{Caps, Over};
use pages::Pages;
pub(super) use settings::tell as tell_settings;
use sheets::Sheets;

/// What turns requests into durable chunks.
pub(super) struct Recorder {
    gate: Gate,
    pages: Pages,
    caps: Caps,
    sheets: Sheets,
    /// Chunks that may be in memory, those that may be unpacked, and those that may be judged, at once.
    places: Arc<Semaphore>,
    unpacked: Arc<Semaphore>,
    judges: Arc<Semaphore>,
    spool: Spool,
    seals: Seals,
    clock: Arc<dyn Clock>,
    alarms: Seldom<SiteId>,
    voice: Voice,
}

impl Recorder {
    /// Opens the spool under the data directory for this process to write.
    pub(super) fn open(
        birth: &Birth,
        parts: &Parts,
        doorway: &Doorway,
        voice: Voice,
    ) -> anyhow::Result<Self> {
        let folder = SpoolFolder::open(&birth.data)?;
        let (clock, rng) = (parts.clock.clone(), parts.rng.clone());
        let caps = caps::Limits { recording: Size::OF_RECORDING_MAX, day: limits::RECORDED_A_DAY_MAX };
        Ok(Self {
            gate: Gate::new(&parts.controls),
            pages: Pages::new(limits::MIRROR_BYTES_MAX),
            caps: Caps::new(caps),
            sheets: Sheets::default(),
            places: Arc::new(Semaphore::new(limits::CHUNKS_MAX)),
            unpacked: Arc::new(Semaphore::new(limits::UNPACKED_MAX)),
            judges: Arc::new(Semaphore::new(limits::JUDGED_MAX)),
            spool: Spool::start(folder, clock.clone(), rng.clone(), SpoolLimits::default())?,
            seals: (parts.seals)(doorway.recipients(), rng),
            clock,
            alarms: Seldom::default(),
            voice,
        })
    }

    /// Counts what was recorded before this process was started.
    pub(super) fn take_recorded(&self, recorded: &RecordedToday) {
        self.caps.take_recorded(recorded);
    }

    /// Closes the spooled file that is written to, and calls `closed` then.
    pub(super) fn roll(&self, closed: recordings::Closed) {
        self.spool.roll(closed);
    }

    /// Bytes that count as recorded today, of all sites.
    pub(super) fn recorded_today(&self) -> u64 {
        self.caps.of_day(self.clock.now())
    }

    /// Bytes of what is known of the pages that are being recorded.
    pub(super) fn mirror_bytes(&self) -> u64 {
        self.pages.bytes() as u64
    }

    /// Has it written down that a site's pages sent what no recording may hold.
    fn raise_alarm(&self, site: SiteId) {
        if self.alarms.is_due(site, self.clock.now()) {
            self.voice.say(FromChild::Notice(Notice::Violation(site)));
        }
    }
}

/// Takes one chunk from a page.
pub(super) async fn collect_chunk(edge: &Arc<Edge>, client: IpAddr, request: Request<Incoming>) -> Answer {
    let mut answer = match collect(edge, client, request).await {
        Ok(taken) => acknowledge(taken),
        Err(refusal) => {
            edge.metrics.count_chunk_refused(refusal.word());
            refusal.answer(edge)
        }
    };
    cors::allow_all(answer.headers_mut());
    answer
}

/// What became of a chunk that is kept.
#[derive(Clone, Copy)]
struct Taken {
    asks_snapshot: bool,
}

/// Why a chunk is not kept.
enum Refusal {
    Gate(Refused),
    NotRecorded(NotRecorded),
    Over(Over),
    /// A number that no chunk of a page has.
    TooMany,
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Gate(refused)
    }
}

impl Refusal {
    /// The word for it in metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::Gate(Refused::NotDialect { .. }) => "not_dialect",
            Self::Gate(Refused::Violation { .. }) => "violation",
            Self::Gate(Refused::TooLarge { .. }) => "too_large",
            Self::NotRecorded(reason) => reason.as_str(),
            Self::Over(Over::Recording) => "recording_full",
            Self::Over(Over::Day) => "day_full",
            Self::TooMany => "too_many_chunks",
            Self::Failed(failure) => failure.word(),
        }
    }

    fn answer(&self, edge: &Edge) -> Answer {
        use StatusCode as Code;
        let unavailable = |sentence: &str| answer::problem(Code::SERVICE_UNAVAILABLE, sentence, None);
        match self {
            Self::Gate(refused @ Refused::TooLarge { .. }) => {
                stop(Code::PAYLOAD_TOO_LARGE, &refused.to_string())
            }
            Self::Gate(refused) => stop(Code::BAD_REQUEST, &refused.to_string()),
            Self::NotRecorded(reason) => {
                stop(Code::FORBIDDEN, &format!("this visit is not recorded: {}", reason.as_str()))
            }
            Self::Over(Over::Recording) => {
                stop(Code::PAYLOAD_TOO_LARGE, "the recording has become as large as one may be")
            }
            Self::Over(Over::Day) => {
                let sentence = "the site has recorded as much today as it may";
                let mut answer = answer::problem(Code::TOO_MANY_REQUESTS, sentence, None);
                let wait = HeaderValue::from(seconds_left_of_day(edge.recorder.clock.now()));
                answer.headers_mut().insert(header::RETRY_AFTER, wait);
                answer
            }
            Self::TooMany => {
                let most = limits::CHUNK_NUMBER_MAX;
                stop(Code::PAYLOAD_TOO_LARGE, &format!("chunks of a page are numbered up to {most}"))
            }
            Self::Failed(Failure::TooLarge) => {
                let most = dialect::limits().request_bytes;
                stop(Code::PAYLOAD_TOO_LARGE, &format!("a chunk may have {most} bytes"))
            }
            Self::Failed(Failure::TooSlow) => {
                answer::problem(Code::REQUEST_TIMEOUT, "the chunk took too long to arrive", None)
            }
            Self::Failed(Failure::NotReady) => unavailable("the server is starting; send the chunk again"),
            Self::Failed(Failure::Busy) => unavailable("the server is busy; send the chunk again"),
            Self::Failed(Failure::AppAway) => {
                unavailable("the server is being restarted; send the chunk again")
            }
            Self::Failed(Failure::Full) => unavailable("the server cannot store chunks now; send it again"),
            Self::Failed(Failure::BrokenOff | Failure::Malformed(_)) => {
                answer::problem(Code::BAD_REQUEST, "the chunk broke off", None)
            }
        }
    }
}

/// Until the next UTC day begins.
const fn seconds_left_of_day(now: Timestamp) -> u64 {
    (DAY_MS - now.0.rem_euclid(DAY_MS)).unsigned_abs().div_ceil(1_000)
}

/// Tells the recorder that nothing more of this page is wanted, and whoever looks why.
fn stop(status: StatusCode, sentence: &str) -> Answer {
    let body = serde_json::json!({ "stop": true, "error": sentence }).to_string();
    let mut answer = answer::whole(status, "application/json", body);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn acknowledge(taken: Taken) -> Answer {
    let body = if taken.asks_snapshot { "{\"ask\":\"snapshot\"}" } else { "{}" };
    answer::whole(StatusCode::ACCEPTED, "application/json", body)
}

async fn collect(edge: &Arc<Edge>, client: IpAddr, request: Request<Incoming>) -> Result<Taken, Refusal> {
    let recorder = &edge.recorder;
    let place = recorder.places.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
    let (head, body) = request.into_parts();
    let reading = event::read(body, dialect::limits().request_bytes);
    let body = tokio::time::timeout(limits::BODY_TIME_MAX, reading).await.map_err(|_| Failure::TooSlow)??;
    let edge = edge.clone();
    // What is begun is finished though the client goes away: what is kept is known to be when it is sent again.
    let taking = tokio::spawn(async move {
        let _place = place;
        let _unpacked = edge.recorder.unpacked.clone().acquire_owned().await.map_err(|_| Failure::Busy)?;
        let judge = edge.recorder.judges.clone().acquire_owned().await.map_err(|_| Failure::Busy)?;
        let known = off_thread({
            let edge = edge.clone();
            move || Claimed::read(&edge, client, &head.headers, &body)
        })
        .await??;
        drop(judge);
        take(&edge, known).await
    });
    taking.await.map_err(|_| Failure::Busy)?
}

/// A chunk of a visit that may be recorded; nothing of its events was looked at yet.
struct Claimed {
    site: domain::Site,
    /// With what it names put in.
    unpacked: Vec<u8>,
    /// Whether it names what is not known.
    lacks: bool,
    visitor: VisitorId,
    tab: TabId,
    page: PageId,
    number: u32,
    last: bool,
    received_at: Timestamp,
    onlooker: Onlooker,
}

impl Claimed {
    fn read(edge: &Edge, client: IpAddr, headers: &HeaderMap, body: &Bytes) -> Result<Self, Refusal> {
        let unpacked = dialect::unpack(body, dialect::limits().chunk_bytes)?.into_owned();
        let head = dialect::read_head(&unpacked)?;
        let received_at = edge.recorder.clock.now();
        let visit = Visit {
            domain: head.domain.as_str(),
            page: &head.address,
            visitor: head.visitor,
            headers: Headers::read(|name| headers.get(name).map(HeaderValue::as_bytes)),
            address: ClientAddress::new(client),
            received_at,
        };
        let admitted = edge.doorway.admit_visit(&visit, |admitted| {
            let admitted = admitted.map_err(Refusal::NotRecorded)?;
            let onlooker = Onlooker {
                country: admitted.location.country,
                browser: admitted.software.browser,
                os: admitted.software.os,
                device: admitted.software.device,
            };
            Ok::<_, Refusal>((admitted.site.clone(), admitted.visitor, onlooker))
        });
        let (site, visitor, onlooker) = admitted.ok_or(Failure::NotReady)??;
        let unnamed = |_| Refusal::Gate(Refused::NotDialect { place: dialect::Place::Id });
        let tab = head.recording.as_str().parse().map_err(unnamed)?;
        let page = head.page.as_str().parse().map_err(unnamed)?;
        let (number, last) = (head.number, head.is_last);
        if number > limits::CHUNK_NUMBER_MAX {
            return Err(Refusal::TooMany);
        }
        let whole = edge.recorder.sheets.put_in(site.id, &unpacked, dialect::limits().chunk_bytes);
        let too_large = Refused::TooLarge { limit: dialect::Limit::ChunkBytes };
        let sheets::Whole { body, lacks } = whole.ok_or(too_large)?;
        let unpacked = body.into_owned();
        Ok(Self { site, unpacked, lacks, visitor, tab, page, number, last, received_at, onlooker })
    }
}

/// Judges a chunk in its page's turn, and returns once it is durable.
async fn take(edge: &Arc<Edge>, claimed: Claimed) -> Result<Taken, Refusal> {
    let recorder = &edge.recorder;
    let (site, tab, number) = (claimed.site.id, claimed.tab, claimed.number);
    let key = (site, tab, claimed.page);
    let page = recorder.pages.of(key);
    let mut mirror = recorder.pages.in_turn(&page, number).await;
    if mirror.has(number) {
        edge.metrics.count_chunk_again();
        return Ok(Taken { asks_snapshot: false });
    }
    let judge = recorder.judges.clone().acquire_owned().await.map_err(|_| Failure::Busy)?;
    let tree = mirror.tree_for(number);
    let judged = off_thread({
        let edge = edge.clone();
        move || judge_and_seal(&edge, tree, claimed)
    })
    .await?;
    drop(judge);
    let kept = match judged {
        Ok(Judged { sealed, size, tree, taken }) => keep(edge, sealed, tab, size).await.map(|()| {
            mirror.acknowledge(number, tree);
            page.tell();
            taken
        }),
        Err(refusal) => {
            mirror.forget_tree();
            Err(refusal)
        }
    };
    recorder.pages.measure(key, mirror.bytes());
    match &kept {
        Ok(Taken { asks_snapshot: true }) => edge.metrics.count_snapshot_asked(),
        Err(Refusal::Gate(Refused::Violation { position })) => {
            edge.metrics.count_violation(position.name());
            recorder.raise_alarm(site);
        }
        _ => {}
    }
    kept
}

/// A chunk that may be kept, and its page's tree after it.
struct Judged {
    sealed: SealedChunk,
    size: Size,
    tree: Page,
    taken: Taken,
}

fn judge_and_seal(edge: &Edge, mut tree: Page, claimed: Claimed) -> Result<Judged, Refusal> {
    let recorder = &edge.recorder;
    let Claimed { site, unpacked, lacks, visitor, tab, page, number, last, received_at, onlooker } = claimed;
    let passed = gate::pass(recorder.gate, &mut tree, &site.settings.recording, &unpacked)?;
    let gate::Passed { lines, checked, path, asks_snapshot } = passed;
    recorder.sheets.learn(site.id, tab, &unpacked);
    let head = Head { visitor, tab, page, number, last, received_at, path, onlooker };
    let events = lines.len() as u64;
    let chunk = Chunk { head, checked, events: lines };
    let sealed = chunk.seal(site.id, &recorder.seals).map_err(|error| {
        tracing::error!(%error, "a chunk could not be sealed");
        Failure::Full
    })?;
    let size = Size { chunks: 1, kept: sealed.bytes() as u64, events };
    Ok(Judged { sealed, size, tree, taken: Taken { asks_snapshot: asks_snapshot || lacks } })
}

/// Returns once a chunk is durable.
async fn keep(edge: &Edge, chunk: SealedChunk, tab: TabId, size: Size) -> Result<(), Refusal> {
    let recorder = &edge.recorder;
    let bytes = chunk.bytes();
    let (site, now) = (chunk.site(), recorder.clock.now());
    recorder.caps.take(site, tab, size, now).map_err(Refusal::Over)?;
    let (tell, durable) = oneshot::channel();
    let done = Box::new(move |outcome: Result<(), recordings::SpoolError>| {
        let _ = tell.send(outcome.is_ok());
    });
    recorder.spool.submit(chunk, done).map_err(|_| Failure::Busy)?;
    if !durable.await.unwrap_or(false) {
        return Err(Failure::Full.into());
    }
    edge.metrics.count_chunk(bytes);
    Ok(())
}

/// Does what takes a processor for a while where it holds up no other request.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Busy)
}
