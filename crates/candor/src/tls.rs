//! The certificate that the server shows, and the terms on which it speaks TLS: versions 1.2 and 1.3, and of their
//! cipher suites only those with keys of 256 bits that are fresh for each connection.
//!
//! The private key is in no error and in no log.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{self as provider, cipher_suite, kx_group, sign};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, Error, InconsistentKeys, RootCertStore};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// A certificate with its chain, or a key, is never longer.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What encrypts connections.
pub(crate) fn crypto() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ],
        kx_groups: vec![kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP384R1, kx_group::SECP256R1],
        ..provider::default_provider()
    })
}

/// Where certificate and key lie; both paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CertificateFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateProblem {
    #[error("cannot read {path}: {error}")]
    Unreadable { path: PathBuf, error: io::Error },
    #[error(
        "there is no certificate in {0}: it must begin with -----BEGIN CERTIFICATE-----, the server's own first"
    )]
    NoCertificate(PathBuf),
    #[error("there is no private key in {0}: it must be PEM, and not under a passphrase")]
    NoKey(PathBuf),
    #[error("the private key in {0} is of a kind that TLS does not use")]
    OddKey(PathBuf),
    #[error("what is in {0} is no certificate that browsers take: it must be X.509, version 3")]
    OddCertificate(PathBuf),
    #[error("the private key in {key} does not belong to the certificate in {certificate}")]
    Strangers { certificate: PathBuf, key: PathBuf },
    #[error("the certificate in {path} ended on {end}: have it renewed")]
    Ended { path: PathBuf, end: Timestamp },
    #[error(
        "the certificate in {path} begins on {beginning}, which is still to come by this machine's clock"
    )]
    NotYet { path: PathBuf, beginning: Timestamp },
    #[error(
        "{folder} holds {secret}, and the process that faces the network reads the whole folder of the certificate and \
         of its key, to find them when they are replaced: put both into a folder of their own"
    )]
    BesideSecrets { folder: PathBuf, secret: PathBuf },
}

impl CertificateFiles {
    /// Reads both, and whether they belong together.
    pub(crate) fn read(&self) -> Result<CertifiedKey, CertificateProblem> {
        let chain = self.read_chain()?;
        let pem = read(&self.key)?;
        let mut key =
            PrivateKeyDer::from_pem_slice(&pem).map_err(|_| CertificateProblem::NoKey(self.key.clone()))?;
        let signer = sign::any_supported_type(&key);
        key.zeroize();
        let signer = signer.map_err(|_| CertificateProblem::OddKey(self.key.clone()))?;
        let certified = CertifiedKey::new(chain, signer);
        match certified.keys_match() {
            Ok(()) => Ok(certified),
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                let Self { certificate, key } = self.clone();
                Err(CertificateProblem::Strangers { certificate, key })
            }
            Err(_) => Err(CertificateProblem::OddCertificate(self.certificate.clone())),
        }
    }

    /// Whether the certificate is valid at `now`.
    pub(crate) fn check_time(&self, read: &CertifiedKey, now: Timestamp) -> Result<(), CertificateProblem> {
        let path = self.certificate.clone();
        match fault_of_time(read, now) {
            Some(CertificateError::ExpiredContext { not_after, .. }) => {
                Err(CertificateProblem::Ended { path, end: moment(not_after) })
            }
            Some(CertificateError::NotValidYetContext { not_before, .. }) => {
                Err(CertificateProblem::NotYet { path, beginning: moment(not_before) })
            }
            // One that ends before it begins.
            Some(CertificateError::Expired) => Err(CertificateProblem::OddCertificate(path)),
            _ => Ok(()),
        }
    }

    /// Refuses folders in which `secrets` lie: whoever may read the former could read the latter.
    pub(crate) fn check_folders(&self, secrets: &[&Path]) -> Result<(), CertificateProblem> {
        for folder in self.folders()? {
            for secret in secrets {
                let lies = std::fs::canonicalize(secret).unwrap_or_else(|_| secret.to_path_buf());
                if lies.starts_with(&folder) {
                    return Err(CertificateProblem::BesideSecrets { folder, secret: lies });
                }
            }
        }
        Ok(())
    }

    /// The folders in which the files are found, now and once they were replaced: those of their names, and those of
    /// what the names point to.
    pub(crate) fn folders(&self) -> Result<BTreeSet<PathBuf>, CertificateProblem> {
        let mut folders = BTreeSet::new();
        for path in [&self.certificate, &self.key] {
            let unreadable = |error| CertificateProblem::Unreadable { path: path.clone(), error };
            let target = std::fs::canonicalize(path).map_err(unreadable)?;
            let named = path.parent().unwrap_or(Path::new("/"));
            folders.insert(std::fs::canonicalize(named).map_err(unreadable)?);
            folders.insert(target.parent().unwrap_or(Path::new("/")).to_owned());
        }
        Ok(folders)
    }

    /// Whether accounts other than that of the key's owner and group may read it.
    pub(crate) fn key_is_open_to_all(&self) -> bool {
        std::fs::metadata(&self.key).is_ok_and(|key| key.permissions().mode() & 0o007 != 0)
    }

    fn read_chain(&self) -> Result<Vec<CertificateDer<'static>>, CertificateProblem> {
        let pem = read(&self.certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        match chain {
            Ok(chain) if !chain.is_empty() => Ok(chain),
            _ => Err(CertificateProblem::NoCertificate(self.certificate.clone())),
        }
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, CertificateProblem> {
    let read = || {
        let length = std::fs::metadata(path)?.len();
        if length > FILE_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too long"));
        }
        std::fs::read(path)
    };
    read()
        .map(Zeroizing::new)
        .map_err(|error| CertificateProblem::Unreadable { path: path.to_owned(), error })
}

/// What is wrong with the certificate at `now`, if that is its time. It is checked as a client would that trusts it:
/// the time comes first, and whatever else is found is for clients to judge.
fn fault_of_time(read: &CertifiedKey, now: Timestamp) -> Option<CertificateError> {
    let own = read.end_entity_cert().ok()?;
    let mut trusted = RootCertStore::empty();
    trusted.add(own.clone()).ok()?;
    let judge = WebPkiServerVerifier::builder_with_provider(Arc::new(trusted), crypto()).build().ok()?;
    let nobody = ServerName::try_from("nobody.invalid").ok()?;
    let seconds = u64::try_from(now.0 / 1_000).unwrap_or(0);
    let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    match judge.verify_server_cert(own, &read.cert[1..], &nobody, &[], now) {
        Err(Error::InvalidCertificate(fault)) => Some(fault),
        _ => None,
    }
}

fn moment(time: UnixTime) -> Timestamp {
    Timestamp(i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(1_000))
}
