//! `candor audit verify`: what is wrong with an audit log, by its own checkpoint and those that were kept.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use sealing::audit_file::{self, Earlier, Verdict};
use sealing::{CHECKPOINT_BYTES_MAX, CheckpointKey};

use crate::commands::output::say;

pub(super) fn run(file: &Path, checkpoints: &[PathBuf], key: Option<CheckpointKey>) -> anyhow::Result<()> {
    let earlier = checkpoints.iter().map(|path| kept(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let from: Box<dyn BufRead> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(BufReader::new(opened(file)?)),
    };
    let verdict = audit_file::verify(from, key, &earlier);
    let verdict = verdict.with_context(|| format!("{} cannot be read", file.display()))?;
    tell(&verdict, &earlier, key);
    match verdict.findings.len() {
        0 => Ok(()),
        1 => anyhow::bail!("one thing is wrong with this log"),
        many => anyhow::bail!("{many} things are wrong with this log"),
    }
}

fn tell(verdict: &Verdict, earlier: &[Earlier], asked_for: Option<CheckpointKey>) {
    let Verdict { origin, key, entries, findings } = verdict;
    if !origin.is_empty() {
        say(format_args!("log       {origin}, entries: {entries}"));
    }
    if let Some(key) = key {
        say(format_args!("key       {key}"));
    }
    findings.iter().for_each(|finding| say(format_args!("WRONG     {finding}")));
    if !verdict.is_whole() {
        return;
    }
    say("whole     every entry is as it was signed");
    earlier.iter().for_each(|earlier| say(format_args!("continues {}", earlier.name)));
    if asked_for.is_none() {
        say("\nThe key is the one that the file names. Note it, and give it with --key the next time.");
    }
}

fn kept(path: &Path) -> anyhow::Result<Earlier> {
    let name = path.display().to_string();
    let mut note = String::new();
    // One byte more than may be read, so that what is too long is seen to be.
    let read = opened(path)?.take(CHECKPOINT_BYTES_MAX as u64 + 1).read_to_string(&mut note);
    read.with_context(|| format!("{name} cannot be read"))?;
    Ok(Earlier { name, note })
}

fn opened(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("{} cannot be opened", path.display()))
}
