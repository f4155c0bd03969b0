//! `/v1/…`, the Segment HTTP API: from a call or a batch to durable events and to what is said of visitors. It is
//! acknowledged once all of it is durable; until then its sender is told to send it again, and sent again it counts once.

use std::net::IpAddr;

use capture::{CallAddress, Captured, Headers, NotTaken, RawRequest, Said};
use domain::{ClientAddress, Refusal, Site};
use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::answer::{self, Answer};
use super::event::{Failure, commit, read, sort};
use super::telling::tell_app;
use super::{Edge, cors, limits};
use crate::http::said::SAID_PATH;

/// What its clients take for an acknowledgement.
const TAKEN: &str = r#"{"success":true}"#;

/// Answers a request below `/v1/`; none where nothing is there.
pub(super) async fn answer(edge: &Edge, client: IpAddr, request: Request<Incoming>) -> Option<Answer> {
    let path = request.uri().path();
    let mut answer = match (CallAddress::of_path(path), request.method()) {
        (Some(_), &Method::OPTIONS) => return Some(preflight()),
        (Some(address), &Method::POST) => match collect(edge, client, address, request).await {
            Ok(outcome) => outcome.acknowledge(address),
            Err(not) => not.answer(edge, address),
        },
        (Some(_), _) => only("POST, OPTIONS"),
        (None, method) => {
            let key = path.strip_prefix("/v1/projects/")?.strip_suffix("/settings")?;
            match *method {
                Method::GET | Method::HEAD => settings(edge, key),
                Method::OPTIONS => return Some(preflight()),
                _ => only("GET, HEAD, OPTIONS"),
            }
        }
    };
    allow_all(&mut answer);
    Some(answer)
}

/// What became of the items.
#[derive(Default)]
struct Outcome {
    refused: u32,
    first: Option<Refusal>,
}

/// Why nothing of a request was taken.
enum Not {
    Taken(NotTaken),
    Failed(Failure),
    /// More came of the site than may; in so many seconds it may come again.
    TooFast(u32),
}

impl From<Failure> for Not {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

async fn collect(
    edge: &Edge,
    client: IpAddr,
    address: CallAddress,
    request: Request<Incoming>,
) -> Result<Outcome, Not> {
    let doorway = &edge.doorway;
    if !doorway.is_ready() {
        return Err(Failure::NotReady.into());
    }
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(limits::BODY_TIME_MAX, read(body, address.bytes_max()))
        .await
        .map_err(|_| Failure::TooSlow)??;
    let raw = RawRequest {
        body: &body,
        headers: Headers::read(|name| head.headers.get(name).map(HeaderValue::as_bytes)),
        address: ClientAddress::new(client),
        received_at: doorway.now(),
    };
    let taken = doorway.with_circumstances(|pipeline, circumstances| {
        let taken = pipeline.capture_segment(&raw, address, circumstances)?;
        Ok((taken.site.clone(), taken.captured, taken.said))
    });
    let (site, mut captured, said) = taken.ok_or(Failure::NotReady)?.map_err(Not::Taken)?;
    edge.pace.take(site.id, captured.len() + said.len(), raw.received_at).map_err(Not::TooFast)?;
    if !said.is_empty() {
        captured.extend(keep(edge, &site, said).await?);
    }
    let mut outcome = Outcome::default();
    for one in &captured {
        if let Captured::Refused { reason, .. } = one {
            outcome.refused += 1;
            outcome.first.get_or_insert(*reason);
        }
    }
    let (entries, _) = sort(edge, captured, raw.received_at);
    if !entries.is_empty() {
        commit(edge, entries).await?;
    }
    Ok(outcome)
}

/// Has what is said of visitors kept; what is refused of it.
pub(super) async fn keep(edge: &Edge, site: &Site, said: Vec<Said>) -> Result<Vec<Captured>, Failure> {
    let count = said.len() as u64;
    let refused: Vec<Refusal> = tell_app(edge, SAID_PATH, &(site.id, said)).await?;
    edge.metrics.count_said(count.saturating_sub(refused.len() as u64));
    Ok(refused.into_iter().map(|reason| Captured::Refused { site: Some(site.id), reason }).collect())
}

impl Outcome {
    /// The convention's own answer, which says yes to whatever was understood. Of an address that may not be kept its sender
    /// is told outright, where it came alone.
    fn acknowledge(&self, address: CallAddress) -> Answer {
        let refused_address = self.first.filter(|_| address.kind.is_some()).and_then(of_address);
        let mut answer = match refused_address {
            Some(sentence) => answer::problem(StatusCode::UNPROCESSABLE_ENTITY, sentence, Some("traits")),
            None => answer::whole(StatusCode::OK, "application/json", TAKEN),
        };
        if let Some(reason) = self.first {
            answer.headers_mut().insert(cors::REFUSED, HeaderValue::from_static(reason.as_str()));
            answer.headers_mut().insert(cors::DROPPED, HeaderValue::from(self.refused));
        }
        answer
    }
}

/// Why an address is not kept, if that is why.
pub(super) const fn of_address(reason: Refusal) -> Option<&'static str> {
    match reason {
        Refusal::AddressNotAllowed => Some(
            "an address is kept as an attribute only where the site declares one and allows it; nothing of this call is kept",
        ),
        Refusal::NoAgreement => Some(
            "an address is kept only once the organization has accepted the current data-processing agreement; nothing of \
             this call is kept",
        ),
        Refusal::NoConsent => Some(
            "an address is kept only with a receipt of this visitor's consent that stands, named as context.consent.receipt; \
             nothing of this call is kept",
        ),
        _ => None,
    }
}

