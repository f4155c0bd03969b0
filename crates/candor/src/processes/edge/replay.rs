//! The page in which recordings play: the one page at its door and the script of it, under a policy that lets it load nothing
//! and be embedded by this server's pages alone. It knows no cookie and passes nothing on to `app`.

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::Edge;
use super::answer::{self, Answer};
use super::entrance::is_local_name;
use crate::assets::{Asset, PLAYER};
use crate::processes::messages::Birth;

/// What the browser lets the page do; `{app}` is whose page may embed it.
const POLICY: &str = include_str!("../../../../../web/player/policy.txt");
/// In the page and in the policy: whose page may embed it.
const EMBEDDER: &str = "{app}";
const PAGE: &str = "index.html";
/// The script has the hash of its content in its name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What both files say besides.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    // Pages that isolate themselves, as this server's do, embed only what says that it may be.
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (HeaderName::from_static("x-dns-prefetch-control"), "off"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(), \
         display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
         idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
         publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), sync-xhr=(), \
         usb=(), xr-spatial-tracking=()",
    ),
];

/// The page as it is sent, and its policy: both say whose page may embed it.
pub(super) struct Page {
    html: String,
    policy: HeaderValue,
}

impl Page {
    pub(super) fn of(birth: &Birth) -> Self {
        let embedders = embedders(birth);
        let html = find(PAGE).map(|page| String::from_utf8_lossy(page.plain).replace(EMBEDDER, &embedders));
        let policy = POLICY.trim().replace(EMBEDDER, &embedders);
        Self {
            html: html.unwrap_or_default(),
            policy: HeaderValue::try_from(policy).expect("a policy is written in plain signs"),
        }
    }
}

/// Origins of this server's own pages: the public URL, and where that is this machine, its other names but `[::1]`, which no
/// policy can say.
fn embedders(birth: &Birth) -> String {
    let mut origins = vec![birth.public_url.clone()];
    if let Some(listen) = birth.listen.filter(|_| is_local_name(&birth.public_url)) {
        let scheme = birth.public_url.split(':').next().unwrap_or("http");
        let names = ["localhost", "127.0.0.1"];
        origins.extend(names.map(|name| format!("{scheme}://{name}:{}", listen.port())));
    }
    origins.dedup();
    origins.join(" ")
}

fn find(path: &str) -> Option<&'static Asset> {
    PLAYER.iter().find(|asset| asset.path == path)
}

/// Sends the page or its script; there is nothing else.
pub(super) fn send<B>(edge: &Edge, request: &Request<B>) -> Answer {
    let mut answer = match (request.uri().path(), request.method()) {
        (_, method) if !matches!(*method, Method::GET | Method::HEAD) => {
            answer::problem(StatusCode::METHOD_NOT_ALLOWED, "this address takes GET only", None)
        }
        _ if edge.birth.replay_url.is_none() => {
            let sentence = "this server has no address for the page in which recordings play: start it with --replay-url";
            answer::problem(StatusCode::NOT_FOUND, sentence, None)
        }
        _ if PLAYER.is_empty() => answer::problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "this build has no player: run `make build`",
            None,
        ),
        ("/", _) => {
            let mut answer =
                answer::whole(StatusCode::OK, "text/html; charset=utf-8", edge.replay.html.clone());
            answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            answer
        }
        (path, _) => match find(path.trim_start_matches('/')).filter(|asset| asset.path != PAGE) {
            Some(script) => send_script(script, request.headers()),
            None => {
                answer::problem(StatusCode::NOT_FOUND, "recordings play at /, and nothing else is here", None)
            }
        },
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, edge.replay.policy.clone());
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn send_script(script: &'static Asset, request: &HeaderMap) -> Answer {
    let (bytes, coding) = script.form_for(request);
    let mut answer = answer::whole(StatusCode::OK, script.content_type(), bytes);
    let headers = answer.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    answer
}
