//! `/api/sites/{domain}/export`: every event of a site as JSON, one a line.
//!
//! What is not whole must not look whole: where something cannot be read the answer is broken off, never ended.

pub(super) mod line;

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::audit::{Act, Object as Audited, ObjectKind};
use domain::{Object, Verb};
use events::{Catalog as _, Export, StoreError};
use tokio::sync::mpsc;

use super::asking::Asking;
use super::input::NamedSite;
use super::problem::Problem;
use super::whole::{Part, Whole};
use crate::processes::app::reports;
use crate::processes::app::state::App;
use line::write_line;

/// Bytes of lines that are handed over together.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks that wait for a slow reader; more make the export wait.
const WAITING_MAX: usize = 4;

/// Every event of a site, one a line, in the order of visitor and time. It is written down, and the owner's to allow.
#[utoipa::path(
    get, path = "/api/sites/{domain}/export", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "The events; what breaks off is not whole", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn export_events(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Response, Problem> {
    let (site, erased, export) = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Export, Object::Events, &domain)?;
            let entry = app.entry(&asking, Act::Export, Audited::new(ObjectKind::Site, &permit.site.domain));
            app.control.note(permit.log(), &entry)?;
            let site = permit.site.id;
            let erased = app.control.erasures_done(site)?;
            Ok((site, erased, permit.store(app).hold(site).map_err(|error| reports::failed(&error))?))
        })
        .await?;
    let (sender, parts) = mpsc::channel(WAITING_MAX);
    // What is removed or erased meanwhile is not given, though its keys are known here and its files open.
    let (catalog, control) = (app.catalog.clone(), app.control.clone());
    let goes_on = move || {
        let is_same = || control.erasures_done(site).is_ok_and(|done| done == erased);
        catalog.has_site(site).is_ok_and(|known| known) && is_same()
    };
    tokio::task::spawn_blocking(move || give(export, &sender, goes_on));
    let whole = Whole::begin(parts).await.map_err(|error| reports::failed(&error))?;
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(whole)).into_response())
}

/// Hands over every event as long as `goes_on`, and at the very last that these were all.
fn give(export: Export, reader: &mpsc::Sender<Part<StoreError>>, goes_on: impl Fn() -> bool) {
    let mut chunk = Vec::with_capacity(2 * CHUNK_BYTES);
    let given = export.give(&mut |event, counted_as| {
        write_line(&mut chunk, &event, counted_as);
        if chunk.len() < CHUNK_BYTES {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut chunk, Vec::with_capacity(2 * CHUNK_BYTES));
        if !goes_on() {
            let _ = reader.blocking_send(Part::Failed(StoreError::Unsteady));
            return ControlFlow::Break(());
        }
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
