//! Every event of a site as JSON, one a line, for commands of this account alone.
//!
//! What is not whole must not look whole: where something cannot be read the answer is broken off, never ended.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Event;
use events::{Export, StoreError};
use hyper::body::Frame;
use serde::{Serialize, Serializer};
use tokio::sync::mpsc;

use super::input::NamedSite;
use super::problem::Problem;
use crate::logging::with_causes;
use crate::processes::app::reports;
use crate::processes::app::state::App;

/// Bytes of lines that are handed over together.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks that wait for a slow reader; more make the export wait.
const WAITING_MAX: usize = 4;

/// An event, under the names of the public API. What is not known or not there is null.
#[derive(Serialize)]
struct Line<'a> {
    visitor: String,
    /// Kept for 48 hours only.
    id: Option<String>,
    timestamp: String,
    name: &'a str,
    hostname: Option<&'a str>,
    page: Option<&'a str>,
    #[serde(serialize_with = "as_object")]
    props: &'a [(domain::Text, domain::Text)],
    revenue: Option<Money<'a>>,
    interactive: bool,
    scroll_depth: Option<u8>,
    engaged_ms: Option<u32>,
    referrer: Option<&'a str>,
    source: Option<&'a str>,
    channel: Option<&'a str>,
    utm_medium: Option<&'a str>,
    utm_source: Option<&'a str>,
    utm_campaign: Option<&'a str>,
    utm_content: Option<&'a str>,
    utm_term: Option<&'a str>,
    country: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    browser: Option<&'a str>,
    browser_version: Option<&'a str>,
    os: Option<&'a str>,
    os_version: Option<&'a str>,
    device: Option<&'a str>,
    screen: Option<&'a str>,
    language: Option<&'a str>,
    /// Why it is in no report.
    set_aside: Option<&'a str>,
}

/// Exact: a decimal as text, since not every reader of JSON numbers keeps them.
#[derive(Serialize)]
struct Money<'a> {
    amount: String,
    currency: &'a str,
}

/// Gives every event of a site in order of (visitor, time).
pub(crate) async fn export_events(
    State(app): State<Arc<App>>,
    NamedSite(domain): NamedSite,
) -> Result<Response, Problem> {
    let export = app
        .off_thread(move |app| {
            let site = app.site(&domain)?;
            app.store.hold(site.id).map_err(|error| reports::failed(&error))
        })
        .await?;
    let (sender, mut parts) = mpsc::channel(WAITING_MAX);
    tokio::task::spawn_blocking(move || give(export, &sender));
    let first = match parts.recv().await {
        Some(Part::Failed(error)) => return Err(reports::failed(&error)),
        first => first,
    };
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Lines { first, parts, whole: false })).into_response())
}

/// Hands over every event, and at the very last that these were all.
fn give(export: Export, reader: &mpsc::Sender<Part>) {
    let mut chunk = Vec::with_capacity(2 * CHUNK_BYTES);
    let given = export.give(&mut |event| {
        write_line(&mut chunk, &event);
        if chunk.len() < CHUNK_BYTES {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut chunk, Vec::with_capacity(2 * CHUNK_BYTES));
        match reader.blocking_send(Part::Lines(full.into())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    match given {
        Ok(_) => {
            let _ = reader.blocking_send(Part::Lines(chunk.into()));
            let _ = reader.blocking_send(Part::End);
        }
        // Whoever wanted it is gone.
        Err(StoreError::Stopped) => {}
        Err(error) => {
            let _ = reader.blocking_send(Part::Failed(error));
        }
    }
}

/// What is handed over.
enum Part {
    Lines(Bytes),
    /// These were all.
    End,
    /// There are more, which cannot be read.
    Failed(StoreError),
}

/// A body that ends well only after it was told that it is whole; whatever else ends it breaks it off.
struct Lines {
    first: Option<Part>,
    parts: mpsc::Receiver<Part>,
    whole: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the export is not whole")]
struct BrokenOff;

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if self.whole {
            return Poll::Ready(None);
        }
        let part = match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => self.parts.poll_recv(context),
        };
        part.map(|part| match part {
            Some(Part::Lines(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(Part::End) => {
                self.whole = true;
                None
            }
            Some(Part::Failed(error)) => {
                tracing::error!("an export is broken off: {}", with_causes(&error));
                Some(Err(BrokenOff))
            }
            None => Some(Err(BrokenOff)),
        })
    }
}

fn write_line(chunk: &mut Vec<u8>, event: &Event) {
    serde_json::to_writer(&mut *chunk, &line(event)).expect("memory takes a line");
    chunk.push(b'\n');
}

fn line(event: &Event) -> Line<'_> {
    let Event { referral, campaign, location, software, .. } = event;
    Line {
        visitor: event.visitor.to_string(),
        id: event.id.map(|id| id.to_string()),
        timestamp: event.at.to_string(),
        name: &event.name,
        hostname: known(&event.hostname),
        page: known(&event.path),
        props: &event.properties,
        revenue: event
            .revenue
            .as_ref()
            .map(|revenue| Money { amount: decimal(revenue.micros), currency: &revenue.currency }),
        interactive: event.interactive,
        scroll_depth: event.scroll_depth,
        engaged_ms: event.engaged_ms,
        referrer: known(&referral.referrer),
        source: known(&referral.source),
        channel: known(&referral.channel),
        utm_medium: known(&campaign.medium),
        utm_source: known(&campaign.source),
        utm_campaign: known(&campaign.campaign),
        utm_content: known(&campaign.content),
        utm_term: known(&campaign.term),
        country: known(&location.country),
        region: known(&location.region),
        city: known(&location.city),
        browser: known(&software.browser),
        browser_version: known(&software.browser_version),
        os: known(&software.os),
        os_version: known(&software.os_version),
        device: known(&software.device),
        screen: known(&software.screen),
        language: known(&software.language),
        set_aside: event.suspicion.map(domain::Suspicion::as_str),
    }
}

fn known(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Millionths as a decimal with at least two digits after its point.
fn decimal(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let size = micros.unsigned_abs();
    let parts = format!("{:06}", size % 1_000_000);
    let kept = parts.trim_end_matches('0').len().max(2);
    format!("{sign}{}.{}", size / 1_000_000, &parts[..kept])
}

fn as_object<S: Serializer>(
    properties: &&[(domain::Text, domain::Text)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(properties.iter().map(|(name, value)| (&**name, &**value)))
}
