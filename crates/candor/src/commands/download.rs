//! Taking a file from the server, a line at a time.
//!
//! What is not whole must not look whole: a file gets its name when it is, and the command fails otherwise.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// Writes what the server sends to `output`, or to standard output; how many lines it was.
pub(super) async fn take(lines: Incoming, output: Option<&Path>) -> anyhow::Result<u64> {
    match output {
        None => {
            let (_, lines) = copy(lines, std::io::stdout())
                .await
                .context("the export is not whole: do not keep what was written")?;
            Ok(lines)
        }
        Some(path) => into_file(lines, path).await,
    }
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
        let (file, count): (File, u64) = copy(lines, file).await?;
        file.sync_all()?;
        take_name(&unfinished.0, path)?;
        Ok::<u64, anyhow::Error>(count)
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
    let mut count = 0;
    while let Some(frame) = lines.frame().await {
        let frame = frame.context("the server broke off; its log says why")?;
        let Ok(data) = frame.into_data() else { continue };
        count += data.iter().filter(|byte| **byte == b'\n').count() as u64;
        // A slow reader must not hold up a server that was started for this command.
        to = tokio::task::spawn_blocking(move || to.write_all(&data).map(|()| to)).await??;
    }
    to = tokio::task::spawn_blocking(move || to.flush().map(|()| to)).await??;
    Ok((to, count))
}
