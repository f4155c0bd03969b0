//! Which pages may send events and read the answers: all of them, as measured pages are on other origins.

use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::answer::{self, Answer};

/// Tells a sender why its event was not kept.
pub(crate) const REFUSED: HeaderName = HeaderName::from_static("x-candor-refused");
/// The same, in the words of the format that senders may speak.
pub(crate) const DROPPED: HeaderName = HeaderName::from_static("x-plausible-dropped");

/// Lets any page read this answer.
pub(crate) fn allow_all(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("x-candor-refused, x-plausible-dropped"),
    );
}

/// Answers a browser that asks before it sends an event.
pub(crate) fn preflight() -> Answer {
    let mut answer = answer::whole(StatusCode::NO_CONTENT, "", "");
    let headers = answer.headers_mut();
    allow_all(headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("1728000"));
    answer
}
