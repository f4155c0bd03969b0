//! What the edge counts, and the listener that shows it to Prometheus together with what `app` counts.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use domain::{Refusal, Suspicion};
use http_body_util::{BodyExt, Empty};
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use super::event::Failure;
use super::{Edge, answer};
use crate::http::admission::OwnNames;
use crate::http::client;
use crate::http::metrics::METRICS_PATH;
use crate::processes::messages::{Doing, Role};
use crate::prometheus::{Counter, Histogram, Labelled, Page};

/// How long `app` may take to tell its numbers.
const APP_PATIENCE: Duration = Duration::from_secs(2);

/// The edge's numbers since it was born.
#[derive(Default)]
pub(crate) struct Metrics {
    pub(super) connections_opened: Counter,
    pub(super) connections_open: Counter,
    pub(super) connections_turned_away: Counter,
    pub(super) handshakes_failed: Counter,
    blocked: Labelled,
    pub(super) commits: Histogram,
    accepted: Counter,
    set_aside: Labelled,
    refused: Labelled,
    malformed: Labelled,
    failed: Labelled,
    chunks: Counter,
    chunk_bytes: Counter,
    chunks_again: Counter,
    snapshots_asked: Counter,
    chunks_refused: Labelled,
    violations: Labelled,
    said: Counter,
    unknown_keys: Counter,
}

impl Metrics {
    pub(super) fn count_event(&self, suspicion: Option<Suspicion>) {
        match suspicion {
            None => self.accepted.add(1),
            Some(suspicion) => self.set_aside.add(suspicion.as_str()),
        }
    }

    pub(super) fn count_refusal(&self, reason: Refusal) {
        self.refused.add(reason.as_str());
    }

    /// Something of a network that is kept out was ended: a connection, a request or an answer.
    pub(super) fn count_blocked(&self, what: &'static str) {
        self.blocked.add(what);
    }

    pub(super) fn count_failure(&self, failure: &Failure) {
        match failure {
            Failure::Malformed(_) => self.malformed.add(failure.word()),
            _ => self.failed.add(failure.word()),
        }
    }

    /// So much that was said of visitors is kept.
    pub(super) fn count_said(&self, count: u64) {
        self.said.add(count);
    }

    /// More calls of the Segment API came of a site than may.
    pub(super) fn count_too_fast(&self) {
        self.failed.add("too_fast");
    }

    /// A call came with a write key that is no site's.
    pub(super) fn count_unknown_key(&self) {
        self.unknown_keys.add(1);
    }

    /// A chunk of a recording is durable, so many bytes of it.
    pub(super) fn count_chunk(&self, bytes: usize) {
        self.chunks.add(1);
        self.chunk_bytes.add(bytes as u64);
    }

    /// A chunk was acknowledged that was acknowledged before.
    pub(super) fn count_chunk_again(&self) {
        self.chunks_again.add(1);
    }

    /// A recorder was asked for a snapshot.
    pub(super) fn count_snapshot_asked(&self) {
        self.snapshots_asked.add(1);
    }

    pub(super) fn count_chunk_refused(&self, reason: &'static str) {
        self.chunks_refused.add(reason);
    }

    /// A form position held something other than the mask.
    pub(super) fn count_violation(&self, position: &'static str) {
        self.violations.add(position);
    }

    fn write_recordings(&self, page: &mut Page) {
        page.counter("candor_recording_chunks_total", "Chunks of recordings that were kept.", &self.chunks);
        page.counter("candor_recording_bytes_total", "Bytes of them.", &self.chunk_bytes);
        page.counter(
            "candor_recording_chunks_again_total",
            "Chunks that were acknowledged again.",
            &self.chunks_again,
        );
        page.counter(
            "candor_recording_snapshots_asked_total",
            "Times that a recorder was asked for a snapshot.",
            &self.snapshots_asked,
        );
        page.labelled(
            "candor_recording_chunks_refused_total",
            "Chunks that were not kept.",
            "reason",
            &self.chunks_refused,
        );
        page.labelled(
            "candor_recording_violations_total",
            "Chunks that held something in a form position.",
            "position",
            &self.violations,
        );
    }

