//! Passes a request on to `app` and its answer back, as they stream.
//!
//! No header that carries an address goes on: only the edge may know one.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri, Version};

use super::answer::{self, Answer, EdgeBody};
use super::guard::Answering;
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

/// Lets `app` answer `request`; 503 when it cannot.
pub(super) async fn pass_to_app(
    edge: &Arc<Edge>,
    request: Request<Incoming>,
    answering: Answering,
) -> Answer {
    if matches!(edge.status().app, Doing::Ended | Doing::Silent) {
        return not_there();
    }
    let Some(request) = rewrite(request, edge.forget_addresses) else {
        return answer::problem(StatusCode::BAD_REQUEST, "the address of the request is not one", None);
    };
    let sent = async {
        let mut sender = client::over(edge.to_app.connect()?).await?;
        sender.send_request(request).await.map_err(anyhow::Error::from)
    };
    match tokio::time::timeout(limits::APP_TIME_MAX, sent).await {
        Ok(Ok(response)) => stream_back(response, answering),
        Ok(Err(_)) => not_there(),
        Err(_) => answer::problem(StatusCode::GATEWAY_TIMEOUT, "the answer took too long", None),
    }
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

fn stream_back(response: Response<Incoming>, answering: Answering) -> Answer {
    let (mut parts, body) = response.into_parts();
    drop_hop_by_hop(&mut parts.headers);
    Response::from_parts(parts, EdgeBody::Streaming(body, answering))
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
