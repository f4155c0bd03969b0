//! From where operators may act. The edge alone knows a client's address: it turns away from the operators' listener
//! whoever is in none of these networks, before anything is read, and tells `app` in which of them somebody is, as these
//! are written. So each operator is held to their own networks however narrow they are, and no address goes on. Of who is
//! turned away `app` learns the truncated network, for the server's log.

use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use domain::{Network, Timestamp};

use crate::Parts;
use crate::config::Cidr;
use crate::processes::birth::Voice;
use crate::processes::messages::{FromChild, Notice};
use crate::processes::seldom::Seldom;

/// In which header `app` is told in which of the operators' networks somebody is.
pub(crate) const WITHIN: &str = "x-candor-within";

/// The networks of all operators, as `app` last said; none until then.
pub(crate) struct Networks {
    known: RwLock<Vec<Cidr>>,
    /// Whether an address lies in one of them.
    lies_in: fn(&Cidr, IpAddr) -> bool,
    turned_away: Seldom<Network>,
    voice: Voice,
}

impl Networks {
    pub(super) fn new(parts: &Parts, voice: Voice) -> Self {
        let (known, turned_away) = (RwLock::default(), Seldom::default());
        Self { known, lies_in: parts.lies_in, turned_away, voice }
    }

    /// Has it written down that somebody came from where none may act.
    pub(super) fn turn_away(&self, client: IpAddr, now: Timestamp) {
        let network = Network::of(client);
        if self.turned_away.is_due(network, now) {
            tracing::warn!(
                "somebody came to the operators' listener from {network}, from where none may act"
            );
            self.voice.say(FromChild::Notice(Notice::TurnedAway(network)));
        }
    }

    pub(super) fn take(&self, networks: Vec<Cidr>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = networks;
    }

    /// Those that an address lies in, as they are written, with commas between them; none is nobody's place to be.
    pub(super) fn around(&self, address: IpAddr) -> Option<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let around: Vec<String> =
            known.iter().filter(|network| (self.lies_in)(network, address)).map(Cidr::to_string).collect();
        (!around.is_empty()).then(|| around.join(","))
    }
}
