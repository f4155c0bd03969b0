//! What browsers were asked for and have not answered: in memory only, each good for one answer, for what it was asked for,
//! and for a few minutes.
//!
//! Anybody may ask to sign in. However many do, none of them takes the room of those who have something to show: what was
//! asked for longest ago goes, and nobody is turned away.

use std::collections::VecDeque;

use domain::{MINUTE_MS, PersonId, Rng, Timestamp};
use sealing::TokenHash;
use sealing::protocol::people::{NotDone, Ticket};

#[cfg(debug_assertions)]
use crate::left_out::{Check, is_left_out};
use crate::people::registry::Digest;
use crate::proofs::passkey::{Authentication, Registration};

/// How long a browser may take to answer.
const GOOD_FOR_MS: i64 = 10 * MINUTE_MS;
/// That wait at once: of strangers, and of those who have something to show.
pub(super) const WAITING_MAX: usize = 10_000;

/// What a passkey is wanted for.
#[derive(PartialEq, Eq)]
#[cfg_attr(debug_assertions, derive(Clone))]
pub(in crate::people) enum Purpose {
    /// To sign in without a name.
    SigningIn,
    /// Beside what was shown for this ticket.
    SecondFactor(Ticket),
    /// To show again that it is who signed in; by number, as the token may be another by then.
    Confirming(u64),
    /// To be one more of who signed in.
    Adding(u64),
    /// To begin as somebody new, by a setup or invitation token, as this e-mail address.
    Beginning(TokenHash, Digest),
}

/// What the answer is held against.
#[cfg_attr(debug_assertions, derive(Clone))]
pub(super) enum Begun {
    /// One that is there is to be shown.
    Showing(Authentication),
    /// One is to be made, for this person.
    Making(PersonId, Registration),
}

/// All that wait, each list with the longest first.
#[derive(Default)]
pub(in crate::people) struct Ceremonies {
    of_strangers: VecDeque<Waiting>,
    of_known: VecDeque<Waiting>,
}

#[cfg_attr(debug_assertions, derive(Clone))]
struct Waiting {
    ticket: Ticket,
    until: Timestamp,
    purpose: Purpose,
    begun: Box<Begun>,
}

impl Ceremonies {
    /// Waits for an answer. Who has something to show is asked for one thing at a time: what they were asked for before is
    /// waited for no more.
    pub(super) fn begin(&mut self, purpose: Purpose, begun: Begun, now: Timestamp, rng: &dyn Rng) -> Ticket {
        let waiting = self.list(&purpose);
        waiting.retain(|one| now < one.until);
        if purpose != Purpose::SigningIn {
            waiting.retain(|one| one.purpose != purpose);
        }
        if waiting.len() >= WAITING_MAX {
            waiting.pop_front();
        }
        let ticket = Ticket(rng.next_u128());
        let until = Timestamp(now.0 + GOOD_FOR_MS);
        waiting.push_back(Waiting { ticket, until, purpose, begun: Box::new(begun) });
        ticket
    }

    /// What an answer is held against, which is waited for no more; `Unknown` where it was asked for something else.
    pub(super) fn end(
        &mut self,
        ticket: Ticket,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Result<Begun, NotDone> {
        let waiting = self.list(purpose);
        let place = waiting.iter().position(|one| one.ticket == ticket && one.purpose == *purpose);
        let one = place.and_then(|place| waiting.remove(place)).ok_or(NotDone::Unknown)?;
        // Nothing of this can be copied but where the twin is built.
        #[cfg(debug_assertions)]
        if is_left_out(Check::Once) {
            waiting.push_back(one.clone());
        }
        if now < one.until { Ok(*one.begun) } else { Err(NotDone::Unknown) }
    }

    const fn list(&mut self, purpose: &Purpose) -> &mut VecDeque<Waiting> {
        match purpose {
            Purpose::SigningIn => &mut self.of_strangers,
            _ => &mut self.of_known,
        }
    }
}
