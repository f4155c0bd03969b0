//! The scripts of measured pages, the tracker and the recorder, for pages on any origin.

use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::answer::{self, Answer};
use super::cors;
use crate::assets::Asset;

/// Measured pages ask again after an hour, so that a new version reaches them the same day.
const CACHE: &str = "public, max-age=3600";

/// Sends a script in the smallest form the browser takes.
pub(super) fn send_script(script: &'static [Asset], request: &HeaderMap) -> Answer {
    let Some(script) = script.first() else {
        let sentence = "this build has no scripts for pages: run `make build`";
        return answer::problem(StatusCode::SERVICE_UNAVAILABLE, sentence, None);
    };
    let (bytes, coding) = script.form_for(request);
    let mut answer = if script.is_known_to(request) {
        answer::whole(StatusCode::NOT_MODIFIED, "", "")
    } else {
        answer::whole(StatusCode::OK, script.content_type(), bytes)
    };
    let headers = answer.headers_mut();
    cors::allow_all(headers);
    headers.insert(header::ETAG, HeaderValue::from_static(script.tag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Pages that isolate themselves load only what says that it may be loaded from elsewhere.
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    answer
}
