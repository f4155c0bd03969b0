//! By which door a request came, and whether it came over https. What other machines send in the clear is not heard:
//! browsers that ask for a page are led to the https address, all else is refused unread.

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::Edge;
use super::answer::{self, Answer};
use super::certificate::Certificate;
use crate::config::is_open;

/// What browsers are told over https: never to come without it again.
const STAY_SECURE: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What a door is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Events and pages.
    Pages,
    /// Those who run the server.
    Operators,
    /// The page in which recordings play, and nothing else.
    Replay,
    /// Nothing but leading to the public URL.
    Redirect,
}

impl Door {
    /// The word for it that `app` knows.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Operators => "operators",
            Self::Replay => "replay",
            Self::Redirect => "redirect",
        }
    }
}

/// A listener and how it is protected.
#[derive(Clone)]
pub(crate) struct Entrance {
    pub(crate) door: Door,
    /// With what it speaks TLS; without, it is plain HTTP.
    pub(super) certificate: Option<Arc<Certificate>>,
    is_open: bool,
}

impl Entrance {
    pub(super) fn of(door: Door, listener: &TcpListener, certificate: Option<&Arc<Certificate>>) -> Self {
        let is_open = listener.local_addr().is_ok_and(is_open);
        // A loopback door is reached over a tunnel or by this machine itself, by a name that no certificate has.
        let speaks_tls = match door {
            Door::Pages => true,
            Door::Operators | Door::Replay => is_open,
            Door::Redirect => false,
        };
        Self { door, certificate: certificate.filter(|_| speaks_tls).cloned(), is_open }
    }
}

/// How a request came here from its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Https,
    /// Plain HTTP that never left this machine.
    Local,
    /// Plain HTTP over a network.
    Clear,
}

impl Way {
    /// Believes what a proxy of this server says, and nobody else.
    pub(super) fn of(edge: &Edge, entrance: &Entrance, peer: IpAddr, head: &HeaderMap) -> Self {
        if entrance.door == Door::Redirect {
            return Self::Clear;
        }
        let is_proxy = edge.birth.trusted_proxies.iter().any(|proxy| proxy.contains(peer));
        let mut words = head.get_all(FORWARDED_PROTO).iter().peekable();
        if is_proxy && words.peek().is_some() {
            // Each of a chain of proxies may have added its word; one that is not https is enough.
            let all = words
                .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
                .all(|word| word.trim_ascii().eq_ignore_ascii_case(b"https"));
            return if all { Self::Https } else { Self::Clear };
        }
        match (&entrance.certificate, entrance.is_open || (is_proxy && head.contains_key(FORWARDED_FOR))) {
            (Some(_), _) => Self::Https,
            (None, true) => Self::Clear,
            (None, false) => Self::Local,
        }
    }

    /// The word for it that `app` knows.
    pub(super) const fn scheme(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Local | Self::Clear => "http",
        }
    }

    /// What browsers are told of it.
    pub(super) fn mark(self, edge: &Edge, headers: &mut HeaderMap) {
        // `localhost` is everybody's: what one server demands of it would bind all others.
        if self == Self::Https && !edge.is_local_name {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STAY_SECURE);
        }
    }
}

/// Whether a public URL is a name that every machine has for itself.
pub(crate) fn is_local_name(public_url: &str) -> bool {
    let host = public_url.parse::<hyper::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    host.is_none_or(|host| matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]"))
}

/// The answer to what came in the clear. The body is not read.
pub(super) fn turn_back<B>(edge: &Edge, door: Door, request: &Request<B>) -> Answer {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && path.starts_with('/')
        && door != Door::Replay
        && !is_for_programs(request.uri().path());
    let secure = Some(&edge.birth.public_url).filter(|url| is_page && url.starts_with("https://"));
    let place = secure.and_then(|url| HeaderValue::from_str(&format!("{url}{path}")).ok());
    let mut answer = match place {
        Some(place) => {
            let mut answer = answer::whole(StatusCode::PERMANENT_REDIRECT, "", "");
            answer.headers_mut().insert(header::LOCATION, place);
            answer
        }
        None => {
            let sentence = "this came in the clear, and this server hears https alone; a proxy in front of it must say \
                            X-Forwarded-Proto: https";
            answer::problem(StatusCode::FORBIDDEN, sentence, None)
        }
    };
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn is_for_programs(path: &str) -> bool {
    path == "/c.js" || path == "/api" || path.starts_with("/api/")
}
