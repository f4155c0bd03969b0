//! Passes a request on to `app` and its answer back, as they stream.
//!
//! No header that carries an address goes on: only the edge may know one. What it may say of a request it says itself.

use std::net::IpAddr;
use std::sync::Arc;

use domain::ClientAddress;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri, Version};

use super::answer::{self, Answer, EdgeBody, Streaming};
use super::entrance::{Door, Way};
use super::guard::Answering;
use super::operators::WITHIN;
use super::{Edge, limits};
use crate::http::client;
use crate::processes::messages::Doing;

/// Headers of one connection, never of a request (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Headers in which proxies write a client's address.
const ADDRESSES: [HeaderName; 12] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-client-ip"),
    HeaderName::from_static("x-cluster-client-ip"),
    HeaderName::from_static("x-original-forwarded-for"),
    HeaderName::from_static("x-envoy-external-address"),
    HeaderName::from_static("cf-connecting-ip"),
    HeaderName::from_static("cf-connecting-ipv6"),
    HeaderName::from_static("fastly-client-ip"),
    HeaderName::from_static("true-client-ip"),
];

/// What the edge tells `app` of a request begins so, and nobody else can tell it.
const OWN: &str = "x-candor-";
const NETWORK: HeaderName = HeaderName::from_static("x-candor-network");
const SCHEME: HeaderName = HeaderName::from_static("x-candor-scheme");
const DOOR: HeaderName = HeaderName::from_static("x-candor-door");

/// From where a request came, as far as `app` may know.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) client: IpAddr,
    pub(super) way: Way,
    pub(super) door: Door,
}

/// Lets `app` answer `request`; 503 when it cannot.
pub(super) async fn pass_to_app(
    edge: &Arc<Edge>,
    origin: Origin,
    request: Request<Incoming>,
    answering: Answering,
) -> Answer {
    if matches!(edge.status().app, Doing::Ended | Doing::Silent) {
        return not_there();
    }
    let Some(mut request) = rewrite(request, edge.forget_addresses) else {
        return answer::problem(StatusCode::BAD_REQUEST, "the address of the request is not one", None);
    };
    tell_origin(origin, request.headers_mut());
    if origin.door == Door::Operators {
        let Some(within) = edge.operators.around(origin.client) else {
            edge.metrics.count_blocked("operator");
            edge.turn_operator_away(origin.client);
            return not_from_there();
        };
        let within = HeaderValue::try_from(within).expect("networks are plain text");
        request.headers_mut().insert(WITHIN, within);
    }
    let sent = async {
        let mut sender = client::over(edge.to_app.connect()?).await?;
        sender.send_request(request).await.map_err(anyhow::Error::from)
    };
    match tokio::time::timeout(limits::APP_TIME_MAX, sent).await {
        Ok(Ok(response)) => stream_back(edge, origin.client, response, answering),
        Ok(Err(_)) => not_there(),
        Err(_) => answer::problem(StatusCode::GATEWAY_TIMEOUT, "the answer took too long", None),
    }
}

fn not_from_there() -> Answer {
    answer::problem(StatusCode::FORBIDDEN, "operators may not act from that network", None)
}

fn not_there() -> Answer {
    let sentence = "this part of the server is being restarted; events are still accepted";
    answer::problem(StatusCode::SERVICE_UNAVAILABLE, sentence, None)
}

fn rewrite(request: Request<Incoming>, forget: fn(&mut HeaderMap)) -> Option<Request<Incoming>> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if !parts.headers.contains_key(header::HOST)
        && let Some(authority) = parts.uri.authority()
    {
        let host = HeaderValue::from_str(authority.as_str()).ok()?;
        parts.headers.insert(header::HOST, host);
    }
    parts.uri = path.parse::<Uri>().ok()?;
    parts.version = Version::HTTP_11;
    drop_hop_by_hop(&mut parts.headers);
    forget(&mut parts.headers);
    Some(Request::from_parts(parts, body))
}

/// Takes out every header in which a proxy writes a client's address.
pub(crate) fn forget_addresses(headers: &mut HeaderMap) {
    for name in &ADDRESSES {
        headers.remove(name);
    }
}

/// Says in headers what `app` may know, in place of whatever the client said in them.
fn tell_origin(origin: Origin, headers: &mut HeaderMap) {
    let claimed: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(OWN)).cloned().collect();
    for name in claimed {
        headers.remove(name);
    }
    let network = ClientAddress::new(origin.client).truncate().to_string();
    headers.insert(NETWORK, HeaderValue::try_from(network).expect("a network is plain text"));
    headers.insert(SCHEME, HeaderValue::from_static(origin.way.scheme()));
    headers.insert(DOOR, HeaderValue::from_static(origin.door.as_str()));
}

fn stream_back(
    edge: &Arc<Edge>,
    client: IpAddr,
    response: Response<Incoming>,
    answering: Answering,
) -> Answer {
    let (mut parts, body) = response.into_parts();
    drop_hop_by_hop(&mut parts.headers);
    let watching = edge.clone();
    let kept_out = Box::pin(async move {
        watching.blocks.wait_until_kept_out(client).await;
        watching.metrics.count_blocked("answer");
    });
    Response::from_parts(parts, EdgeBody::Streaming(Streaming { body, _answering: answering, kept_out }))
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}
