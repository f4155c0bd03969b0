//! The UI: files of the build, and its one page for every address that is a screen of it.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::operators::{DOOR, OPERATORS};
use super::problem::{Kind, Problem};
use crate::assets::{Asset, UI};

/// Files under `/assets/` have the hash of their content in their names.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again, and answered by 304 where nothing changed.
const REVALIDATE: &str = "no-cache";

/// Sends the file at the request's path, or the one page of the UI.
pub(crate) async fn send_ui(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("there is no such address in the API").into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return Problem::new(Kind::WrongMethod, "this address takes GET only").into_response();
    }
    if UI.is_empty() {
        let sentence = "this build has no UI: run `make build`";
        return Problem::new(Kind::Unavailable, sentence).into_response();
    }
    match (find(path), path.starts_with("assets/")) {
        (Some(asset), _) => send(asset, &headers),
        (None, true) => Problem::not_found("there is no such file").into_response(),
        (None, false) => find(page_at(&headers)).map_or_else(
            || Problem::not_found("there is no such page").into_response(),
            |page| send(page, &headers),
        ),
    }
}

/// The one page of the door that was come by.
fn page_at(headers: &HeaderMap) -> &'static str {
    match headers.get(DOOR).is_some_and(|door| door == OPERATORS) {
        true => "operators.html",
        false => "index.html",
    }
}

/// Answers a method that an address of the API does not take.
pub(crate) async fn refuse_method() -> Problem {
    Problem::new(Kind::WrongMethod, "this address does not take that method")
}

fn find(path: &str) -> Option<&'static Asset> {
    UI.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|at| &UI[at])
}

fn send(asset: &'static Asset, request: &HeaderMap) -> Response {
    let cache = if asset.path.starts_with("assets/") { IMMUTABLE } else { REVALIDATE };
    let (bytes, coding) = asset.form_for(request);
    let mut response = if asset.is_known_to(request) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.content_type())], bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static(asset.tag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    response
}
