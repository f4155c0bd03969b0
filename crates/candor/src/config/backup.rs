//! Where backups go and to whom they are encrypted. Without a place none are made, and nothing dials out.
//!
//! A password for the place is read here and handed on to `worker` alone. It is in no log and in no error.

mod place;

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use operations::backup::{Identity, Recipient, Recipients};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub(crate) use self::place::{S3Flags, S3Place, TargetFlag};
use crate::processes::birth::leave_no_picture;

/// Bytes of a file with a secret at most; what is longer was named by mistake.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// Where backups go.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(crate) struct BackupFlags {
    /// Folder that backups go to, or s3://BUCKET/PREFIX; without one none are made
    #[arg(long, value_name = "TARGET")]
    pub(crate) backup_to: Option<TargetFlag>,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) s3: S3Flags,
    /// Public key to encrypt backups to, as `candor backup keygen` prints it; may be given several times
    #[arg(long, value_name = "AGE1…")]
    pub(crate) backup_recipient: Vec<Recipient>,
    /// File with the identity by which restoring is tried every week. Whoever has this server then can open its backups
    #[arg(long, value_name = "FILE")]
    pub(crate) backup_drill_identity: Option<PathBuf>,
}

/// A place for backups.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum BackupTarget {
    /// A folder of this machine, or one that is mounted on it.
    Folder(PathBuf),
    /// A server that speaks S3.
    S3(Box<S3Place>),
}

/// The decisions, complete.
#[derive(Clone, Debug)]
pub(crate) struct BackupConfig {
    target: TargetFlag,
    s3: S3Flags,
    recipients: Vec<Recipient>,
    drill_identity: Option<PathBuf>,
}

/// Everything `worker` needs to make backups.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BackupOrders {
    pub(crate) target: BackupTarget,
    pub(crate) recipients: Vec<Recipient>,
    /// What opens them, where restoring is tried without a person.
    pub(crate) drill_identity: Option<SecretLine>,
}

/// A secret. It is never shown, is wiped when it is let go of, and written out only to be handed to `worker`.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub(crate) struct SecretLine(Zeroizing<String>);

/// Why backups cannot be made as it was told. None of them repeats a secret.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum BackupConfigError {
    #[error("a backup target is a folder, or s3://BUCKET/PREFIX")]
    NoTarget,
    #[error("backups need --backup-to as well as --backup-recipient: candor backup keygen makes one")]
    Half,
    #[error("backups go to at most 16 recipients")]
    Recipients,
    #[error("the backup target {0} is not a folder that is there: make it, or mount it, first")]
    NotThere(PathBuf),
    #[error(
        "the backup target {0} lies in the data directory, and would be lost with it: name a folder elsewhere"
    )]
    Inside(PathBuf),
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, String),
    #[error("{0} can be read by others: chmod 600 {0}")]
    TooOpen(PathBuf),
    #[error("s3:// needs --s3-endpoint and --s3-credentials")]
    HalfS3,
    #[error(
        "--s3-endpoint is no server: write it like https://s3.example.com; http:// is for this machine alone"
    )]
    NoEndpoint,
    #[error("{0} does not hold two lines: the access key's id, and its secret")]
    NoCredentials(PathBuf),
    #[error("{0} holds no certificate that can be used (PEM)")]
    NoCertificate(PathBuf),
    #[error("{0} holds no age identity: a line that begins with AGE-SECRET-KEY-1")]
    NoIdentity(PathBuf),
}

impl BackupFlags {
    /// Completes the flags with what a file decides.
    pub(crate) fn or(self, file: Self) -> Self {
        Self {
            backup_to: self.backup_to.or(file.backup_to),
            s3: self.s3.or(file.s3),
            backup_recipient: match self.backup_recipient.is_empty() {
                true => file.backup_recipient,
                false => self.backup_recipient,
            },
            backup_drill_identity: self.backup_drill_identity.or(file.backup_drill_identity),
        }
    }

    /// What follows of them.
    pub(super) fn decide(self) -> Result<Option<BackupConfig>, BackupConfigError> {
        let Self { backup_to, s3, backup_recipient: recipients, backup_drill_identity: drill_identity } =
            self;
        match backup_to {
            None if recipients.is_empty() && drill_identity.is_none() && s3.is_empty() => Ok(None),
            Some(target) if !recipients.is_empty() => {
                Recipients::new(&recipients).map_err(|_| BackupConfigError::Recipients)?;
                Ok(Some(BackupConfig { target, s3, recipients, drill_identity }))
            }
            _ => Err(BackupConfigError::Half),
        }
    }
}

impl BackupConfig {
    /// What `worker` is handed: files are read now, since it will not be able to.
    pub(crate) fn read(self, data: &Path) -> anyhow::Result<BackupOrders> {
        let drill_identity = self.drill_identity.as_deref().map(read_identity).transpose()?;
        if drill_identity.is_some() {
            leave_no_picture()?;
        }
        let drill_identity = drill_identity.map(|(line, _)| line);
        let target = self.target.read(&self.s3)?.apart_from(data)?;
        if matches!(target, BackupTarget::S3(_)) {
            leave_no_picture()?;
        }
        Ok(BackupOrders { target, recipients: self.recipients, drill_identity })
    }
}

/// The identity in a file that no other account can read.
pub(crate) fn read_identity(path: &Path) -> Result<(SecretLine, Identity), BackupConfigError> {
    let text = read_secret(path)?;
    let identity = Identity::parse(&text).map_err(|_| BackupConfigError::NoIdentity(path.to_owned()))?;
    Ok((SecretLine(text), identity))
}

impl BackupTarget {
    /// Where it is on this machine, if it is.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(path) => Some(path.clone()),
            Self::S3(_) => None,
        }
    }

    /// A folder must be there, and apart from the data.
    fn apart_from(self, data: &Path) -> Result<Self, BackupConfigError> {
        let Self::Folder(path) = self else { return Ok(self) };
        let found = std::fs::canonicalize(&path).ok().filter(|found| found.is_dir());
        let found = found.ok_or(BackupConfigError::NotThere(path))?;
        if found.starts_with(data) {
            return Err(BackupConfigError::Inside(found));
        }
        Ok(Self::Folder(found))
    }
}

/// A file that no other account can read; a pipe is as good.
fn read_secret(path: &Path) -> Result<Zeroizing<String>, BackupConfigError> {
    let failed = |error: std::io::Error| BackupConfigError::Unreadable(path.to_owned(), error.to_string());
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.is_file() && metadata.mode() & 0o077 != 0 {
        return Err(BackupConfigError::TooOpen(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::with_capacity(SECRET_BYTES_MAX as usize + 1));
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(SECRET_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

impl SecretLine {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretLine {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Serialize for SecretLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
