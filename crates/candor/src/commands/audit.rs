//! `candor audit`: the log of acts as a file, its signed checkpoints, and whether it is what it was. Checking needs no
//! server.

mod verify;

use std::path::PathBuf;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::Method;
use sealing::CheckpointKey;

use super::connection::{Server, Whereabouts, understand, with_server};
use super::credentials::KeyFlags;
use super::download;
use crate::Parts;
use crate::logging;

const VERIFY_EXAMPLES: &str = "Examples:
  candor audit verify audit.jsonl
  candor audit verify audit.jsonl --checkpoint 2026-01.txt --checkpoint 2026-02.txt
  candor audit verify audit.jsonl --key 6f1c…

It works without a server, and exits with 1 where anything is wrong. A checkpoint that was kept elsewhere is what shows
that the log is still the one it was then: without one, whoever has the server's keys could have written another.";

const CHECKPOINT_EXAMPLES: &str = "Examples:
  candor audit checkpoint > 2026-01.txt
  candor audit checkpoint --organization 2 --output 2026-01.txt

Keep it where who runs the server cannot write: print it, mail it.";

const EXPORT_EXAMPLES: &str = "Examples:
  candor audit export --output audit.jsonl && candor audit verify audit.jsonl
  candor audit export --organization 2 > audit.jsonl";

/// Take the audit log out, have it signed, or check it
#[derive(clap::Subcommand)]
pub(crate) enum Audit {
    /// Check an audit log that was taken out, without a server
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        /// The file, or - for standard input
        file: PathBuf,
        /// A checkpoint that was kept; may be given several times
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
        /// The public key that signs, as it was noted before, instead of the one that the file names
        #[arg(long, value_name = "KEY")]
        key: Option<CheckpointKey>,
    },
    /// Print a signed checkpoint of the audit log as it is now
    #[command(after_help = CHECKPOINT_EXAMPLES)]
    Checkpoint {
        #[command(flatten)]
        what: Wanted,
    },
    /// Write the audit log to a file that anybody can check
    #[command(after_help = EXPORT_EXAMPLES)]
    Export {
        #[command(flatten)]
        what: Wanted,
    },
}

/// Which log, and where to.
#[derive(clap::Args)]
pub(crate) struct Wanted {
    /// Number of the organization, where there are several
    #[arg(long, value_name = "NUMBER")]
    organization: Option<u32>,
    /// File to write, which must not exist yet, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFlags,
    #[command(flatten)]
    whereabouts: Whereabouts,
}

impl Audit {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        match self {
            Self::Verify { file, checkpoints, key } => verify::run(&file, &checkpoints, key),
            Self::Checkpoint { what } => what.take(parts, "/api/audit/checkpoint"),
            Self::Export { what } => what.take(parts, "/api/audit/export"),
        }
    }
}

impl Wanted {
    fn take(&self, parts: &Parts, path: &str) -> anyhow::Result<()> {
        let organization = self.organization.map(|number| format!("?organization={number}"));
        let path = format!("{path}{}", organization.unwrap_or_default());
        let key = self.key.require()?;
        with_server(parts, &self.whereabouts, async |server: Server| {
            let server = server.with_key(&key);
            let request = server.head(Method::GET, &path).body(Empty::<Bytes>::new())?;
            let response = server.send(request).await?;
            if !response.status().is_success() {
                return understand(response).await;
            }
            download::take(response.into_body(), self.output.as_deref()).await.map(drop)
        })
    }
}
