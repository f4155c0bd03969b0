//! `candor site export`: everything that is kept of a site, opened, as JSON, one event a line.
//!
//! What is not whole must not look whole: a file gets its name when it is, and the command fails otherwise.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Method;
use hyper::body::Incoming;

use crate::commands::connection::{Server, understand};

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
    let lines = response.into_body();
    let events = match output {
        None => {
            let (_, events) = copy(lines, std::io::stdout())
                .await
                .context("the export is not whole: do not keep what was written")?;
            events
        }
        Some(path) => into_file(lines, path).await?,
    };
    eprintln!("{events} events of {domain} are exported.");
    Ok(())
}

/// Under another name until it is whole, readable by this account alone, never in the place of another file.
async fn into_file(lines: Incoming, path: &Path) -> anyhow::Result<u64> {
    anyhow::ensure!(!path.exists(), "{} exists already", path.display());
    let mut name = OsString::from(path);
    name.push(".unfinished");
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name);
    let file = file.with_context(|| format!("{} cannot be made", name.display()))?;
    let unfinished = Unfinished(name.into());
    let copied = async {
        let (file, events): (File, u64) = copy(lines, file).await?;
        file.sync_all()?;
        take_name(&unfinished.0, path)?;
        Ok::<u64, anyhow::Error>(events)
    };
    copied.await.with_context(|| format!("the export is not whole: {} was not made", path.display()))
}

/// Gives a file the name `path`, unless another has it meanwhile.
fn take_name(unfinished: &Path, path: &Path) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, unfinished, CWD, path, RenameFlags::NOREPLACE) {
            // Not every file system can.
            Err(Errno::INVAL | Errno::NOSYS) => {}
            done => return Ok(done?),
        }
    }
    fs::hard_link(unfinished, path)
}

/// A file in the making, which is deleted unless it got its name.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What is whole has its other name by now.
        let _ = fs::remove_file(&self.0);
    }
}

/// Copies every line; how many they were. It fails where the server breaks off.
async fn copy<W: Write + Send + 'static>(mut lines: Incoming, mut to: W) -> anyhow::Result<(W, u64)> {
    let mut events = 0;
    while let Some(frame) = lines.frame().await {
        let frame = frame.context("the server broke off; its log says why")?;
        let Ok(data) = frame.into_data() else { continue };
        events += data.iter().filter(|byte| **byte == b'\n').count() as u64;
        // A slow reader must not hold up a server that was started for this command.
        to = tokio::task::spawn_blocking(move || to.write_all(&data).map(|()| to)).await??;
    }
    to = tokio::task::spawn_blocking(move || to.flush().map(|()| to)).await??;
    Ok((to, events))
}
