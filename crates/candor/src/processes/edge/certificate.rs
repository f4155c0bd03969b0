//! The certificate in force. It is read again when its files change, and one that cannot be used never takes the place
//! of one that can.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Clock;
use rustls::pki_types::UnixTime;
use rustls::server::{ClientHello, ResolvesServerCert, ServerSessionMemoryCache};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::{ServerConfig, version};
use tokio_rustls::TlsAcceptor;

use super::limits;
use crate::Parts;
use crate::tls::{CertificateFiles, CertificateProblem};

/// How often it is looked whether the files were replaced.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// With what the server speaks TLS.
pub(crate) struct Certificate {
    pub(super) acceptor: TlsAcceptor,
}

impl Certificate {
    /// Reads the files, and keeps reading them on a thread of its own.
    pub(super) fn keep(files: CertificateFiles, parts: &Parts) -> anyhow::Result<Self> {
        let clock = parts.clock.clone();
        let seen = [Seen::of(&files.certificate), Seen::of(&files.key)];
        let read = files.read()?;
        if let Err(problem) = files.check_time(&read, clock.now()) {
            tracing::error!("{problem}");
        }
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read))));
        let mut config = ServerConfig::builder_with_details((parts.crypto)(), Arc::new(Time(clock.clone())))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.session_storage = ServerSessionMemoryCache::new(limits::TLS_SESSIONS_MAX);
        let keeper = Keeper { files, clock, shown, seen, doubted: None };
        std::thread::Builder::new().name("certificate".to_owned()).spawn(move || keeper.look_on())?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

/// What is shown to whoever connects.
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate in force")
    }
}

/// What tells one file from the next that bears its name; none where there is no file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen(Option<(u64, u64, u64, i64, i64)>);

impl Seen {
    fn of(path: &Path) -> Self {
        let file = std::fs::metadata(path).ok();
        Self(file.map(|file| (file.dev(), file.ino(), file.size(), file.mtime(), file.mtime_nsec())))
    }
}

struct Keeper {
    files: CertificateFiles,
    clock: Arc<dyn Clock>,
    shown: Arc<Shown>,
    /// The files of what is shown, or that were found wanting.
    seen: [Seen; 2],
    /// The files that could not be used when they were first seen: the second of them may just be in the making.
    doubted: Option<[Seen; 2]>,
}

impl Keeper {
    fn look_on(mut self) {
        loop {
            std::thread::sleep(LOOK_EVERY);
            let now = [Seen::of(&self.files.certificate), Seen::of(&self.files.key)];
            if now == self.seen {
                self.doubted = None;
                continue;
            }
            match self.read() {
                Ok(read) => {
                    *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
                    self.seen = now;
                    tracing::info!("the certificate was replaced by a new one");
                }
                Err(problem) if self.doubted == Some(now) => {
                    self.seen = now;
                    tracing::error!("the certificate that was read before stays in force: {problem}");
                }
                Err(_) => self.doubted = Some(now),
            }
        }
    }

    fn read(&self) -> Result<CertifiedKey, CertificateProblem> {
        let read = self.files.read()?;
        self.files.check_time(&read, self.clock.now())?;
        Ok(read)
    }
}

/// The time by the clock that the process was handed.
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().0 / 1_000).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the clock")
    }
}
