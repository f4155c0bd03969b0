//! A body that must be whole: what is handed over part by part, and ends well only after it was said that these were all.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc;

use crate::logging::with_causes;

/// What is handed over.
pub(crate) enum Part<E> {
    /// Some of it.
    Lines(Bytes),
    /// These were all.
    End,
    /// There is more, which cannot be read.
    Failed(E),
}

/// A body that ends well only after it was told that it is whole; whatever else ends it breaks it off.
pub(crate) struct Whole<E> {
    first: Option<Part<E>>,
    parts: mpsc::Receiver<Part<E>>,
    whole: bool,
}

impl<E> Whole<E> {
    /// Waits for the first part, so that what fails at once is a problem and no body.
    pub(crate) async fn begin(mut parts: mpsc::Receiver<Part<E>>) -> Result<Self, E> {
        match parts.recv().await {
            Some(Part::Failed(error)) => Err(error),
            first => Ok(Self { first, parts, whole: false }),
        }
    }
}

/// What breaks off is not whole.
#[derive(Debug, thiserror::Error)]
#[error("what is sent is not whole")]
pub(crate) struct BrokenOff;

impl<E: Error + Unpin + 'static> Body for Whole<E> {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if self.whole {
            return Poll::Ready(None);
        }
        let part = match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => self.parts.poll_recv(context),
        };
        part.map(|part| match part {
            Some(Part::Lines(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(Part::End) => {
                self.whole = true;
                None
            }
            Some(Part::Failed(error)) => {
                tracing::error!("an answer is broken off: {}", with_causes(&error));
                Some(Err(BrokenOff))
            }
            None => Some(Err(BrokenOff)),
        })
    }
}
