//! `candor restore`: a backup becomes a data directory and a folder for keys, on a machine that has neither.

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use operations::backup::{Restore as Restoring, SnapshotId};

use super::backup::From;
use super::output::say;
use crate::Parts;
use crate::config::{DATA_DEFAULT, read_identity};
use crate::logging;

const EXAMPLES: &str = "Examples:
  candor restore --from /mnt/backups --identity candor-backups.txt --data /var/lib/candor
  candor restore --from /mnt/backups --identity candor-backups.txt --snapshot 20261126T031500000Z-…

It needs the identity, and the root key before the server is started: put root.key into the folder for keys, or name its source
as before. Cut off, it goes on when it is asked for again. What was erased since the backup is erased again before anything
is served.";

/// Restore a backup onto a machine that has no data yet
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    #[command(flatten)]
    from: From,
    /// File with the identity
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// Data directory to make
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT)]
    data: PathBuf,
    /// Folder for the keys to make; the root key may be in it [default: the data directory's name with `.keys` after it]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Which backup [default: the newest]
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// Restore although nothing says what was erased since, and bring it back. It is written down
    #[arg(long)]
    without_destruction_list: bool,
}

impl Restore {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let (_, identity) = read_identity(&self.identity)?;
        let target = self.from.target(parts)?;
        let snapshot = self.snapshot.as_deref().map(str::parse::<SnapshotId>);
        let snapshot = snapshot.transpose().map_err(|what| anyhow::anyhow!("--snapshot {what}"))?;
        let keys = self.keys.unwrap_or_else(|| keeper::Keeper::folder_beside(&self.data));
        let bar = progress();
        let restoring = Restoring {
            target: &target,
            identity: &identity,
            data: self.data.clone(),
            keys: keys.clone(),
            snapshot,
            without_destruction_list: self.without_destruction_list,
            replays: parts.backups.replays,
        };
        let restored = restoring.run(|step| {
            bar.set_length(step.all);
            bar.set_position(step.done);
        })?;
        bar.finish_and_clear();
        let manifest = &restored.manifest;
        say(format_args!(
            "backup {} of {} is restored: {} files. {} things that were destroyed since or before stay so.",
            restored.snapshot,
            manifest.made_at,
            manifest.files.len(),
            restored.destroyed.len()
        ));
        if !keys.join("root.key").exists() {
            say(format_args!(
                "The root key is in no backup: put it into {} before you serve.",
                keys.display()
            ));
        }
        Ok(())
    }
}

/// How far something is, where a person watches.
pub(super) fn progress() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len}");
    style.map(|style| bar.with_style(style)).unwrap_or_else(|_| ProgressBar::hidden())
}
