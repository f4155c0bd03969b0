//! `/commands/bulk`: history as newline-delimited JSON, through the same pipeline as live events, into a journal
//! file of its own writer. A batch is durable before the next one is read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use bytes::BytesMut;
use capture::{
    Admission, Captured, Circumstances, Headers, Pipeline, RawRequest, RecentVisitors, SiteDirectory,
};
use domain::audit::{Act, Log, Object as Audited, ObjectKind};
use domain::{ClientAddress, DaySecret, DaySecrets, Object, Verb, limits::BODY_BYTES};
use events::{Committer, Entry, JournalFolder, JournalLimits};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::oneshot;

use super::asking::Asking;
use super::problem::{Kind, Problem};
use crate::processes::app::state::App;
use crate::processes::edge::NO_SITE;
use crate::processes::messages::FromChild;

/// Bytes of one line.
const LINE_BYTES_MAX: usize = 2 * BODY_BYTES;
/// Lines that are made durable together.
const BATCH_LINES: usize = 2_000;
/// After how many batches it is read at the latest who withdrew and objected: all lists of a server are long.
const HEARD_EVERY_BATCHES: u64 = 10;

/// One line: an event as a page would have sent it, and what would have been known of the request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BulkLine<'a> {
    /// Client address; forgotten as soon as it is truncated, as at the front door.
    pub(crate) address: std::net::IpAddr,
    #[serde(borrow)]
    pub(crate) user_agent: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) accept_language: Cow<'a, str>,
    /// The body of `POST /api/event`; its `timestamp` says when it happened.
    #[serde(borrow)]
    pub(crate) event: &'a RawValue,
}

/// What became of the lines.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct BulkOutcome {
    pub(crate) kept: u64,
    pub(crate) set_aside: u64,
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) malformed: u64,
    /// The first line that was malformed, counted from 1, and why.
    pub(crate) first_fault: Option<String>,
}

/// Takes events in bulk. Answers when all of them are durable.
pub(crate) async fn import_events(
    State(app): State<Arc<App>>,
    asking: Asking,
    body: Body,
) -> Result<Json<BulkOutcome>, Problem> {
    let mut import = app.off_thread(move |app| Import::begin(app, &asking)).await?;
    let mut body = body;
    let mut rest = BytesMut::new();
    let mut lines = Vec::with_capacity(BATCH_LINES);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::invalid("the lines broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        rest.extend_from_slice(&data);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            lines.push(rest.split_to(end + 1));
            if lines.len() == BATCH_LINES {
                import = take(&app, import, std::mem::take(&mut lines)).await?;
            }
        }
        if rest.len() > LINE_BYTES_MAX {
            return Err(Problem::new(Kind::TooLarge, format!("a line may have {LINE_BYTES_MAX} bytes")));
        }
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    import = take(&app, import, lines).await?;
    let outcome = app.off_thread(move |_| Ok(import.finish())).await?;
    app.voice.say(FromChild::Tidy);
    Ok(Json(outcome))
}

async fn take(app: &Arc<App>, mut import: Import, lines: Vec<BytesMut>) -> Result<Import, Problem> {
    let (import, durable) = app
        .off_thread(move |app| {
            let durable = import.take(app, &lines)?;
            Ok((import, durable))
        })
        .await?;
    match durable.await {
        Ok(true) => Ok(import),
        _ => Err(Problem::new(Kind::Unavailable, "the disk takes no more events")),
    }
}

/// An import that is under way.
struct Import {
    pipeline: Pipeline,
    journal: Committer,
    sites: SiteDirectory,
    /// As of which directory is known who withdrew or objected.
    directory: Option<u64>,
    batches: u64,
    secrets: DaySecrets,
    recent: RecentVisitors,
    lines: u64,
    outcome: BulkOutcome,
}

