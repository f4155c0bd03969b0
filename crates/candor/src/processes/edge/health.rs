//! How the server is, answered by the one process that can answer while the others are down.

use hyper::StatusCode;
use serde::Serialize;

use super::Edge;
use super::answer::{self, Answer};
use crate::http::health::Health;
use crate::processes::messages::Storage;

/// 200 only when every process serves and events can be stored.
pub(super) fn read_health(edge: &Edge) -> Answer {
    let mut status = edge.status();
    status.storage = edge.doorway.storage();
    let health = Health::of(status);
    let code = if health.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json(code, &health)
}

/// 200 only when an event sent now would be stored.
pub(super) fn read_ingest_health(edge: &Edge) -> Answer {
    #[derive(Serialize)]
    struct Ingest {
        status: &'static str,
    }
    match (edge.doorway.is_ready(), edge.doorway.storage()) {
        (true, Storage::Ok) => json(StatusCode::OK, &Ingest { status: "ok" }),
        (true, Storage::Full) => json(StatusCode::SERVICE_UNAVAILABLE, &Ingest { status: "full" }),
        (false, _) => json(StatusCode::SERVICE_UNAVAILABLE, &Ingest { status: "starting" }),
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    let mut answer =
        answer::whole(status, "application/json", serde_json::to_vec(body).expect("health is JSON"));
    answer
        .headers_mut()
        .insert(hyper::header::CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-store"));
    answer
}
