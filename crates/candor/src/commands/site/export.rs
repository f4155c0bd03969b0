//! `candor site export`: everything that is kept of a site, opened, as JSON, one event a line.

use std::path::Path;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::Method;

use crate::commands::connection::{Server, understand};
use crate::commands::download;

pub(super) const EXAMPLES: &str = "Examples:
  candor site export example.com > example.jsonl
  candor site export example.com --output example.jsonl
  set -o pipefail; candor site export example.com | zstd > example.jsonl.zst

One event a line, ordered by visitor and time, also what is set aside (set_aside says why). Whoever can read the file
can read what visitors did: it is not sealed. If the command fails, what was written is not all.";

/// Writes the events of `domain` to `output`, or to standard output; how many is said on standard error.
pub(super) async fn export(server: &Server, domain: &str, output: Option<&Path>) -> anyhow::Result<()> {
    let path = format!("/api/sites/{domain}/export");
    let request = server.head(Method::GET, &path).body(Empty::<Bytes>::new())?;
    let response = server.send(request).await?;
    if !response.status().is_success() {
        return understand(response).await;
    }
    let events = download::take(response.into_body(), output).await?;
    eprintln!("{events} events of {domain} are exported.");
    Ok(())
}
