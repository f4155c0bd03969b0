//! `candor process ROLE`: how the supervisor starts a child of itself. Nobody types it.

use crate::Parts;
use crate::logging;
use crate::processes::messages::Role;
use crate::processes::{app, edge, keeper, worker};

/// One process of a server; started by `candor serve` only.
#[derive(clap::Args)]
pub(crate) struct Process {
    role: Role,
}

impl Process {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin(self.role.as_str());
        match self.role {
            Role::Keeper => keeper::run(parts),
            Role::Edge => edge::run(parts),
            Role::App => app::run(parts),
            Role::Worker => worker::run(parts),
        }
    }
}
