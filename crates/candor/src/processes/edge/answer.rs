//! Answers that the edge gives itself, and the one type of body that all its answers share.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::guard::Answering;
use super::limits;

/// A body known whole, or one that streams from `app`.
pub(crate) enum EdgeBody {
    Whole(Full<Bytes>),
    /// The second keeps the connection from being taken for idle while the body streams.
    Streaming(Incoming, #[expect(dead_code, reason = "held for its drop")] Answering),
}

impl Body for EdgeBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Streaming(body, _) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Streaming(body, _) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Streaming(body, _) => body.size_hint(),
        }
    }
}

/// An answer of the edge.
pub(crate) type Answer = Response<EdgeBody>;

/// An answer with a body known whole.
pub(crate) fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(EdgeBody::Whole(Full::new(body.into())));
    *answer.status_mut() = status;
    if !content_type.is_empty() {
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    answer
}

/// `{"error": sentence}`, with the field at fault where there is one.
pub(crate) fn problem(status: StatusCode, sentence: &str, field: Option<&str>) -> Answer {
    #[derive(serde::Serialize)]
    struct Problem<'a> {
        error: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<&'a str>,
    }
    let body = serde_json::to_vec(&Problem { error: sentence, field }).expect("a problem is JSON");
    let mut answer = whole(status, "application/json", body);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let wait = HeaderValue::from_static(limits::RETRY_AFTER_SECONDS);
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    answer
}
