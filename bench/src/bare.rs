//! The least an HTTP server can do with an event: axum takes the request, serde parses the same JSON into the
//! same fields, and 202 goes back. Nothing is looked up, kept or synced.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

/// The fields that the tracker sends.
#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "n")]
    name: String,
    #[serde(rename = "u")]
    url: String,
    #[serde(rename = "d")]
    domain: String,
    #[serde(rename = "r")]
    referrer: Option<String>,
    #[serde(rename = "s")]
    screen: Option<String>,
    #[serde(rename = "p", default)]
    properties: BTreeMap<String, String>,
    id: String,
    visitor: String,
}

/// Serves until it is killed, with two worker threads as `edge`.
pub(crate) fn serve(listen: SocketAddr) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        axum::serve(listener, Router::new().route("/api/event", post(accept))).await
    })
}

async fn accept(body: Bytes) -> (StatusCode, &'static str) {
    match serde_json::from_slice::<Sent>(&body) {
        Ok(sent) if sent.is_whole() => (StatusCode::ACCEPTED, "ok"),
        _ => (StatusCode::BAD_REQUEST, "bad"),
    }
}

impl Sent {
    /// Looks at every field, so that none is parsed in vain.
    fn is_whole(&self) -> bool {
        let texts = [&self.name, &self.url, &self.domain, &self.id, &self.visitor];
        let optional = [&self.referrer, &self.screen].into_iter().flatten();
        texts.into_iter().chain(optional).chain(self.properties.values()).all(|text| !text.is_empty())
    }
}
