//! Who knows whom: the keeper and each process that may ask it share a socket pair that was made for the two of
//! them, made anew whenever either is started again. The supervisor keeps neither end.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use super::super::messages::Role;

/// The supervisor's ends of the sockets over which it introduces processes.
#[derive(Default)]
pub(super) struct Introductions(HashMap<Role, OwnedFd>);

impl Introductions {
    /// The end that a newborn of `role` is handed.
    pub(super) fn newborn(&mut self, role: Role) -> io::Result<OwnedFd> {
        let (ours, theirs) = sealing::packet_pair()?;
        self.0.insert(role, ours);
        Ok(theirs)
    }

    /// Introduces a newborn to the keeper, or the keeper to all who live.
    pub(super) fn introduce(&self, role: Role) -> io::Result<()> {
        if role != Role::Keeper {
            return self.to_keeper(role);
        }
        self.0.keys().filter(|role| **role != Role::Keeper).try_for_each(|role| self.to_keeper(*role))
    }

    pub(super) fn forget(&mut self, role: Role) {
        self.0.remove(&role);
    }

    /// Introduces the two to each other, if both live.
    fn to_keeper(&self, role: Role) -> io::Result<()> {
        let (Some(keeper), Some(line), Some(peer)) =
            (self.0.get(&Role::Keeper), self.0.get(&role), role.peer())
        else {
            return Ok(());
        };
        let (of_keeper, of_peer) = sealing::packet_pair()?;
        // Whoever died meanwhile is replaced, and its successor introduced anew.
        let _ = sealing::introduce(keeper, peer as u8, of_keeper.as_fd());
        let _ = sealing::introduce(line, 0, of_peer.as_fd());
        Ok(())
    }
}
