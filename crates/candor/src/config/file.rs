//! The configuration file: TOML with one key per flag. A key it does not know is refused by its full path, so
//! that no setting is ever believed to hold that does not.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use keeper::RootSource;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::mail::{MailFrom, SmtpUrl};
use super::{BackupFlags, ContactFlags, DoorFlags, PublicUrl, Webhook};

const KEYS: [&str; 32] = [
    "data",
    "keys",
    "root-key",
    "passphrase-file",
    "listen",
    "public-url",
    "tls-cert",
    "tls-key",
    "behind-proxy",
    "trusted-proxy",
    "redirect-from",
    "operators-listen",
    "replay-listen",
    "replay-url",
    "places",
    "smtp",
    "smtp-password-file",
    "mail-from",
    "smtp-ca",
    "backup-to",
    "backup-recipient",
    "backup-drill-identity",
    "s3-endpoint",
    "s3-region",
    "s3-credentials",
    "s3-ca",
    "alert-mail",
    "alert-webhook",
    "contact",
    "security-txt",
    "ipv4-only",
    "allow-unsandboxed",
];

/// What a file decides.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct ConfigFile {
    pub(super) data: Option<PathBuf>,
    pub(super) keys: Option<PathBuf>,
    #[serde(deserialize_with = "root_source")]
    pub(super) root_key: Option<RootSource>,
    pub(super) passphrase_file: Option<PathBuf>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<PublicUrl>,
    #[serde(flatten)]
    pub(super) doors: DoorFlags,
    pub(super) places: Option<PathBuf>,
    pub(super) smtp: Option<SmtpUrl>,
    pub(super) smtp_password_file: Option<PathBuf>,
    pub(super) mail_from: Option<MailFrom>,
    pub(super) smtp_ca: Option<PathBuf>,
    #[serde(flatten)]
    pub(super) backup: BackupFlags,
    pub(super) alert_mail: Option<MailFrom>,
    #[serde(deserialize_with = "webhook")]
    pub(super) alert_webhook: Option<Webhook>,
    #[serde(flatten)]
    pub(super) contact: ContactFlags,
    pub(super) ipv4_only: bool,
    pub(super) allow_unsandboxed: bool,
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigFileError {
    #[error("cannot read {path}: {error}")]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{path} is not right: {error}")]
    Wrong { path: PathBuf, error: Box<toml::de::Error> },
    #[error("{path}: there is no setting `{key}`; settings are {}", KEYS.join(", "))]
    UnknownKey { path: PathBuf, key: String },
}

impl ConfigFile {
    /// Reads the file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigFileError::Unreadable { path: path.to_owned(), error })?;
        let wrong = |error| ConfigFileError::Wrong { path: path.to_owned(), error: Box::new(error) };
        let table: toml::Table = toml::from_str(&text).map_err(wrong)?;
        if let Some(key) = unknown_key(&table) {
            return Err(ConfigFileError::UnknownKey { path: path.to_owned(), key });
        }
        toml::from_str(&text).map_err(wrong)
    }
}

/// As it is written on the command line.
fn root_source<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RootSource>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(|error| D::Error::custom(format!("`{text}` {error}")))
}

/// As it is written on the command line, and not shown where it is wrong: it may hold a secret.
fn webhook<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Webhook>, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map(Some)
        .map_err(|error| D::Error::custom(format!("`alert-webhook` {error}")))
}

/// The full path of the first key that is no setting.
fn unknown_key(table: &toml::Table) -> Option<String> {
    let (key, value) = table.iter().find(|(key, _)| !KEYS.contains(&key.as_str()))?;
    Some(full_path(key, value))
}

fn full_path(key: &str, value: &toml::Value) -> String {
    match value.as_table().and_then(|table| table.iter().next()) {
        Some((inner, value)) => format!("{key}.{}", full_path(inner, value)),
        None => key.to_owned(),
    }
}
