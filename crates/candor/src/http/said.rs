//! Where `edge` tells what is said of visitors; it passes nobody else's request for these addresses on.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use capture::Said;
use domain::SiteId;

use super::problem::Problem;
use crate::processes::app::state::App;
use crate::processes::edge::said::PageConsent;

/// What is said of visitors of a site: the answer is the refusals.
pub(crate) const SAID_PATH: &str = "/api/internal/said";
/// What a visitor answers on a page.
pub(crate) const CONSENT_PATH: &str = "/api/internal/consent";
/// Bytes of what is told: what a batch may hold, and what each of its items becomes.
pub(crate) const TOLD_BYTES_MAX: usize = 4 << 20;

/// Keeps what is said of visitors, in one transaction.
pub(crate) async fn take_said(State(app): State<Arc<App>>, body: Bytes) -> Result<Vec<u8>, Problem> {
    let (site, said): (SiteId, Vec<Said>) = read(&body)?;
    app.off_thread(move |app| Ok(written(&app.keep_said(site, &said)?))).await
}

/// Keeps what a visitor answered. Where that changes by what their events are taken, the edge knows before it is answered.
pub(crate) async fn take_consent(State(app): State<Arc<App>>, body: Bytes) -> Result<Vec<u8>, Problem> {
    let (site, consent): (SiteId, PageConsent) = read(&body)?;
    let (answered, directory) = app.off_thread(move |app| app.take_page_consent(site, &consent)).await?;
    if let Some(directory) = directory {
        app.edge_knows(directory).await;
    }
    Ok(written(&answered))
}

fn read<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    postcard::from_bytes(body).map_err(|_| Problem::invalid("that is nothing that the edge says"))
}

fn written(answer: &impl serde::Serialize) -> Vec<u8> {
    postcard::to_stdvec(answer).expect("an answer can be serialized")
}
