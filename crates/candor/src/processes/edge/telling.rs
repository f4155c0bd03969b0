//! What `edge` has `app` keep, as it cannot itself: what is said of visitors. It counts as kept once `app` says so.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Edge;
use super::event::Failure;
use crate::http::client;
use crate::processes::messages::Doing;

/// How long `app` may take to keep something.
const KEEP_TIME_MAX: Duration = Duration::from_secs(10);

/// Tells `app` something at one of its internal addresses, and hears what became of it.
pub(super) async fn tell_app<A: DeserializeOwned>(
    edge: &Edge,
    path: &'static str,
    message: &impl Serialize,
) -> Result<A, Failure> {
    if matches!(edge.status().app, Doing::Ended | Doing::Silent) {
        return Err(Failure::AppAway);
    }
    let body = postcard::to_stdvec(message).expect("a message can be serialized");
    match tokio::time::timeout(KEEP_TIME_MAX, send(edge, path, body)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            tracing::warn!("app did not keep what it was told: {error:#}");
            Err(Failure::AppAway)
        }
        Err(_) => Err(Failure::AppAway),
    }
}

async fn send<A: DeserializeOwned>(edge: &Edge, path: &'static str, body: Vec<u8>) -> anyhow::Result<A> {
    let mut sender = client::over(edge.to_app.connect()?).await?;
    let request = Request::post(path).header("host", "localhost").body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await?;
    anyhow::ensure!(response.status() == StatusCode::OK, "it answered {}", response.status());
    let bytes = response.into_body().collect().await?.to_bytes();
    Ok(postcard::from_bytes(&bytes)?)
}
