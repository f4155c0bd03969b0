//! `candor backup`: who opens backups, making one, which there are, whether they are what they should be, and whether one
//! restores.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hyper::Method;
use operations::backup::{Identity, Restore, Target};
use serde_json::json;

use super::connection::{Server, Whereabouts, with_server};
use super::output::say;
use super::restore::progress;
use crate::Parts;
use crate::config::{BackupTarget, S3Flags, TargetFlag, read_identity};
use crate::data_dir::DataDir;
use crate::http::backups::DrillReport;
use crate::logging::{self, with_causes};
use crate::processes::messages::{BackupListed, BackupMade, BackupTold};
use crate::s3;

const KEYGEN_EXAMPLES: &str = "Examples:
  candor backup keygen --output /media/usb/candor-backups.txt
  candor serve --backup-to /mnt/backups --backup-recipient age1…

Keep the file where the server is not, and a copy elsewhere: whoever has it and the root key can open every backup, and
without it nobody can. Print it if in doubt; it is one line.";

const VERIFY_EXAMPLES: &str = "Examples:
  candor backup verify --from /mnt/backups
  candor backup verify --from /mnt/backups --deep --identity candor-backups.txt

It works without a server, and exits with 1 where anything is wrong.";

const DRILL_EXAMPLES: &str = "Examples:
  candor backup drill --from /mnt/backups --identity candor-backups.txt

The newest backup is restored beside the data, asked what it was asked when it was made, and deleted. The identity stays with
this command; the server never sees it.";

