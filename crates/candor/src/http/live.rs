//! `/api/sites/{domain}/live`: what is happening now, as server-sent events.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::{Object, Verb};
use tokio::sync::mpsc;

use super::asking::Asking;
use super::input::NamedSite;
use super::problem::Problem;
use super::stream::Stream;
use crate::processes::app::live::{Pulse, Watching};
use crate::processes::app::permits::SitePermit;
use crate::processes::app::state::App;

/// A comment now and then, so that nothing between here and the page takes the stream for dead.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// Events that wait for a slow page; more make the stream wait.
const WAITING_MAX: usize = 16;

/// What is happening on a site now: `visitors` with `{"current":n}`, `data` with `{"at":…}` when new data is in.
#[utoipa::path(
    get, path = "/api/sites/{domain}/live", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn watch_site(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Response, Problem> {
    let (permit, watching) = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::See, Object::Events, &domain)?;
            let watching = app.live.watch(permit.site.id, permit.store(app));
            Ok((permit, watching))
        })
        .await?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::spawn(tell(app, permit, watching, sender));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Stream(receiver))).into_response())
}

/// Tells every change until the page is gone, its person may see it no more, or the process ends.
async fn tell(app: Arc<App>, permit: SitePermit, mut watching: Watching, page: mpsc::Sender<Bytes>) {
    let (mut stopping, mut rights) = (app.stopping(), app.rights());
    let mut told = Pulse::default();
    loop {
        let now = *watching.pulse.borrow_and_update();
        let mut news = String::new();
        if let Some(current) = now.current.filter(|_| now.current != told.current) {
            news.push_str(&format!("event: visitors\ndata: {{\"current\":{current}}}\n\n"));
        }
        if let Some(at) = now.data_at.filter(|_| now.data_at != told.data_at) {
            news.push_str(&format!("event: data\ndata: {{\"at\":\"{at}\"}}\n\n"));
        }
        if !news.is_empty() && page.send(news.into()).await.is_err() {
            return;
        }
        told = now;
        tokio::select! {
            changed = watching.pulse.changed() => if changed.is_err() { return },
            () = page.closed() => return,
            _ = stopping.changed() => return,
            _ = rights.changed() => if !permit.still_holds(&app).await { return },
            () = tokio::time::sleep(COMMENT_EVERY) => {
                // A sign-in also ends by itself.
                let holds = permit.still_holds(&app).await;
                if !holds || page.send(Bytes::from_static(b": still here\n\n")).await.is_err() {
                    return;
                }
            }
        }
    }
}
