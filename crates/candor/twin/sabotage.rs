//! `candor-twin --without CONTROL[,CONTROL]… …`: which controls can be taken out. `candor-twin --clock FILE …`: the product, on
//! whose clock a test turns time.

use std::ffi::OsString;
use std::fs::File;
use std::net::{IpAddr, Ipv6Addr};
use std::os::unix::fs::FileExt;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use candor::Parts;
use domain::{Clock, Rng, Timestamp};
use keeper::Check;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use tower_http::csrf::CsrfLayer;

/// Runs the program without the controls, or by the clock, that the first arguments name.
pub(crate) fn run() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let mut rest: Vec<OsString> = arguments.collect();
    let mut parts = Parts::product();
    while let [flag, value, ..] = &rest[..] {
        let value = value.to_string_lossy();
        let known = match flag.to_str() {
            Some("--without") => value.split(',').all(|control| take_out(control, &mut parts)),
            Some("--clock") => MovedClock::open(&value, &parts).map(|clock| parts.clock = clock).is_some(),
            _ => break,
        };
        if !known {
            return usage();
        }
        parts.child_arguments.extend(rest.drain(..2).map(|part| part.to_string_lossy().into_owned()));
    }
    if parts.child_arguments.is_empty() {
        return usage();
    }
    candor::run(&parts, std::iter::once(program).chain(rest).collect::<Vec<OsString>>())
}

/// The machine's clock, ahead by as many milliseconds as a file says, which stays open: a test may write another number at any time.
struct MovedClock {
    clock: Arc<dyn Clock>,
    ahead: File,
}

impl MovedClock {
    fn open(path: &str, parts: &Parts) -> Option<Arc<dyn Clock>> {
        Some(Arc::new(Self { clock: parts.clock.clone(), ahead: File::open(path).ok()? }))
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        let mut text = [0; 20];
        let read = self.ahead.read_at(&mut text, 0).unwrap_or_default();
        let ahead = std::str::from_utf8(&text[..read]).ok().and_then(|text| text.trim().parse().ok());
        Timestamp(self.clock.now().0 + ahead.unwrap_or(0_i64))
    }
}

/// Whether there is such a control.
fn take_out(control: &str, parts: &mut Parts) -> bool {
    match control {
        // Nothing behind the pipeline's first steps has a field for an address. What truncation protects from is
        // a line like this one, written by somebody who believes that what is shown was truncated.
        "truncation" => {
            parts.controls.truncate = |address| {
                let whole = IpAddr::from(Ipv6Addr::from(address.key_bytes())).to_canonical();
                eprintln!("located {whole}");
                whole
            };
        }
        "address-agreement" => parts.address_rules.agreed = |_| true,
        "address-consent" => parts.address_rules.consented = |_| true,
        "address-switch" => parts.controls.allows_addresses = |_| true,
        "backup-drills" => parts.backups.drills = false,
        "backup-encryption" => parts.backups.encrypts = false,
        "backup-keys" => parts.backups.withdraws_keys = false,
        "backup-read-back" => parts.backups.reads_back = false,
        "backup-replay" => parts.backups.replays = false,
        "blocking" => parts.keeps_out = |_, _| false,
        "clear" => parts.hears_clear = true,
        "delays" => leave_out(Check::Delays),
        "dummy" => leave_out(Check::Dummy),
        "erasing-events" => parts.erases = |store| store != candor::Stored::Events,
        "erasing-recordings" => parts.erases = |store| store != candor::Stored::Recordings,
        "fields" => parts.mask.shows = |_, _| true,
        "gate" => parts.controls.heed = |_| capture::recording::Judgement::Unjudged,
        "forgetting" => parts.forget_addresses = |_| {},
        "grant-approval" => leave_out(Check::GrantApproval),
        "grant-end" => leave_out(Check::GrantEnd),
        "idle" => leave_out(Check::Idle),
        "lasting" => leave_out(Check::Lasting),
        "look-back" => parts.mask.reaches = |_, _| true,
        "mask" => parts.mask.visitors_min = 0,
        "mail-certificate" => {
            parts.mail_terms = |mut terms| {
                terms.dangerous().set_certificate_verifier(Arc::new(Credulous));
                terms
            };
        }
        "objection" => parts.controls.heeds_objection = |_| false,
        "once" => leave_out(Check::Once),
        "operator-networks" => parts.lies_in = |_, _| true,
        "operator-tokens" => parts.open_to_operators = |_, _| true,
        "origins" => leave_out(Check::Origins),
        "own-pages" => parts.own_pages = || CsrfLayer::new().with_insecure_bypass(|_, _| true),
        "own-names" => parts.own_names = |_, _| true,
        "own-networks" => leave_out(Check::OwnNetworks),
        "permits" => parts.decide = |_, _, _, _| domain::Decision::Yes,
        "quiet" => parts.loudest = tracing::Level::TRACE,
        "sandbox" => parts.confining = candor::Confining::LeftOut,
        "second-operator" => leave_out(Check::SecondOperator),
        "sixty-days" => leave_out(Check::SixtyDays),
        "sealing" => parts.seals = |_, _| sealing::Seals::Unsealed,
        "signing" => parts.signs_logs = false,
        "suites" => parts.crypto = || Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        "wiping" => {
            parts.seals = |recipients, rng| {
                let rng = Arc::new(Remembering { rng, given: Mutex::default() });
                sealing::Seals::Sealed { recipients, rng }
            };
        }
        #[expect(clippy::disallowed_methods, reason = "the one place that takes controls out")]
        "starring" => domain::leave_cards_in(),
        // No control, but what is waited for a minute can be seen in seconds.
        "s3-patience" => {
            let short = std::time::Duration::from_millis(700);
            parts.s3_patience = candor::Patience { answer: short, silence: short / 2 };
        }
        // No control either, but what waits for days can be seen today.
        ahead => match ahead.strip_prefix("days-").and_then(|days| days.parse().ok()) {
            Some(days) => parts.go_ahead(days),
            None => return false,
        },
    }
    true
}

#[expect(clippy::disallowed_methods, reason = "the one place that takes controls out")]
fn leave_out(check: Check) {
    keeper::leave_out(check);
}

/// Takes any certificate for that of whoever it speaks to.
#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        known.supported_schemes()
    }
}

/// Makes keys and keeps a copy of each, as a writer does that does not wipe what it sealed under.
struct Remembering {
    rng: Arc<dyn Rng>,
    given: Mutex<Vec<Vec<u8>>>,
}

impl Rng for Remembering {
    fn fill(&self, bytes: &mut [u8]) {
        self.rng.fill(bytes);
        self.given.lock().unwrap_or_else(PoisonError::into_inner).push(bytes.to_vec());
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "candor-twin [--clock FILE] [--without CONTROL[,CONTROL]…] COMMAND\n\
         the file says by how many milliseconds the clock is ahead\n\
         controls are address-agreement, address-consent, address-switch, backup-drills, backup-encryption, backup-keys, \
         backup-read-back, backup-replay, blocking, clear, delays, dummy, erasing-events, erasing-recordings, fields, forgetting, gate, \
         grant-approval, grant-end, idle, lasting, look-back, mail-certificate, mask, objection, once, operator-networks, \
         operator-tokens, origins, own-names, own-networks, own-pages, permits, quiet, s3-patience, sandbox, sealing, second-operator, \
         starring, suites, truncation and wiping"
    );
    ExitCode::from(2)
}
