//! What a page says of its visitor: who they are (`POST /api/identify`) and what they consent to (`POST /api/consent`). `app`
//! keeps it, and it is acknowledged once that is done; a consent that changes something, once the next event is taken by it.

use std::net::IpAddr;

use capture::{Headers, Malformed, PageSaid, RawRequest};
use domain::{ClientAddress, ReceiptId, Refusal, VisitorId};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};
use serde::{Deserialize, Serialize};

use super::answer::{self, Answer};
use super::event::{Failure, commit, read, sort};
use super::segment::{keep, of_address};
use super::telling::tell_app;
use super::{Edge, cors, limits};
use crate::http::said::CONSENT_PATH;

/// A visitor's answer on a page.
#[derive(Serialize, Deserialize)]
pub(crate) struct PageConsent {
    pub(crate) visitor: VisitorId,
    /// What they consent to; none where they withdraw.
    pub(crate) given: Option<capture::Consent>,
}

/// What became of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub(crate) receipt: Option<ReceiptId>,
    /// How many consents that stood were withdrawn.
    pub(crate) withdrawn: u64,
}

/// Takes who a visitor is.
pub(super) async fn identify(edge: &Edge, client: IpAddr, request: Request<Incoming>) -> Answer {
    take(edge, client, request, Asked::Who).await
}

/// Takes what a visitor consents to.
pub(super) async fn consent(edge: &Edge, client: IpAddr, request: Request<Incoming>) -> Answer {
    take(edge, client, request, Asked::Consent).await
}

#[derive(Clone, Copy)]
enum Asked {
    Who,
    Consent,
}

async fn take(edge: &Edge, client: IpAddr, request: Request<Incoming>, asked: Asked) -> Answer {
    let mut answer = match collect(edge, client, request, asked).await {
        Ok(answer) => answer,
        Err(failure) => {
            edge.metrics.count_failure(&failure);
            match failure {
                Failure::TooLarge => {
                    let sentence = format!("a body may have {} bytes here", domain::limits::CALL_BYTES);
                    answer::problem(StatusCode::PAYLOAD_TOO_LARGE, &sentence, Some("body"))
                }
                other => other.answer(),
            }
        }
    };
    cors::allow_all(answer.headers_mut());
    answer
}

async fn collect(
    edge: &Edge,
    client: IpAddr,
    request: Request<Incoming>,
    asked: Asked,
) -> Result<Answer, Failure> {
    let doorway = &edge.doorway;
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(limits::BODY_TIME_MAX, read(body, domain::limits::CALL_BYTES))
        .await
        .map_err(|_| Failure::TooSlow)??;
    let raw = RawRequest {
        body: &body,
        headers: Headers::read(|name| head.headers.get(name).map(HeaderValue::as_bytes)),
        address: ClientAddress::new(client),
        received_at: doorway.now(),
    };
    let taken = doorway.with_circumstances(|pipeline, circumstances| match asked {
        Asked::Who => pipeline.capture_identity(&raw, circumstances),
        Asked::Consent => pipeline.capture_consent(&raw, circumstances),
    });
    match taken.ok_or(Failure::NotReady)?.map_err(Failure::Malformed)? {
        PageSaid::Refused { site, reason } => {
            let refused = capture::Captured::Refused { site, reason };
            commit(edge, sort(edge, vec![refused], raw.received_at).0).await?;
            Ok(not_kept(reason))
        }
        PageSaid::Who(site, said) => {
            let refused = keep(edge, &site, vec![said]).await?;
            let Some(capture::Captured::Refused { reason, .. }) = refused.first().cloned() else {
                return Ok(answer::whole(StatusCode::ACCEPTED, "text/plain; charset=utf-8", "ok"));
            };
            commit(edge, sort(edge, refused, raw.received_at).0).await?;
            Ok(not_kept(reason))
        }
        PageSaid::Consent(site, visitor, given) => {
            let message = (site.id, PageConsent { visitor, given });
            let answered: Answered = tell_app(edge, CONSENT_PATH, &message).await?;
            Ok(told(visitor, &answered))
        }
    }
}

/// What a page may keep: the receipt; or, where consent was withdrawn, what to name to have everything erased.
fn told(visitor: VisitorId, answered: &Answered) -> Answer {
    let body = match answered.receipt {
        Some(receipt) => serde_json::json!({ "receipt": receipt }),
        None => serde_json::json!({ "withdrawn": answered.withdrawn, "erasure": { "visitor": visitor } }),
    };
    answer::whole(StatusCode::OK, "application/json", body.to_string())
}

fn not_kept(reason: Refusal) -> Answer {
    let mut answer = match of_address(reason) {
        Some(sentence) => answer::problem(StatusCode::UNPROCESSABLE_ENTITY, sentence, Some("attributes")),
        None => answer::whole(StatusCode::ACCEPTED, "text/plain; charset=utf-8", "ok"),
    };
    answer.headers_mut().insert(cors::REFUSED, HeaderValue::from_static(reason.as_str()));
    answer.headers_mut().insert(cors::DROPPED, HeaderValue::from(1));
    answer
}

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}
