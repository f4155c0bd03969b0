//! `POST /api/event`: from a request to a durable event. Nothing is acknowledged before the journal has it.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use capture::{
    Admission, Captured, Circumstances, Headers, Pipeline, RawRequest, RecentVisitors, SiteDirectory,
};
use domain::{ClientAddress, Clock, DaySecrets, Refusal, SiteId, limits::BODY_BYTES};
use events::{Committer, Entry, JournalFolder, JournalLimits};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};
use sealing::Published;
use tokio::sync::oneshot;

use super::answer::{self, Answer};
use super::{Edge, cors, limits};
use crate::Parts;
use crate::processes::messages::{Birth, Directory, Storage};

/// Under which the refusals of events for no site of this server are counted.
pub(crate) const NO_SITE: SiteId = SiteId(0);

/// What turns requests into durable events.
pub(crate) struct Doorway {
    pipeline: Pipeline,
    clock: Arc<dyn Clock>,
    recent: RecentVisitors,
    journal: Committer,
    recipients: Arc<Published>,
    known: RwLock<Known>,
}

/// What the supervisor told: nothing can be accepted before all of it is known.
#[derive(Clone, Default)]
struct Known {
    sites: Option<Arc<SiteDirectory>>,
    secrets: Option<Arc<DaySecrets>>,
}

impl Doorway {
    /// Opens the journal under the data directory for this process to write.
    pub(crate) fn open(birth: &Birth, parts: &Parts) -> anyhow::Result<Self> {
        let folder = JournalFolder::open(&birth.data)?;
        let recipients = Arc::new(Published::default());
        let seals = (parts.seals)(recipients.clone(), parts.rng.clone());
        let (clock, limits) = (parts.clock.clone(), JournalLimits::default());
        Ok(Self {
            pipeline: Pipeline::open(birth.places.as_deref(), parts.controls)?,
            clock: parts.clock.clone(),
            recent: RecentVisitors::default(),
            journal: Committer::start(folder, clock, limits, seals)?,
            recipients,
            known: RwLock::default(),
        })
    }

    pub(crate) fn take_directory(&self, directory: Directory) {
        // First to whom is sealed: nothing is admitted that could not be.
        self.recipients.publish(directory.environment, directory.recipients());
        let sites = directory.sites.into_iter().map(|(site, _)| site);
        let sites = SiteDirectory::new(sites)
            .without(directory.withdrawn)
            .objecting(directory.objected)
            .ended(directory.ended);
        let sites = Arc::new(sites);
        self.change(|known| known.sites = Some(sites));
    }

    /// The UTC day that it is, counted from 1970.
    pub(crate) fn today(&self) -> i64 {
        self.clock.now().utc_day()
    }

