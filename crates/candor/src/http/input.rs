//! What a request says: its JSON body, read under named limits, and what its address says. What cannot be read is a problem
//! like any other, never the framework's own words as plain text.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::VisitorId;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::problem::{Kind, Problem};

/// Bytes of a request's body.
pub(crate) const INPUT_BYTES_MAX: usize = 256 * 1024;
/// How long a body may take to arrive.
pub(crate) const INPUT_TIME_MAX: Duration = Duration::from_secs(10);

/// A body that is JSON of type `T`.
pub(crate) struct Input<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        require_json(&head.headers)?;
        let bytes = tokio::time::timeout(INPUT_TIME_MAX, read(body))
            .await
            .map_err(|_| Problem::new(Kind::TooSlow, "the request took too long to arrive"))??;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Problem::invalid(explain(&error)))
    }
}

/// The domain in a request's path.
pub(crate) struct NamedSite(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for NamedSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(domain)) => Ok(Self(domain)),
            Err(_) => Err(Problem::not_found("there is no site of that name")),
        }
    }
}

/// A visitor of a site in a request's path.
pub(crate) struct NamedVisitor {
    pub(crate) domain: String,
    pub(crate) visitor: VisitorId,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedVisitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unknown = || Problem::not_found("there is no such visitor: one is named by a UUID");
        let Path((domain, visitor)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        Ok(Self { domain, visitor: visitor.parse().map_err(|_| unknown())? })
    }
}

/// What follows the question mark of an address, as `T`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Problem::invalid(error.body_text())),
        }
    }
}

/// The number of somebody or something in a request's path, as text.
pub(crate) struct Numbered(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::not_found("there is nothing of that number")),
        }
    }
}

/// A page elsewhere can make a browser send other types without asking; it must ask before it sends JSON.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(Kind::WrongType, "the content type must be application/json"))
}

async fn read(body: Body) -> Result<bytes::Bytes, Problem> {
    match Limited::new(body, INPUT_BYTES_MAX).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let sentence = format!("a request may have {INPUT_BYTES_MAX} bytes");
            Err(Problem::new(Kind::TooLarge, sentence))
        }
        Err(_) => Err(Problem::invalid("the request broke off")),
    }
}

fn explain(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => error.to_string(),
        _ => format!("the request is not JSON: {error}"),
    }
}
