//! Every path that the edge answers itself; the rest is `app`'s.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::answer::{self, Answer};
use super::client_address::client_address;
use super::entrance::{self, Door, Entrance, Way};
use super::guard::{Answering, Phase};
use super::proxy::Origin;
use super::{Edge, cors, event, health, proxy, recording, replay, said, script, security_txt, segment};
use crate::assets::{KNOWN_SCRIPT, RECORDER, SCRIPT};

/// What lies below is for the edge itself to ask.
const INTERNAL: &str = "/api/internal/";

/// Answers one request.
pub(super) async fn answer(
    edge: &Arc<Edge>,
    entrance: &Entrance,
    peer: IpAddr,
    phase: &Phase,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let answering = phase.answering();
    let client = client_address(peer, request.headers(), &edge.birth.trusted_proxies);
    let way = Way::of(edge, entrance, peer, request.headers());
    let mut answer = if edge.blocks.keep_out(client) {
        edge.metrics.count_blocked("request");
        keep_out()
    } else if way == Way::Clear && !edge.hears_clear && !is_probe(edge, entrance, peer, &request) {
        entrance::turn_back(edge, entrance.door, &request)
    } else {
        let origin = Origin { client, way, door: entrance.door };
        match entrance.door {
            Door::Replay => replay::send(edge, &request),
            Door::Operators => for_operators(edge, origin, request, answering).await,
            Door::Pages | Door::Redirect => for_pages(edge, origin, request, answering).await,
        }
    };
    way.mark(edge, answer.headers_mut());
    if edge.is_stopping() {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(answer)
}

async fn for_pages(
    edge: &Arc<Edge>,
    origin: Origin,
    request: Request<Incoming>,
    answering: Answering,
) -> Answer {
    let method = request.method().clone();
    match (request.uri().path(), &method) {
        ("/api/event", &Method::POST) => event::collect_event(edge, origin.client, request).await,
        ("/api/event", &Method::OPTIONS) => cors::preflight(),
        ("/api/event", _) => only("POST, OPTIONS"),
        ("/api/identify", &Method::POST) => said::identify(edge, origin.client, request).await,
        ("/api/consent", &Method::POST) => said::consent(edge, origin.client, request).await,
        ("/api/identify" | "/api/consent", &Method::OPTIONS) => cors::preflight(),
        ("/api/identify" | "/api/consent", _) => only("POST, OPTIONS"),
        ("/api/recording", &Method::POST) => recording::collect_chunk(edge, origin.client, request).await,
        ("/api/recording", &Method::OPTIONS) => cors::preflight(),
        ("/api/recording", _) => only("POST, OPTIONS"),
        ("/api/recording/settings", &Method::GET | &Method::HEAD) => {
            recording::tell_settings(edge, request.uri().query())
        }
        ("/api/recording/settings", _) => only("GET, HEAD"),
        ("/c.js", &Method::GET | &Method::HEAD) => script::send_script(SCRIPT, request.headers()),
        ("/r.js", &Method::GET | &Method::HEAD) => script::send_script(RECORDER, request.headers()),
        ("/i.js", &Method::GET | &Method::HEAD) => script::send_script(KNOWN_SCRIPT, request.headers()),
        ("/c.js" | "/i.js" | "/r.js", _) => only("GET, HEAD"),
        (security_txt::PATH, &Method::GET | &Method::HEAD) => {
            security_txt::send(&edge.birth.reach, &edge.birth.public_url, edge.clock.now())
        }
        (security_txt::PATH, _) => only("GET, HEAD"),
        ("/api/health", &Method::GET | &Method::HEAD) => health::read_health(edge),
        ("/api/health", _) => only("GET, HEAD"),
        ("/api/health/ingest", &Method::GET | &Method::HEAD) => health::read_ingest_health(edge),
        ("/api/health/ingest", _) => only("GET, HEAD"),
        (path, _) if path.starts_with(INTERNAL) => unknown(),
        (path, _) if path.starts_with("/v1/") => {
            segment::answer(edge, origin.client, request).await.unwrap_or_else(unknown)
        }
        _ => proxy::pass_to_app(edge, origin, request, answering).await,
    }
}

/// Operators have an API of their own; the doors for events and for metrics are elsewhere.
async fn for_operators(
    edge: &Arc<Edge>,
    origin: Origin,
    request: Request<Incoming>,
    answering: Answering,
) -> Answer {
    if request.uri().path().starts_with(INTERNAL) {
        return unknown();
    }
    proxy::pass_to_app(edge, origin, request, answering).await
}

/// Whether a proxy asks for itself how the server is, as proxies do in the clear.
fn is_probe(edge: &Edge, entrance: &Entrance, peer: IpAddr, request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    entrance.door == Door::Pages
        && *request.method() == Method::GET
        && matches!(request.uri().path(), "/api/health" | "/api/health/ingest")
        && edge.birth.trusted_proxies.iter().any(|proxy| proxy.contains(peer))
        && !headers.contains_key("x-forwarded-for")
        && !headers.contains_key("x-forwarded-proto")
}

fn unknown() -> Answer {
    answer::problem(StatusCode::NOT_FOUND, "there is no such address in the API", None)
}

/// What a client behind a proxy is told whose network is blocked; others are not answered at all.
fn keep_out() -> Answer {
    let sentence = "this network is blocked for a while, because of what came from it";
    let mut answer = answer::problem(StatusCode::FORBIDDEN, sentence, None);
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn only(methods: &'static str) -> Answer {
    let sentence = format!("this address takes {methods} only");
    let mut answer = answer::problem(StatusCode::METHOD_NOT_ALLOWED, &sentence, None);
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    answer
}
