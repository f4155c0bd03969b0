//! Through what every request passes before anything else looks at it, and what every answer tells the browser.
//!
//! A page elsewhere may point its own name at this server (DNS rebinding); its requests carry that name, and are not heard.
//! And it may send a form here; browsers say so, and nothing is changed for it.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::csrf::ProtectionError;

use super::problem::{Kind, Problem};
use crate::processes::app::state::App;

/// What every answer says to the browser that shows it.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 9] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // For browsers that know no `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), HeaderValue::from_static("none")),
    (HeaderName::from_static("x-dns-prefetch-control"), HeaderValue::from_static("off")),
    // What pages here need: to copy a link, to fill a screen, and passkeys.
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(self), \
             display-capture=(), encrypted-media=(), fullscreen=(self), gamepad=(), geolocation=(), gyroscope=(), \
             hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
             picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), \
             screen-wake-lock=(), serial=(), sync-xhr=(), usb=(), xr-spatial-tracking=()",
        ),
    ),
];

/// What a page may load and do. Its one frame is the page in which recordings play, at an origin of its own.
fn policy(replay_url: Option<&str>) -> HeaderValue {
    let frame = replay_url.map(|url| format!(" frame-src {url};")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self';{frame} manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::try_from(policy).expect("an address is written in plain signs")
}

/// The names by which the server may be asked for.
#[derive(Clone, Debug)]
pub struct OwnNames {
    public: Option<String>,
}

impl OwnNames {
    /// Loopback names, and the host of `public_url`.
    pub(crate) fn new(public_url: &str) -> Self {
        let uri: Option<axum::http::Uri> = public_url.parse().ok();
        Self { public: uri.and_then(|uri| uri.host().map(str::to_ascii_lowercase)) }
    }

    /// Whether `authority`, the text of a Host header, is one of them.
    pub(crate) fn hold(&self, authority: &str) -> bool {
        let host = without_port(authority).to_ascii_lowercase();
        matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") || self.public.as_deref() == Some(&host)
    }
}

/// Puts all of it around what answers: the name first, then whose page asks.
pub(crate) fn admitting<S: Clone + Send + Sync + 'static>(router: Router<S>, app: &App) -> Router<S> {
    let meant = Meant { names: OwnNames::new(&app.public_url), hold: app.own_names };
    router
        .layer((app.own_pages)().with_rejection_response(refuse_foreign_page))
        .layer(middleware::from_fn_with_state(meant, admit))
        .layer(middleware::from_fn_with_state(policy(app.replay_url.as_deref()), secure))
}

/// What tells whether a request was meant for this server.
#[derive(Clone)]
struct Meant {
    names: OwnNames,
    hold: fn(&OwnNames, &str) -> bool,
}

/// Lets a request through if it was meant for this server.
async fn admit(State(meant): State<Meant>, request: Request, next: Next) -> Result<Response, Problem> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if !(meant.hold)(&meant.names, host.unwrap_or_default()) {
        let sentence = "this server is not known by that name: ask for localhost, or start it with \
                        --public-url and the address people use";
        return Err(Problem::new(Kind::Misdirected, sentence));
    }
    Ok(next.run(request).await)
}

fn refuse_foreign_page(_: ProtectionError) -> Response {
    Problem::new(Kind::Forbidden, "a page of another site may not change anything here").into_response()
}

/// Adds to every answer what the browser must be told, unless the answer says it itself.
async fn secure(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    // What the API answers is for whoever asked, at that moment.
    let is_answer = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if is_answer {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// `localhost:7400` is `localhost`; `[::1]:7400` is `[::1]`.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}
