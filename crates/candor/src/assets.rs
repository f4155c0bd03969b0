//! The web assets inside the program: the UI, the page in which recordings play, the tracker and the recorder, each file with
//! its compressed forms.

use hyper::header::{self, HeaderMap, HeaderValue};

/// One embedded file.
pub(crate) struct Asset {
    /// Its path under the folder it was built to, with forward slashes.
    pub(crate) path: &'static str,
    /// Its entity tag, in quotes.
    pub(crate) tag: &'static str,
    pub(crate) plain: &'static [u8],
    pub(crate) br: Option<&'static [u8]>,
    pub(crate) gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// Its smallest form among those that a request accepts, and the coding's name.
    pub(crate) fn form_for(&self, request: &HeaderMap) -> (&'static [u8], Option<HeaderValue>) {
        if let Some(br) = self.br.filter(|_| accepts(request, "br")) {
            return (br, Some(HeaderValue::from_static("br")));
        }
        if let Some(gz) = self.gz.filter(|_| accepts(request, "gzip")) {
            return (gz, Some(HeaderValue::from_static("gzip")));
        }
        (self.plain, None)
    }

    /// Whether the client has this very version.
    pub(crate) fn is_known_to(&self, request: &HeaderMap) -> bool {
        let tags = request.get_all(header::IF_NONE_MATCH);
        tags.iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == self.tag)
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" | "map" => "application/json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "webmanifest" => "application/manifest+json",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

/// Whether Accept-Encoding names `coding` and does not forbid it.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING);
    values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
