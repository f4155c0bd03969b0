//! Every path that the edge answers itself; the rest is `app`'s.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::answer::{self, Answer};
use super::guard::Phase;
use super::{Edge, cors, event, health, proxy, script};
use crate::http::metrics::METRICS_PATH;

/// Answers one request.
pub(super) async fn answer(
    edge: &Arc<Edge>,
    peer: IpAddr,
    phase: &Phase,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let answering = phase.answering();
    let method = request.method().clone();
    let mut answer = match (request.uri().path(), &method) {
        ("/api/event", &Method::POST) => event::collect_event(edge, peer, request).await,
        ("/api/event", &Method::OPTIONS) => cors::preflight(),
        ("/api/event", _) => only("POST, OPTIONS"),
        ("/c.js", &Method::GET | &Method::HEAD) => script::send_script(request.headers()),
        ("/c.js", _) => only("GET, HEAD"),
        ("/api/health", &Method::GET | &Method::HEAD) => health::read_health(edge),
        ("/api/health", _) => only("GET, HEAD"),
        ("/api/health/ingest", &Method::GET | &Method::HEAD) => health::read_ingest_health(edge),
        ("/api/health/ingest", _) => only("GET, HEAD"),
        (METRICS_PATH, _) => {
            answer::problem(StatusCode::NOT_FOUND, "there is no such address in the API", None)
        }
        _ => proxy::pass_to_app(edge, request, answering).await,
    };
    if edge.is_stopping() {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(answer)
}

fn only(methods: &'static str) -> Answer {
    let sentence = format!("this address takes {methods} only");
    let mut answer = answer::problem(StatusCode::METHOD_NOT_ALLOWED, &sentence, None);
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    answer
}