    /// What time it is.
    pub(super) fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }

    /// Runs `then` with what is known now; `None` before anything is known.
    pub(super) fn with_circumstances<T>(
        &self,
        then: impl FnOnce(&Pipeline, &Circumstances<'_>) -> T,
    ) -> Option<T> {
        let Known { sites: Some(sites), secrets: Some(secrets) } = self.known() else { return None };
        let circumstances = Circumstances {
            sites: &sites,
            secrets: &secrets,
            recent: &self.recent,
            admission: Admission::Live,
        };
        Some(then(&self.pipeline, &circumstances))
    }

    /// The site of this domain, as it is known now.
    pub(super) fn site(&self, domain: &str) -> Option<domain::Site> {
        self.known().sites?.find(domain).cloned()
    }

    /// To whom is sealed.
    pub(super) fn recipients(&self) -> Arc<Published> {
        self.recipients.clone()
    }

    /// Whether a visit may be recorded, and whose it is; `None` before anything is known.
    pub(super) fn admit_visit<T>(
        &self,
        visit: &capture::Visit<'_>,
        then: impl FnOnce(Result<capture::AdmittedVisit<'_>, capture::NotRecorded>) -> T,
    ) -> Option<T> {
        self.with_circumstances(|pipeline, circumstances| then(pipeline.admit_visit(visit, circumstances)))
    }

    pub(crate) fn take_secrets(&self, secrets: DaySecrets) {
        self.change(|known| known.secrets = Some(Arc::new(secrets)));
    }

    /// Whether an event could be accepted now, if the disk takes it.
    pub(crate) fn is_ready(&self) -> bool {
        let known = self.known();
        known.sites.is_some() && known.secrets.is_some()
    }

    /// Closes the journal file that is written to, and calls `closed` then.
    pub(super) fn roll(&self, closed: events::Closed) {
        self.journal.roll(closed);
    }

    pub(crate) fn storage(&self) -> Storage {
        match self.journal.storage() {
            events::Storage::Ok => Storage::Ok,
            events::Storage::Full => Storage::Full,
        }
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Takes one event from a page.
pub(super) async fn collect_event(edge: &Edge, client: IpAddr, request: Request<Incoming>) -> Answer {
    let mut answer = match collect(edge, client, request).await {
        Ok(outcome) => acknowledge(&outcome),
        Err(failure) => {
            edge.metrics.count_failure(&failure);
            failure.answer()
        }
    };
    cors::allow_all(answer.headers_mut());
    answer
}

/// Why an event was neither kept nor refused by a rule.
pub(super) enum Failure {
    TooLarge,
    TooSlow,
    BrokenOff,
    Malformed(capture::Malformed),
    NotReady,
    Busy,
    Full,
    /// What only `app` can keep, and it is not there.
    AppAway,
}

impl Failure {
    /// The word for it in metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::BrokenOff => "broken_off",
            Self::Malformed(malformed) => malformed.field,
            Self::NotReady => "not_ready",
            Self::Busy => "busy",
            Self::Full => "full",
            Self::AppAway => "app_away",
        }
    }

    pub(super) fn answer(self) -> Answer {
        use StatusCode as Code;
        match self {
            Self::TooLarge => {
                let sentence = format!("an event may have {BODY_BYTES} bytes");
                answer::problem(Code::PAYLOAD_TOO_LARGE, &sentence, None)
            }
            Self::TooSlow => {
                answer::problem(Code::REQUEST_TIMEOUT, "the event took too long to arrive", None)
            }
            Self::BrokenOff => answer::problem(Code::BAD_REQUEST, "the event broke off", None),
            Self::Malformed(malformed) => {
                let sentence = malformed.to_string();
                answer::problem(Code::BAD_REQUEST, &sentence, Some(malformed.field))
            }
            Self::NotReady => unavailable("the server is starting; send the event again"),
            Self::Busy => unavailable("the server is busy; send the event again"),
            Self::Full => unavailable("the server cannot store events now; send the event again"),
            Self::AppAway => unavailable("a part of the server is being restarted; send it again"),
        }
    }
}

fn unavailable(sentence: &str) -> Answer {
    answer::problem(StatusCode::SERVICE_UNAVAILABLE, sentence, None)
}

/// What became of the event at the sites it was for.
#[derive(Default)]
pub(super) struct Outcome {
    dropped: u32,
    reason: Option<&'static str>,
}

async fn collect(edge: &Edge, client: IpAddr, request: Request<Incoming>) -> Result<Outcome, Failure> {
    let doorway = &edge.doorway;
    let Known { sites: Some(sites), secrets: Some(secrets) } = doorway.known() else {
        return Err(Failure::NotReady);
    };
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(limits::BODY_TIME_MAX, read(body, BODY_BYTES))
        .await
        .map_err(|_| Failure::TooSlow)??;
    let raw = RawRequest {
        body: &body,
        headers: Headers::read(|name| head.headers.get(name).map(HeaderValue::as_bytes)),
        address: ClientAddress::new(client),
        received_at: doorway.clock.now(),
    };
    let circumstances = Circumstances {
        sites: &sites,
        secrets: &secrets,
        recent: &doorway.recent,
        admission: Admission::Live,
    };
    let captured = doorway.pipeline.capture(&raw, &circumstances).map_err(Failure::Malformed)?;
    let (entries, outcome) = sort(edge, captured, raw.received_at);
    commit(edge, entries).await?;
    Ok(outcome)
}

/// The whole body, unless it is longer than it may be.
pub(super) async fn read(mut body: Incoming, bytes_max: usize) -> Result<Bytes, Failure> {
    if body.size_hint().lower() > bytes_max as u64 {
        return Err(Failure::TooLarge);
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Failure::BrokenOff)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > bytes_max {
            return Err(Failure::TooLarge);
        }
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    Ok([first.as_ref(), rest.as_ref()].concat().into())
}

pub(super) fn sort(
    edge: &Edge,
    captured: Vec<Captured>,
    now: domain::Timestamp,
) -> (Vec<(SiteId, Entry)>, Outcome) {
    let mut outcome = Outcome::default();
    let mut entries = Vec::with_capacity(captured.len());
    for one in captured {
        match one {
            Captured::Accepted { site, event } => {
                edge.metrics.count_event(event.suspicion);
                if event.suspicion.is_some() {
                    outcome.dropped += 1;
                    outcome.reason.get_or_insert("bot");
                }
                entries.push((site, Entry::Event(event)));
            }
            Captured::Refused { site, reason } => {
                edge.metrics.count_refusal(reason);
                outcome.dropped += 1;
                outcome.reason.get_or_insert(Refusal::as_str(reason));
                entries.push((site.unwrap_or(NO_SITE), Entry::Refused(reason, now)));
            }
        }
    }
    (entries, outcome)
}

/// Returns once `entries` are durable.
pub(super) async fn commit(edge: &Edge, entries: Vec<(SiteId, Entry)>) -> Result<(), Failure> {
    let begun = Instant::now();
    let (tell, durable) = oneshot::channel();
    let done = Box::new(move |outcome: Result<(), events::CommitError>| {
        // Nobody listens where the client went away meanwhile; the event stays.
        let _ = tell.send(outcome.is_ok());
    });
    edge.doorway.journal.submit(entries, done).map_err(|_| Failure::Busy)?;
    if !durable.await.unwrap_or(false) {
        return Err(Failure::Full);
    }
    edge.metrics.commits.observe(begun.elapsed());
    Ok(())
}

fn acknowledge(outcome: &Outcome) -> Answer {
    let mut answer = answer::whole(StatusCode::ACCEPTED, "text/plain; charset=utf-8", "ok");
    if let Some(reason) = outcome.reason {
        answer.headers_mut().insert(cors::REFUSED, HeaderValue::from_static(reason));
        answer.headers_mut().insert(cors::DROPPED, HeaderValue::from(outcome.dropped));
    }
    answer
}
