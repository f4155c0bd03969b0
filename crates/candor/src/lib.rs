//! The edge of the house and the wiring: commands, processes, HTTP and configuration.
//!
//! Everything that a process may do is handed to it as [`Parts`], so that the one test-only twin of the product
//! is built of the same code with one control taken out.

mod assets;
mod blocks;
mod catalog;
mod commands;
mod config;
mod data_dir;
mod http;
mod ledger;
mod logging;
mod mail;
mod outside;
mod processes;
mod prometheus;
mod s3;
mod texts;
mod tls;

use std::ffi::OsString;
use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;

use domain::{Clock, Decision, Identity, Object, Place, Rng, Timestamp, Verb};
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use sealing::{Recipients, Seals};
use tower_http::csrf::CsrfLayer;

pub use crate::config::Cidr;
pub use crate::http::admission::OwnNames;
pub use crate::ledger::ControlLedger;
pub use crate::processes::app::said::AddressRules;
pub use crate::processes::app::support::Mask;
pub use crate::processes::sandbox::Confining;
pub use crate::processes::worker::Stored;
pub use crate::s3::Patience;

/// The system's allocator takes a tenth of the CPU of an event, and keeps what a large absorb once needed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a program is made of.
#[derive(Clone)]
pub struct Parts {
    /// The controls of the door through which events come.
    pub controls: capture::Controls,
    /// What takes every address out of the head of a request before it goes on to `app`.
    pub forget_addresses: fn(&mut hyper::HeaderMap),
    /// What decides who may do what to a site or an organization.
    pub decide: fn(&Identity, Verb, Object, Place) -> Decision,
    /// Whether a network that is blocked until the first moment is kept out at the second.
    pub keeps_out: fn(Timestamp, Timestamp) -> bool,
    /// With what connections from elsewhere are encrypted.
    pub crypto: fn() -> Arc<CryptoProvider>,
    /// Whether what other machines send in the clear is heard.
    pub hears_clear: bool,
    /// Whether the name by which the server was asked for is one of its own.
    pub own_names: fn(&OwnNames, &str) -> bool,
    /// What tells whether the page that asks is this server's own.
    pub own_pages: fn() -> CsrfLayer,
    /// Whether an address lies in a network from where operators may act.
    pub lies_in: fn(&Cidr, IpAddr) -> bool,
    /// What is asked at the operators' door by whoever has not signed in, and is answered.
    pub open_to_operators: fn(&hyper::Method, &str) -> bool,
    /// What a support grant leaves unseen.
    pub mask: Mask,
    /// On what an address may be kept as an attribute.
    pub address_rules: AddressRules,
    /// On which terms the mail server is spoken to under TLS.
    pub mail_terms: fn(ClientConfig) -> ClientConfig,
    /// Whether what this store has of a visitor is taken out when they are erased.
    pub erases: fn(Stored) -> bool,
    /// Whether audit logs are signed every day.
    pub signs_logs: bool,
    /// How what is written is sealed.
    pub seals: fn(Arc<dyn Recipients>, Arc<dyn Rng>) -> Seals,
    /// What is done with backups that must be.
    pub backups: operations::backup::Controls,
    /// How long the server that backups go to is waited for.
    pub s3_patience: Patience,
    /// Whether its processes are confined.
    pub confining: Confining,
    /// Up to which level its log tells.
    pub loudest: tracing::Level,
    /// What comes first on the command line of every process that the program starts of itself.
    pub child_arguments: Vec<String>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl Parts {
    /// Has every process of the program believe that it is so many days later, so that what waits for them is seen today.
    pub fn go_ahead(&mut self, days: u32) {
        self.clock = Arc::new(outside::Ahead { of: self.clock.clone(), days });
    }

    /// The product: every control in its place.
    pub fn product() -> Self {
        Self {
            controls: capture::Controls::default(),
            forget_addresses: processes::edge::forget_addresses,
            decide: Identity::decide,
            keeps_out: |until, now| now < until,
            crypto: tls::crypto,
            hears_clear: false,
            own_names: OwnNames::hold,
            own_pages: CsrfLayer::new,
            lies_in: Cidr::contains,
            open_to_operators: http::operators::asking::is_open,
            mask: Mask::default(),
            address_rules: AddressRules::default(),
            mail_terms: |terms| terms,
            erases: |_| true,
            signs_logs: true,
            seals: |recipients, rng| Seals::Sealed { recipients, rng },
            backups: operations::backup::Controls::IN_FORCE,
            s3_patience: Patience::IN_FORCE,
            confining: Confining::InForce,
            loudest: tracing::Level::INFO,
            child_arguments: Vec::new(),
            clock: Arc::new(outside::SystemClock),
            rng: Arc::new(outside::SystemRng),
        }
    }
}

/// Does what the command line says. `arguments` begins with the program's name.
pub fn run(parts: &Parts, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Whatever is made from here on is this account's alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    if let Err(error) = processes::birth::leave_no_core() {
        eprintln!("candor: it cannot be kept from leaving its memory on the disk when it dies: {error}");
        return ExitCode::FAILURE;
    }
    commands::run(parts, arguments)
}
