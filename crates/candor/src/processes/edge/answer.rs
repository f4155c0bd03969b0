//! Answers that the edge gives itself, and the one type of body that all its answers share.

use std::io;
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
    Streaming(Streaming),
}

/// A body that streams from `app`, as long as its client may have it.
pub(crate) struct Streaming {
    pub(super) body: Incoming,
    /// Keeps the connection from being taken for idle while the body streams.
    pub(super) _answering: Answering,
    /// Ends when the client is kept out.
    pub(super) kept_out: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Streaming {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.kept_out.as_mut().poll(context).is_ready() {
            let error = io::Error::new(io::ErrorKind::ConnectionAborted, "the client is kept out");
            return Poll::Ready(Some(Err(error.into())));
        }
        Pin::new(&mut self.body).poll_frame(context).map_err(Into::into)
    }
}

/// Why a body breaks off.
type BodyError = Box<dyn std::error::Error + Send + Sync>;

impl Body for EdgeBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Streaming(streaming) => streaming.poll(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Streaming(streaming) => streaming.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Streaming(streaming) => streaming.body.size_hint(),
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
    answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let wait = HeaderValue::from_static(limits::RETRY_AFTER_SECONDS);
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    answer
}