    fn write(&self, page: &mut Page) {
        page.counter("candor_events_accepted_total", "Events that were kept.", &self.accepted);
        page.labelled(
            "candor_events_set_aside_total",
            "Events kept out of reports.",
            "reason",
            &self.set_aside,
        );
        page.labelled("candor_events_refused_total", "Events that a rule refused.", "reason", &self.refused);
        page.labelled("candor_events_malformed_total", "Bodies that are no event.", "field", &self.malformed);
        page.labelled("candor_events_failed_total", "Events that were not taken.", "reason", &self.failed);
        page.counter("candor_said_total", "What was said of visitors and kept.", &self.said);
        page.counter("candor_unknown_keys_total", "Calls with a write key of no site.", &self.unknown_keys);
        page.histogram("candor_commit_seconds", "From an event to its being durable.", &self.commits);
        page.gauge("candor_connections_open", "Connections that are open.", self.connections_open.get());
        page.counter("candor_connections_total", "Connections that were made.", &self.connections_opened);
        page.counter(
            "candor_connections_turned_away_total",
            "Connections beyond the limit.",
            &self.connections_turned_away,
        );
        page.counter(
            "candor_handshakes_failed_total",
            "Connections on which TLS could not be agreed.",
            &self.handshakes_failed,
        );
        page.labelled("candor_blocked_total", "What networks that are kept out lost.", "what", &self.blocked);
        self.write_recordings(page);
    }
}

/// Answers on the port for metrics until the process ends.
pub(super) async fn serve(edge: Arc<Edge>, listener: TcpListener) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        if edge.blocks.keep_out(peer.ip()) {
            edge.metrics.count_blocked("connection");
            continue;
        }
        let edge = edge.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| show(&edge, request));
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn show(
    edge: &Edge,
    request: Request<hyper::body::Incoming>,
) -> Result<answer::Answer, std::convert::Infallible> {
    let host = request.headers().get(hyper::header::HOST).and_then(|host| host.to_str().ok());
    if !OwnNames::new(&edge.birth.public_url).hold(host.unwrap_or_default()) {
        let sentence = "this server is not known by that name";
        return Ok(answer::problem(StatusCode::MISDIRECTED_REQUEST, sentence, None));
    }
    if request.uri().path() != "/metrics" {
        return Ok(answer::problem(StatusCode::NOT_FOUND, "metrics are at /metrics", None));
    }
    let mut page = Page::default();
    edge.metrics.write(&mut page);
    page.gauge("candor_blocks", "Networks that are kept out.", edge.blocks.count());
    page.gauge(
        "candor_recording_mirror_bytes",
        "Bytes of what is known of pages that are being recorded.",
        edge.recorder.mirror_bytes(),
    );
    page.gauge(
        "candor_recorded_today_bytes",
        "Bytes that count as recorded this UTC day, of all sites.",
        edge.recorder.recorded_today(),
    );
    let mut status = edge.status();
    let up = Role::ALL.map(|role| (role.as_str(), u64::from(*status.of(role) == Doing::Serving)));
    page.gauges("candor_process_up", "Whether a process serves.", "process", &up);
    let mut text = page.into_text();
    if let Ok(Ok(more)) = tokio::time::timeout(APP_PATIENCE, from_app(edge)).await {
        let _ = text.write_str(&more);
    }
    Ok(answer::whole(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text))
}

async fn from_app(edge: &Edge) -> anyhow::Result<String> {
    let mut sender = client::over(edge.to_app.connect()?).await?;
    let request = Request::get(METRICS_PATH).header("host", "localhost").body(Empty::<bytes::Bytes>::new())?;
    let response = sender.send_request(request).await?;
    anyhow::ensure!(response.status() == StatusCode::OK, "app tells no numbers");
    Ok(String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?)
}
