//! What names a target on the command line and in the file, and a server that speaks S3.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};

use super::{BackupConfigError, BackupTarget, SecretLine, read_secret};
use crate::config::mail::read_certificates;
use crate::processes::dialer::Place;

/// What requests are signed for where nothing is said: what servers outside of AWS take.
const REGION_DEFAULT: &str = "us-east-1";

/// A target as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum TargetFlag {
    /// A folder.
    Folder(PathBuf),
    /// A bucket, and what comes before every name in it.
    S3 {
        /// The bucket.
        bucket: String,
        /// May be empty.
        prefix: String,
    },
}

/// How the server that speaks S3 is reached.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(crate) struct S3Flags {
    /// Server that speaks S3, as in https://s3.example.com
    #[arg(long, value_name = "URL")]
    pub(crate) s3_endpoint: Option<String>,
    /// Region of the bucket [default: us-east-1]
    #[arg(long, value_name = "REGION")]
    pub(crate) s3_region: Option<String>,
    /// File with two lines: the access key's id, and its secret
    #[arg(long, value_name = "FILE")]
    pub(crate) s3_credentials: Option<PathBuf>,
    /// Certificate (PEM) that the server's may come from, beside those that browsers trust
    #[arg(long, value_name = "FILE")]
    pub(crate) s3_ca: Option<PathBuf>,
}

/// A bucket of a server that speaks S3, and as whom it is spoken to.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct S3Place {
    pub(crate) endpoint: String,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) region: String,
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    pub(crate) key_id: String,
    pub(crate) secret: SecretLine,
    /// The operator's own roots, in DER.
    pub(crate) roots: Vec<Vec<u8>>,
}

impl S3Flags {
    pub(super) fn or(self, file: Self) -> Self {
        Self {
            s3_endpoint: self.s3_endpoint.or(file.s3_endpoint),
            s3_region: self.s3_region.or(file.s3_region),
            s3_credentials: self.s3_credentials.or(file.s3_credentials),
            s3_ca: self.s3_ca.or(file.s3_ca),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.s3_endpoint.is_none()
            && self.s3_region.is_none()
            && self.s3_credentials.is_none()
            && self.s3_ca.is_none()
    }
}

impl TargetFlag {
    /// Where it is. Files with secrets are read now.
    pub(crate) fn read(&self, s3: &S3Flags) -> Result<BackupTarget, BackupConfigError> {
        let (bucket, prefix) = match self {
            Self::Folder(path) => return Ok(BackupTarget::Folder(path.clone())),
            Self::S3 { bucket, prefix } => (bucket.clone(), prefix.clone()),
        };
        let (Some(endpoint), Some(credentials)) = (&s3.s3_endpoint, &s3.s3_credentials) else {
            return Err(BackupConfigError::HalfS3);
        };
        let (host, port) = endpoint_of(endpoint)?;
        let text = read_secret(credentials)?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let (Some(key_id), Some(secret)) = (lines.next(), lines.next()) else {
            return Err(BackupConfigError::NoCredentials(credentials.clone()));
        };
        let roots = s3.s3_ca.as_deref().map(|path| {
            read_certificates(path).map_err(|_| BackupConfigError::NoCertificate(path.to_owned()))
        });
        Ok(BackupTarget::S3(Box::new(S3Place {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            host,
            port,
            region: s3.s3_region.clone().unwrap_or_else(|| REGION_DEFAULT.to_owned()),
            bucket,
            prefix,
            key_id: key_id.to_owned(),
            secret: SecretLine::from(secret.to_owned()),
            roots: roots.transpose()?.unwrap_or_default(),
        })))
    }
}

impl FromStr for TargetFlag {
    type Err = BackupConfigError;

    fn from_str(text: &str) -> Result<Self, BackupConfigError> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return match text.is_empty() || text.contains("://") {
                true => Err(BackupConfigError::NoTarget),
                false => Ok(Self::Folder(PathBuf::from(text))),
            };
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |text: &str, more: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte))
        };
        if bucket.is_empty() || !plain(bucket, "-.") || !plain(prefix, "-._/") {
            return Err(BackupConfigError::NoTarget);
        }
        Ok(Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
    }
}

impl TryFrom<String> for TargetFlag {
    type Error = BackupConfigError;

    fn try_from(text: String) -> Result<Self, BackupConfigError> {
        text.parse()
    }
}

impl S3Place {
    /// Whether it must be on this machine, as nothing that is said to it is encrypted.
    pub(crate) fn is_in_the_clear(&self) -> bool {
        self.endpoint.starts_with("http://")
    }

    /// Host and port as they stand in requests.
    pub(crate) fn authority(&self) -> String {
        self.endpoint.split_once("://").map_or("", |(_, authority)| authority).to_owned()
    }
}

impl BackupTarget {
    /// What is dialled, if it is not on this machine's disk.
    pub(crate) fn place(&self) -> Option<Place> {
        match self {
            Self::Folder(_) => None,
            Self::S3(place) => {
                Some(Place { host: place.host.clone(), port: place.port, here: place.is_in_the_clear() })
            }
        }
    }
}

/// Host and port. In the clear only this machine is spoken to.
fn endpoint_of(url: &str) -> Result<(String, u16), BackupConfigError> {
    let uri: hyper::Uri = url.parse().map_err(|_| BackupConfigError::NoEndpoint)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    let here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    let usual_port = match uri.scheme_str() {
        Some("https") => 443,
        Some("http") if here => 80,
        _ => return Err(BackupConfigError::NoEndpoint),
    };
    let bare = matches!(uri.path_and_query().map(|rest| rest.as_str()), None | Some("/"));
    if !bare || ServerName::try_from(host.as_str()).is_err() || url.contains('@') {
        return Err(BackupConfigError::NoEndpoint);
    }
    Ok((host, uri.port_u16().unwrap_or(usual_port)))
}
