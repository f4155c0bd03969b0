//! Through which mail server mail goes out. Without one none does, and nothing dials out.
//!
//! The password is read here and handed on to `worker` alone. It is in no log and in no error.

mod server;

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub(super) use self::server::is_loopback;
pub(crate) use self::server::{SmtpSecurity, SmtpServer, SmtpUrl};
use crate::processes::birth::leave_no_picture;

/// Bytes of a password at most; what is longer is probably a file that was named by mistake.
const PASSWORD_BYTES_MAX: usize = 1_024;
/// Bytes of a file of certificates at most.
const CERTIFICATES_BYTES_MAX: u64 = 64 * 1024;

/// Where mail goes out.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct MailFlags {
    /// Mail server for invitations, resets and notices, as in smtps://mail.example.com or
    /// smtp://candor@mail.example.com:587; without one no mail is sent
    #[arg(long, value_name = "URL")]
    pub(crate) smtp: Option<SmtpUrl>,
    /// File with the password of the user name in --smtp
    #[arg(long, value_name = "FILE")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// Address that mail comes from
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail_from: Option<MailFrom>,
    /// Certificate (PEM) that the mail server's may come from, beside those that browsers trust
    #[arg(long, value_name = "FILE")]
    pub(crate) smtp_ca: Option<PathBuf>,
}

/// The decisions, complete.
#[derive(Clone, Debug)]
pub(crate) struct MailConfig {
    server: SmtpServer,
    password_file: Option<PathBuf>,
    from: MailFrom,
    ca: Option<PathBuf>,
}

/// Everything `worker` needs to send mail.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Smtp {
    pub(crate) server: SmtpServer,
    pub(crate) password: Option<SmtpPassword>,
    /// The address that mail comes from.
    pub(crate) from: String,
    /// The operator's own roots, in DER.
    pub(crate) roots: Vec<Vec<u8>>,
}

/// A password. It is wiped when it is let go of, and written out only to be handed to `worker`.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub(crate) struct SmtpPassword(Zeroizing<String>);

/// Why mail cannot be sent as it was told. None of them repeats a text that may hold a password.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error(
        "--smtp is no mail server: write it like smtps://mail.example.com or smtp://candor@mail.example.com:587"
    )]
    NoServer,
    #[error(
        "--smtp holds a password, which every program on this machine could see: put it into a file, and name that with --smtp-password-file"
    )]
    PasswordInUrl,
    #[error("is no address to send from: write it like candor@example.com")]
    NoAddress,
    #[error("mail needs --smtp as well as --mail-from")]
    Half,
    #[error("mail needs --public-url, since its links are built from it")]
    NoPublicUrl,
    #[error("--smtp-password-file and a user name in --smtp belong together")]
    HalfSignIn,
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, String),
    #[error("{0} can be read by others: chmod 600 {0}")]
    TooOpen(PathBuf),
    #[error("{0} does not begin with a password")]
    NoPassword(PathBuf),
    #[error("{0} holds no certificate that can be used (PEM)")]
    NoCertificate(PathBuf),
}

impl MailFlags {
    /// Completes the flags with what a file decides.
    pub(crate) fn or(self, file: Self) -> Self {
        Self {
            smtp: self.smtp.or(file.smtp),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            mail_from: self.mail_from.or(file.mail_from),
            smtp_ca: self.smtp_ca.or(file.smtp_ca),
        }
    }

    /// What follows of them. A public URL must be decided too, since no request may decide where links lead.
    pub(super) fn decide(self, has_public_url: bool) -> Result<Option<MailConfig>, MailError> {
        let Self { smtp, smtp_password_file: password_file, mail_from, smtp_ca: ca } = self;
        match (smtp.map(|url| url.server()).transpose()?, mail_from) {
            (None, None) if password_file.is_none() && ca.is_none() => Ok(None),
            (Some(server), Some(_)) if server.user.is_some() != password_file.is_some() => {
                Err(MailError::HalfSignIn)
            }
            (Some(_), Some(_)) if !has_public_url => Err(MailError::NoPublicUrl),
            (Some(server), Some(from)) => Ok(Some(MailConfig { server, password_file, from, ca })),
            _ => Err(MailError::Half),
        }
    }
}

impl MailConfig {
    /// What `worker` is handed: the files are read now, since it will not be able to.
    pub(crate) fn read(self) -> anyhow::Result<Smtp> {
        let password = self.password_file.as_deref().map(SmtpPassword::read).transpose()?;
        if password.is_some() {
            leave_no_picture()?;
        }
        let roots = self.ca.as_deref().map(read_certificates).transpose()?.unwrap_or_default();
        Ok(Smtp { server: self.server, password, from: self.from.0, roots })
    }
}

pub(super) fn read_certificates(path: &Path) -> Result<Vec<Vec<u8>>, MailError> {
    let pem = read_at_most(path, CERTIFICATES_BYTES_MAX)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let usable = all.ok().filter(|all| {
        !all.is_empty() && all.iter().all(|one| rustls::RootCertStore::empty().add(one.clone()).is_ok())
    });
    let all = usable.ok_or_else(|| MailError::NoCertificate(path.to_owned()))?;
    Ok(all.iter().map(|one| one.to_vec()).collect())
}

fn read_at_most(path: &Path, bytes_max: u64) -> Result<Zeroizing<Vec<u8>>, MailError> {
    let failed = |error: std::io::Error| MailError::Unreadable(path.to_owned(), error.to_string());
    let mut bytes = Zeroizing::new(Vec::with_capacity(bytes_max as usize + 1));
    std::fs::File::open(path).map_err(failed)?.take(bytes_max).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

impl SmtpPassword {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// From the first line of a file that no other account can read; a pipe is as good.
    fn read(path: &Path) -> Result<Self, MailError> {
        let failed = |error: std::io::Error| MailError::Unreadable(path.to_owned(), error.to_string());
        let metadata = std::fs::metadata(path).map_err(failed)?;
        if metadata.is_file() && metadata.mode() & 0o077 != 0 {
            return Err(MailError::TooOpen(path.to_owned()));
        }
        let bytes = read_at_most(path, PASSWORD_BYTES_MAX as u64)?;
        let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.lines().next());
        let password =
            text.filter(|line| !line.is_empty()).ok_or_else(|| MailError::NoPassword(path.to_owned()))?;
        Ok(Self(Zeroizing::new(password.to_owned())))
    }
}

impl From<String> for SmtpPassword {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Serialize for SmtpPassword {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// An address that mail comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct MailFrom(pub(super) String);

impl std::str::FromStr for MailFrom {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        crate::mail::address(text).map(|address| Self(address.to_string())).ok_or(MailError::NoAddress)
    }
}

impl TryFrom<String> for MailFrom {
    type Error = MailError;

    fn try_from(text: String) -> Result<Self, MailError> {
        text.parse()
    }
}

impl Smtp {
    /// Under the name that people know it by.
    pub(crate) fn sender(&self) -> anyhow::Result<Mailbox> {
        Ok(Mailbox::new(Some("Candor".to_owned()), self.from.parse()?))
    }
}
