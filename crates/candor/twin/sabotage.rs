//! `candor-twin --without CONTROL[,CONTROL]… …`: which controls can be taken out.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use candor::Parts;
use domain::Rng;
use keeper::Check;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use tower_http::csrf::CsrfLayer;

/// Runs the program without the controls that the first two arguments name, parted by commas.
pub(crate) fn run() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let (Some(flag), Some(controls)) = (arguments.next(), arguments.next()) else { return usage() };
    let mut parts = Parts::product();
    let named = controls.to_str().filter(|_| flag == "--without").unwrap_or_default();
    if !named.split(',').all(|control| take_out(control, &mut parts)) {
        return usage();
    }
    parts.child_arguments = [flag, controls].iter().map(|part| part.to_string_lossy().into_owned()).collect();
    candor::run(&parts, std::iter::once(program).chain(arguments).collect::<Vec<OsString>>())
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
        "blocking" => parts.keeps_out = |_, _| false,
        "clear" => parts.hears_clear = true,
        "delays" => leave_out(Check::Delays),
        "dummy" => leave_out(Check::Dummy),
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
        "sealing" => parts.seals = |_, _| sealing::Seals::Unsealed,
        "suites" => parts.crypto = || Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        "wiping" => {
            parts.seals = |recipients, rng| {
                let rng = Arc::new(Remembering { rng, given: Mutex::default() });
                sealing::Seals::Sealed { recipients, rng }
            };
        }
        #[expect(clippy::disallowed_methods, reason = "the one place that takes controls out")]
        "starring" => domain::leave_cards_in(),
        _ => return false,
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
        "candor-twin --without CONTROL[,CONTROL]… COMMAND\n\
         controls are blocking, clear, delays, dummy, fields, forgetting, gate, grant-approval, grant-end, idle, lasting, \
         look-back, mail-certificate, mask, once, operator-networks, operator-tokens, origins, own-names, own-networks, \
         own-pages, permits, quiet, sandbox, sealing, second-operator, starring, suites, truncation and wiping"
    );
    ExitCode::from(2)
}
