//! `GET /api/recording/settings?d=`: what a site allows its recorder. The edge answers it itself, to any page.

use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use serde::Serialize;

use crate::processes::edge::answer::{self, Answer};
use crate::processes::edge::{Edge, cors};

#[derive(Serialize)]
struct Settings {
    on: bool,
    sample: u16,
    text: &'static str,
    signals: &'static str,
    idle_minutes: u16,
    length_minutes: u16,
    /// The names of style sheets that need not be sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sheets: Vec<String>,
}

/// What the site that the query names allows; where there is none, or it records nothing, there is nothing to record.
pub(in crate::processes::edge) fn tell(edge: &Edge, query: Option<&str>) -> Answer {
    let named = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("d="));
    let domain = named.and_then(|name| name.parse::<domain::DomainName>().ok());
    let site = domain.and_then(|domain| edge.doorway.site(domain.as_str()));
    let mut answer = match site.filter(|site| site.settings.recording.on) {
        Some(site) => {
            let recording = &site.settings.recording;
            let settings = Settings {
                on: true,
                sample: recording.sample.get(),
                text: recording.text.as_str(),
                signals: if site.settings.honour_signals { "honour" } else { "ignore" },
                idle_minutes: recording.idle.get(),
                length_minutes: recording.length.get(),
                sheets: edge.recorder.sheets.names(site.id),
            };
            let body = serde_json::to_vec(&settings).expect("settings are JSON");
            answer::whole(StatusCode::OK, "application/json", body)
        }
        None => answer::problem(StatusCode::NOT_FOUND, "there is nothing to record", None),
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    cors::allow_all(answer.headers_mut());
    answer
}
