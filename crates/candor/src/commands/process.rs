//! `candor process ROLE`: how the supervisor starts a child of itself. Nobody types it.
//!
//! It is told apart before any command line is read: the reader of those costs each process, the keeper above all, memory that
//! it has no use for.

use std::ffi::OsString;

use crate::Parts;
use crate::logging;
use crate::processes::messages::Role;
use crate::processes::{app, edge, keeper, worker};

/// One process of a server; started by `candor serve` only.
pub(super) struct Process {
    role: Role,
}

impl Process {
    /// The process that these arguments ask for, if they do. They begin with the program's name.
    pub(super) fn of(arguments: &[OsString]) -> Option<Self> {
        let [_, word, role] = arguments else { return None };
        let role = Role::ALL.into_iter().find(|known| role == known.as_str())?;
        (word == Role::WORD).then_some(Self { role })
    }

    pub(super) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin(self.role.as_str());
        match self.role {
            Role::Keeper => keeper::run(parts),
            Role::Edge => edge::run(parts),
            Role::App => app::run(parts),
            Role::Worker => worker::run(parts),
        }
    }
}
