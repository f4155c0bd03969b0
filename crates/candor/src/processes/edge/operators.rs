//! From where operators may act. The edge alone knows a client's address: it turns away from the operators' listener
//! whoever is in none of these networks, before anything is read, and tells `app` in which of them somebody is, as these
//! are written. So each operator is held to their own networks however narrow they are, and no address goes on.

use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use crate::config::Cidr;

/// In which header `app` is told in which of the operators' networks somebody is.
pub(crate) const WITHIN: &str = "x-candor-within";

/// The networks of all operators, as `app` last said; none until then.
#[derive(Default)]
pub(crate) struct Networks(RwLock<Vec<Cidr>>);

impl Networks {
    pub(super) fn take(&self, networks: Vec<Cidr>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = networks;
    }

    /// Those that an address lies in, as they are written, with commas between them; none is nobody's place to be.
    pub(super) fn around(&self, address: IpAddr) -> Option<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let around: Vec<String> =
            known.iter().filter(|network| network.contains(address)).map(Cidr::to_string).collect();
        (!around.is_empty()).then(|| around.join(","))
    }
}
