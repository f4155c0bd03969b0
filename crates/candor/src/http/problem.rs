//! What goes wrong, as a status and `{"error": sentence}`. The one place that knows both kinds and statuses.
//!
//! The sentence is for whoever asked. What went wrong inside is logged once with an id, and only the id is shown.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Rng;
use sealing::OpenError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::logging::with_causes;
use crate::outside::SystemRng;

/// Seconds after which a client may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// What kind of thing went wrong, seen from whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Invalid,
    Unauthorized,
    Forbidden,
    Misdirected,
    NotFound,
    Gone,
    TooMany,
    WrongMethod,
    TooSlow,
    Conflict,
    TooLarge,
    /// It is what it should be, and a rule forbids it.
    Unprocessable,
    WrongType,
    Unavailable,
    Internal,
}

/// An answer that says what went wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A sentence for people.
    error: String,
    /// The field at fault, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<&'static str>,
    /// Which member of a list is at fault, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    index: Option<usize>,
    /// Seconds after which to try again, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after: Option<u32>,
    #[serde(skip)]
    #[schema(ignore)]
    kind: KindOf,
}

#[derive(Clone, Copy, Debug)]
struct KindOf(Kind);

impl Problem {
    pub(crate) fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Self { error: sentence.into(), field: None, index: None, retry_after: None, kind: KindOf(kind) }
    }

    pub(crate) fn invalid(sentence: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, sentence)
    }

    /// Whether what was asked for is there no more, or never was.
    pub(crate) fn is_gone(&self) -> bool {
        self.kind.0 == Kind::Gone
    }

    pub(crate) fn not_found(sentence: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, sentence)
    }

    /// Something of ours failed. Logged here; the asker learns an id to ask the operator about.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        let id = format!("{:016x}", SystemRng.next_u128() >> 64);
        tracing::error!("failure {id}: {}", with_causes(error));
        Self::new(Kind::Internal, format!("something went wrong here; the log has it as {id}"))
    }

    #[must_use]
    pub(crate) fn of_field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    #[must_use]
    pub(crate) fn of_member(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind.0 == kind
    }

    fn status(&self) -> StatusCode {
        match self.kind.0 {
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::Unauthorized => StatusCode::UNAUTHORIZED,
            Kind::Gone => StatusCode::GONE,
            Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Kind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<control::DatabaseError> for Problem {
    fn from(error: control::DatabaseError) -> Self {
        Self::internal(&error)
    }
}

impl From<control::SiteError> for Problem {
    fn from(error: control::SiteError) -> Self {
        match error {
            control::SiteError::Exists(_) => Self::new(Kind::Conflict, error.to_string()).of_field("domain"),
            control::SiteError::Unknown(_) => Self::not_found(error.to_string()),
            control::SiteError::Database(error) => error.into(),
        }
    }
}

/// Nobody who asks can do anything about the keeper but wait for it.
impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Away => {
                Self::new(Kind::Unavailable, "the keeper of the keys does not answer just now; try again")
            }
            OpenError::Unanswered => Self::new(
                Kind::Unavailable,
                "the keeper of the keys did not answer, so it may or may not have been done: look, and try again",
            ),
            // Rights that ended since the request was let through.
            OpenError::Denied(_) => Self::new(Kind::Forbidden, "that may not be seen any more"),
            other => Self::internal(&other),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let wait = self.retry_after.map(HeaderValue::from);
        let mut response = (status, Json(self)).into_response();
        if let Some(wait) = wait.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_AFTER)) {
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        response
    }
}
