//! `candor operator audit`: the server's own log as a file, and its signed checkpoints. `candor audit verify` checks both.

use std::path::PathBuf;

use super::{At, desk};
use crate::Parts;
use crate::commands::download;

/// Take the server's own log out, or have it signed; candor audit verify checks it
#[derive(clap::Subcommand)]
pub(crate) enum Audit {
    /// Print a signed checkpoint of the log as it is now
    Checkpoint {
        #[command(flatten)]
        to: To,
    },
    /// Write the log to a file that anybody can check
    Export {
        #[command(flatten)]
        to: To,
    },
}

/// Where to.
#[derive(clap::Args)]
pub(crate) struct To {
    /// File to write, which must not exist yet, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

impl Audit {
    pub(super) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let (To { output, at }, path) = match self {
            Self::Checkpoint { to } => (to, "audit/checkpoint"),
            Self::Export { to } => (to, "audit/export"),
        };
        desk(parts, &at, async |desk| {
            download::take(desk.download(path).await?, output.as_deref()).await.map(drop)
        })
    }
}