impl Import {
    /// Of the sites that whoever asks may send events to; to others nothing is taken.
    fn begin(app: &App, asking: &Asking) -> Result<Self, Problem> {
        let folder = JournalFolder::open(&app.data).map_err(|error| Problem::internal(&error))?;
        let limits = JournalLimits::default();
        let journal = Committer::start(folder, app.clock.clone(), limits, app.seals.clone())
            .map_err(|error| Problem::internal(&error))?;
        // Visitors without an id are known by a secret of this import alone.
        let mut bytes = [0; 32];
        app.rng.fill(&mut bytes);
        let secrets = DaySecrets { today: DaySecret::new(app.clock.now().utc_day(), bytes), yesterday: None };
        let sites = asking.among(Verb::Add, Object::Events, app.control.sites()?);
        for site in &sites {
            let entry = app.entry(asking, Act::Import, Audited::new(ObjectKind::Site, &site.domain));
            app.control.note(Log(site.organization.0), &entry)?;
        }
        let pipeline =
            Pipeline::open(app.places.as_deref(), app.controls).map_err(|error| Problem::internal(&error))?;
        Ok(Self {
            pipeline,
            journal,
            sites: SiteDirectory::new(sites),
            directory: None,
            batches: 0,
            secrets,
            recent: RecentVisitors::default(),
            lines: 0,
            outcome: BulkOutcome::default(),
        })
    }

    /// Takes a batch through the pipeline and hands it to the journal; what is returned tells when it is durable.
    fn take(&mut self, app: &App, lines: &[BytesMut]) -> Result<oneshot::Receiver<bool>, Problem> {
        // Whoever withdrew or objected meanwhile is let be from the next batch on: the edge is told of each before it is answered.
        // An id that became somebody's who did is known a while later.
        let (directory, batch) = (app.last_directory(), self.batches);
        self.batches += 1;
        if self.directory != Some(directory) || batch.is_multiple_of(HEARD_EVERY_BATCHES) {
            let (withdrawn, objected) = (app.control.withdrawn()?, app.control.objected()?);
            self.sites = std::mem::take(&mut self.sites).without(withdrawn).objecting(objected);
            self.directory = Some(directory);
        }
        let mut entries = Vec::with_capacity(lines.len());
        for line in lines {
            self.lines += 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match self.capture(app, line) {
                Ok(captured) => entries.extend(captured.into_iter().map(|one| self.count(app, one))),
                Err(sentence) => {
                    self.outcome.malformed += 1;
                    let fault = || format!("line {}: {sentence}", self.lines);
                    self.outcome.first_fault.get_or_insert_with(fault);
                }
            }
        }
        let (tell, durable) = oneshot::channel();
        if entries.is_empty() {
            let _ = tell.send(true);
            return Ok(durable);
        }
        let done = Box::new(move |outcome: Result<(), events::CommitError>| {
            let _ = tell.send(outcome.is_ok());
        });
        let busy = |_| Problem::new(Kind::Unavailable, "the journal is busy");
        self.journal.submit(entries, done).map_err(busy)?;
        Ok(durable)
    }

    fn capture(&self, app: &App, line: &[u8]) -> Result<Vec<Captured>, String> {
        let line: BulkLine<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let request = RawRequest {
            body: line.event.get().as_bytes(),
            headers: Headers {
                user_agent: line.user_agent.as_bytes(),
                accept_language: line.accept_language.as_bytes(),
                ..Headers::default()
            },
            address: ClientAddress::new(line.address),
            received_at: app.clock.now(),
        };
        let circumstances = Circumstances {
            sites: &self.sites,
            secrets: &self.secrets,
            recent: &self.recent,
            admission: Admission::Bulk,
        };
        self.pipeline.capture(&request, &circumstances).map_err(|malformed| malformed.to_string())
    }

    fn count(&mut self, app: &App, captured: Captured) -> (domain::SiteId, Entry) {
        match captured {
            Captured::Accepted { site, event } => {
                match event.suspicion {
                    None => self.outcome.kept += 1,
                    Some(_) => self.outcome.set_aside += 1,
                }
                (site, Entry::Event(event))
            }
            Captured::Refused { site, reason } => {
                *self.outcome.refused.entry(reason.as_str().to_owned()).or_default() += 1;
                (site.unwrap_or(NO_SITE), Entry::Refused(reason, app.clock.now()))
            }
        }
    }

    /// Closes the journal file, so that it can be absorbed.
    fn finish(self) -> BulkOutcome {
        drop(self.journal);
        self.outcome
    }
}