/// Backups: make, list and check them, and see that they restore
#[derive(clap::Subcommand)]
pub(crate) enum Backup {
    /// Make a pair of keys: who opens backups, and to whom the server encrypts them
    #[command(after_help = KEYGEN_EXAMPLES)]
    Keygen {
        /// File to write, which must not exist yet, instead of standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a backup now
    Now {
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Show which backups there are
    List {
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Check every object of every backup, without a server
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        #[command(flatten)]
        from: From,
        /// Open every backup and check each file in it; needs --identity
        #[arg(long, requires = "identity")]
        deep: bool,
        /// File with the identity
        #[arg(long, value_name = "FILE", requires = "deep")]
        identity: Option<PathBuf>,
    },
    /// Restore the newest backup beside the data, and see that it is what it was
    #[command(after_help = DRILL_EXAMPLES)]
    Drill {
        #[command(flatten)]
        from: From,
        /// File with the identity
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
}

/// Where backups are.
#[derive(clap::Args)]
pub(crate) struct From {
    /// Folder that the backups are in, or s3://BUCKET/PREFIX
    #[arg(long, value_name = "TARGET")]
    from: TargetFlag,
    #[command(flatten)]
    s3: S3Flags,
}

impl From {
    pub(super) fn target(&self, parts: &Parts) -> anyhow::Result<Target> {
        match self.from.read(&self.s3)? {
            BackupTarget::Folder(folder) => {
                anyhow::ensure!(folder.is_dir(), "{} is not a folder that is there", folder.display());
                Ok(Target::folder(&folder))
            }
            BackupTarget::S3(place) => s3::target(&place, s3::dial_directly(&place), parts.s3_patience),
        }
    }
}

impl Backup {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        match self {
            Self::Keygen { output } => keygen(output.as_deref()),
            Self::Now { whereabouts } => with_server(parts, &whereabouts, async |server| {
                match server.ask(Method::POST, "/commands/backup/now", Some(json!({}))).await? {
                    BackupTold::Made(made) => say(format_args!("{}", told(&made))),
                    _ => anyhow::bail!("the server answered something else"),
                }
                Ok(())
            }),
            Self::List { whereabouts } => with_server(parts, &whereabouts, async |server| {
                match server.ask(Method::POST, "/commands/backup/list", Some(json!({}))).await? {
                    BackupTold::Listed(listed) => print(&listed),
                    _ => anyhow::bail!("the server answered something else"),
                }
                Ok(())
            }),
            Self::Verify { from, identity, .. } => verify(&from.target(parts)?, identity.as_deref()),
            Self::Drill { from, identity, whereabouts } => drill(parts, &from, &identity, &whereabouts),
        }
    }
}

fn keygen(output: Option<&Path>) -> anyhow::Result<()> {
    let identity = Identity::generate();
    match output {
        Some(path) => {
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            identity.write(&mut file)?;
            file.sync_all()?;
        }
        None => identity.write(std::io::stdout())?,
    }
    eprintln!(
        "Keep the identity where the server is not, and a copy elsewhere. The server is told the public key alone:\n  \
         candor serve --backup-to FOLDER --backup-recipient {}",
        identity.recipient()
    );
    Ok(std::io::stderr().flush()?)
}

fn told(made: &BackupMade) -> String {
    let BackupMade { backup, files, reused, bytes, sent } = made;
    format!(
        "backup {backup}: {files} files, {reused} of them there already; {bytes} bytes, {sent} of them sent"
    )
}

fn print(listed: &[BackupListed]) {
    if listed.is_empty() {
        say(format_args!("There is no backup yet."));
    }
    for BackupListed { backup, made_at, bytes } in listed {
        say(format_args!("{made_at}  {bytes:>14} bytes  {backup}"));
    }
}

fn verify(target: &Target, identity: Option<&Path>) -> anyhow::Result<()> {
    let identity = identity.map(read_identity).transpose()?.map(|(_, identity)| identity);
    let bar = progress();
    let verified = target.verify(identity.as_ref(), |at, of| {
        bar.set_length(of as u64);
        bar.set_position(at as u64);
    })?;
    bar.finish_and_clear();
    let depth = if identity.is_some() { "opened and " } else { "" };
    say(format_args!(
        "{} backups, {} objects, {} bytes, {} files were {depth}looked at",
        verified.backups, verified.objects, verified.bytes, verified.files
    ));
    for name in &verified.unnamed {
        say(format_args!("{name}: no backup names it"));
    }
    for finding in &verified.findings {
        say(format_args!("{}: {}", finding.name, finding.what));
    }
    match verified.findings.len() {
        0 if verified.backups == 0 => anyhow::bail!("there is no backup there"),
        0 => Ok(()),
        1 => anyhow::bail!("1 thing is wrong"),
        many => anyhow::bail!("{many} things are wrong"),
    }
}

async fn report_drill(server: &Server, report: &DrillReport) -> anyhow::Result<BackupTold> {
    server.ask(Method::POST, "/commands/backup/drill", Some(serde_json::to_value(report)?)).await
}

fn drill(parts: &Parts, from: &From, identity: &Path, whereabouts: &Whereabouts) -> anyhow::Result<()> {
    let (_, identity) = read_identity(identity)?;
    let target = from.target(parts)?;
    with_server(parts, whereabouts, async |server| {
        let folder = DataDir::new(whereabouts.data.clone()).scratch().join("drill");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let bar = progress();
        let restore = Restore {
            target: &target,
            identity: &identity,
            data: folder.join("data"),
            keys: folder.join("keys"),
            snapshot: None,
            without_destruction_list: false,
            replays: parts.backups.replays,
        };
        let restored = restore.run(|step| {
            bar.set_length(step.all);
            bar.set_position(step.done);
        });
        bar.finish_and_clear();
        if let Err(error) = restored {
            let report = DrillReport { failed: Some(with_causes(&error)), is_wrong: error.finds_wrong() };
            if let Err(unsaid) = report_drill(&server, &report).await {
                tracing::warn!("the server did not write down that this drill failed: {unsaid}");
            }
            return Err(error.into());
        }
        match report_drill(&server, &DrillReport::default()).await? {
            BackupTold::Drilled { backup, questions } => {
                say(format_args!("backup {backup} restores: {questions} questions were answered as before"));
                Ok(())
            }
            _ => anyhow::bail!("the server answered something else"),
        }
    })
}
