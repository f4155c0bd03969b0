//! Who may ask at all, until there is sign-in: somebody on this machine, by a name of this machine.
//!
//! A page elsewhere may point its own name at this machine (DNS rebinding); its requests carry that name. And it
//! may send a form here; its request carries its origin.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::{Kind, Problem};

/// What every answer says to the browser that shows it.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        ),
    ),
];

/// The names by which the server may be asked for.
#[derive(Clone, Debug)]
pub(crate) struct OwnNames {
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

/// Lets a request through if it was meant for this server and comes from nobody else's page.
pub(crate) async fn admit(
    State(names): State<OwnNames>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    check(&names, request.method(), request.headers())?;
    Ok(next.run(request).await)
}

/// Adds to every answer what the browser must be told, unless the answer says it itself.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

fn check(names: &OwnNames, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let host = text(headers, &header::HOST).unwrap_or_default();
    if !names.hold(host) {
        let sentence = "this server is not known by that name: ask for localhost, or start it with \
                        --public-url and the address people use";
        return Err(Problem::new(Kind::Misdirected, sentence));
    }
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let foreign_site = text(headers, &HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let foreign_origin = text(headers, &header::ORIGIN)
        .is_some_and(|origin| origin.split_once("://").is_none_or(|(_, authority)| authority != host));
    if foreign_site || foreign_origin {
        return Err(Problem::new(Kind::Forbidden, "a page of another site may not change anything here"));
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// `localhost:7400` is `localhost`; `[::1]:7400` is `[::1]`.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}