impl Not {
    fn answer(self, edge: &Edge, address: CallAddress) -> Answer {
        match self {
            Self::Taken(NotTaken::UnknownKey) => {
                edge.metrics.count_unknown_key();
                answer::problem(
                    StatusCode::UNAUTHORIZED,
                    "no site of this server has this write key",
                    Some("writeKey"),
                )
            }
            Self::Taken(NotTaken::Malformed(malformed)) => {
                let failure = Failure::Malformed(malformed);
                edge.metrics.count_failure(&failure);
                failure.answer()
            }
            Self::TooFast(seconds) => {
                edge.metrics.count_too_fast();
                let sentence =
                    "more comes of this site than may; nothing of this was taken, send it again later";
                let mut answer = answer::problem(StatusCode::TOO_MANY_REQUESTS, sentence, None);
                answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                answer
            }
            Self::Failed(failure) => {
                edge.metrics.count_failure(&failure);
                match failure {
                    Failure::TooLarge => {
                        let sentence = format!("a body may have {} bytes here", address.bytes_max());
                        answer::problem(StatusCode::BAD_REQUEST, &sentence, Some("body"))
                    }
                    other => other.answer(),
                }
            }
        }
    }
}

/// What the browser's client asks before it sends: that it sends here, and loads nothing from elsewhere.
fn settings(edge: &Edge, key: &str) -> Answer {
    let known =
        edge.doorway.with_circumstances(|_, circumstances| circumstances.sites.of_write_key(key).is_some());
    if known != Some(true) {
        return answer::problem(StatusCode::NOT_FOUND, "no site of this server has this write key", None);
    }
    let public = &edge.birth.public_url;
    let (protocol, host) = public.split_once("://").unwrap_or(("https", public));
    let settings = serde_json::json!({
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "apiHost": format!("{}/v1", host.trim_end_matches('/')),
                "protocol": protocol,
            },
        },
    });
    let mut answer = answer::whole(StatusCode::OK, "application/json", settings.to_string());
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    answer
}

fn allow_all(answer: &mut Answer) {
    cors::allow_all(answer.headers_mut());
    answer.headers_mut().insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after, x-candor-refused, x-plausible-dropped"),
    );
}

/// The key travels in a header of its own, for which browsers ask first.
fn preflight() -> Answer {
    let mut answer = cors::preflight();
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("authorization, content-encoding, content-type, x-retry-count"),
    );
    answer
}

fn only(methods: &'static str) -> Answer {
    let sentence = format!("this address takes {methods} only");
    let mut answer = answer::problem(StatusCode::METHOD_NOT_ALLOWED, &sentence, None);
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    answer
}

#[cfg(test)]
mod tests;
