use super::tickets::Held;
use super::*;
use crate::proofs::password::Verifier;
use sealing::protocol::people::Ticket;

impl People {
    /// A ticket for a password that nobody can show: whoever is set up by it costs no time.
    pub(crate) fn chosen(&mut self, now: Timestamp, rng: &dyn Rng) -> Ticket {
        let verifier = Verifier::dummy(&self.pepper);
        self.tickets.give(Held::Password(verifier), now, rng).ok().expect("room for a ticket")
    }
}
