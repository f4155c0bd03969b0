//! `candor erasure`: whether a receipt for an erasure is what the keeper signed. It needs no server.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sealing::{CheckpointKey, RECEIPT_BYTES_MAX, open_receipt};

use super::output::say;

const VERIFY_EXAMPLES: &str = "Examples:
  candor erasure verify receipt.txt
  candor erasure verify receipt.txt --key 6f1c…

It works without a server, and exits with 1 where the receipt was altered or another key signed it.";

/// Check the receipt for an erasure
#[derive(clap::Subcommand)]
pub(crate) enum Erasure {
    /// Check a receipt, without a server
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        /// The file, or - for standard input
        file: PathBuf,
        /// The public key that signs receipts, as it was noted before, instead of the one that the receipt names
        #[arg(long, value_name = "KEY")]
        key: Option<CheckpointKey>,
    },
}

impl Erasure {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let Self::Verify { file, key } = self;
        verify(&file, key)
    }
}

fn verify(file: &Path, noted: Option<CheckpointKey>) -> anyhow::Result<()> {
    let name = file.display();
    let from: Box<dyn Read> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(File::open(file).with_context(|| format!("{name} cannot be opened"))?),
    };
    let mut note = String::new();
    // One byte more than may be read, so that what is too long is seen to be.
    let read = from.take(RECEIPT_BYTES_MAX as u64 + 1).read_to_string(&mut note);
    read.with_context(|| format!("{name} cannot be read"))?;
    let (said, key) =
        open_receipt(&note, noted).with_context(|| format!("{name} is no receipt that counts"))?;
    say(said.trim_end());
    say(format_args!("\nsigned by {key}"));
    if noted.is_none() {
        say("That is the key that the receipt names. Note it, and give it with --key the next time.");
    }
    Ok(())
}
