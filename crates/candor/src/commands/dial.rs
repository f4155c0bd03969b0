//! `candor dial HOST PORT`: how the supervisor has one connection made. Nobody types it.

use crate::Parts;
use crate::logging;
use crate::processes::dialer::{self, Place};
use crate::processes::sandbox;
use crate::processes::supervisor::NOT_CONFINED;

/// One connection; made for `candor serve` only.
#[derive(clap::Args)]
pub(crate) struct Dial {
    host: String,
    port: u16,
    /// Only to this machine
    #[arg(long)]
    here: bool,
    #[arg(long)]
    allow_unsandboxed: bool,
}

impl Dial {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("dialer");
        // It outlives nobody who could want its connection.
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        let confinement = sandbox::enter_to_dial(self.port, parts.confining)?;
        if !confinement.is_held() && !self.allow_unsandboxed && cfg!(target_os = "linux") {
            std::process::exit(NOT_CONFINED);
        }
        // Standard input is the end of the line to whoever asked.
        Ok(dialer::run(&Place { host: self.host, port: self.port, here: self.here }, std::io::stdin())?)
    }
}
