//! What the operator decided about `candor serve`: flags, then the file, then defaults. Read once, at start.

mod alerts;
mod backup;
mod cidr;
mod contact;
mod doors;
mod file;
mod mail;
mod root_key;
mod terminal;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub(crate) use alerts::{AlertFlags, Alerts, Webhook};
pub(crate) use backup::{
    BackupConfig, BackupConfigError, BackupFlags, BackupOrders, BackupTarget, S3Flags, S3Place, TargetFlag,
    read_identity,
};
pub use cidr::Cidr;
#[cfg(test)]
pub(crate) use contact::SecurityTxt;
pub(crate) use contact::{Contact, ContactFlags, Reach};
pub(crate) use doors::{DoorFlags, Doors, DoorsError, beside, is_open};
use file::ConfigFile;
pub(crate) use file::ConfigFileError;
#[cfg(test)]
pub(crate) use mail::SmtpServer;
pub(crate) use mail::{MailConfig, MailError, MailFlags, Smtp, SmtpSecurity};
pub(crate) use root_key::RootFlags;

/// Where data lies unless `--data` says otherwise.
pub(crate) const DATA_DEFAULT: &str = "./candor-data";
/// Where the server listens unless `--listen` says otherwise.
pub(crate) const LISTEN_DEFAULT: &str = "127.0.0.1:7400";

/// What may be decided, each by a flag or by the key of the same name in the file.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ServeFlags {
    /// Directory that holds everything the server keeps [default: ./candor-data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Folder for the keys, apart from the data [default: the data directory's name with `.keys` after it]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) root: RootFlags,
    /// Address and port to listen on; metrics are on the next port, operators on the one after it, and on the third
    /// recordings play, all of this machine alone [default: 127.0.0.1:7400]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) doors: DoorFlags,
    /// TOML file with the same settings as these flags; flags win
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address under which people reach the server, such as https://stats.example.com
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,
    /// Your own MaxMind database of places, for regions and cities
    #[arg(long, value_name = "FILE")]
    pub(crate) places: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) mail: MailFlags,
    #[command(flatten)]
    pub(crate) backup: BackupFlags,
    #[command(flatten)]
    pub(crate) alerts: AlertFlags,
    #[command(flatten)]
    pub(crate) contact: ContactFlags,
    /// Do not listen on the IPv6 loopback address beside the IPv4 one
    #[arg(long)]
    pub(crate) ipv4_only: bool,
    /// Serve although this machine's kernel cannot confine the processes
    #[arg(long)]
    pub(crate) allow_unsandboxed: bool,
}

/// The decisions, complete.
#[derive(Clone, Debug)]
pub(crate) struct ServeConfig {
    pub(crate) data: PathBuf,
    pub(crate) keys: Option<PathBuf>,
    pub(crate) root: RootFlags,
    pub(crate) listen: SocketAddr,
    pub(crate) doors: Doors,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) places: Option<PathBuf>,
    pub(crate) mail: Option<MailConfig>,
    pub(crate) backup: Option<BackupConfig>,
    pub(crate) alerts: Alerts,
    pub(crate) contact: ContactFlags,
    pub(crate) ipv4_only: bool,
    pub(crate) allow_unsandboxed: bool,
}

/// Why the server cannot start as it was told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error(transparent)]
    File(#[from] ConfigFileError),
    #[error(transparent)]
    Doors(#[from] DoorsError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Backup(#[from] BackupConfigError),
    #[error("--alert-mail needs a mail server: say --smtp and --mail-from as well")]
    AlertWithoutMail,
}

impl ServeFlags {
    /// Completes the flags with the file they name and the defaults.
    pub(crate) fn decide(self) -> Result<ServeConfig, ConfigError> {
        let file = self.config.as_deref().map(ConfigFile::read).transpose()?.unwrap_or_default();
        let listen = self
            .listen
            .or(file.listen)
            .unwrap_or_else(|| LISTEN_DEFAULT.parse().expect("the default is an address"));
        let public_url = self.public_url.or(file.public_url);
        let doors = self.doors.or(file.doors).decide(listen, public_url.as_ref())?;
        let in_file = MailFlags {
            smtp: file.smtp,
            smtp_password_file: file.smtp_password_file,
            mail_from: file.mail_from,
            smtp_ca: file.smtp_ca,
        };
        let in_file_alerts = AlertFlags { alert_mail: file.alert_mail, alert_webhook: file.alert_webhook };
        let alerts = self.alerts.or(in_file_alerts).decide();
        let mail = self.mail.or(in_file).decide(public_url.is_some())?;
        if alerts.mail.is_some() && mail.is_none() {
            return Err(ConfigError::AlertWithoutMail);
        }
        Ok(ServeConfig {
            data: self.data.or(file.data).unwrap_or_else(|| Path::new(DATA_DEFAULT).to_owned()),
            keys: self.keys.or(file.keys),
            root: self.root.or(file.root_key, file.passphrase_file),
            listen,
            doors,
            backup: self.backup.or(file.backup).decide()?,
            mail,
            alerts,
            contact: self.contact.or(file.contact),
            public_url,
            places: self.places.or(file.places),
            ipv4_only: self.ipv4_only || file.ipv4_only,
            allow_unsandboxed: self.allow_unsandboxed || file.allow_unsandboxed,
        })
    }
}

/// Scheme, host and port under which people reach the server; no path.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct PublicUrl(String);

/// Why a text is no public URL.
#[derive(Clone, Debug, thiserror::Error)]
#[error("is no address of a server: write it like https://stats.example.com, without a path")]
pub(crate) struct PublicUrlError;

impl PublicUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What browsers tell it from others by: scheme, host and port, the port of the scheme where none is written.
    pub(crate) fn origin(&self) -> (bool, String, u16) {
        let uri: hyper::Uri = self.0.parse().expect("it was parsed once");
        let port = uri.port_u16().unwrap_or(if self.is_secure() { 443 } else { 80 });
        (self.is_secure(), uri.host().unwrap_or_default().to_owned(), port)
    }

    /// Whether it is reached by https.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl std::str::FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let uri: hyper::Uri = text.parse().map_err(|_| PublicUrlError)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        let bare = matches!(uri.path_and_query().map(|rest| rest.as_str()), None | Some("/" | ""));
        let authority = uri.authority().ok_or(PublicUrlError)?;
        if !web || !bare || authority.as_str().contains('@') {
            return Err(PublicUrlError);
        }
        Ok(Self(text.trim_end_matches('/').to_ascii_lowercase()))
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = PublicUrlError;

    fn try_from(text: String) -> Result<Self, PublicUrlError> {
        text.parse()
    }
}
