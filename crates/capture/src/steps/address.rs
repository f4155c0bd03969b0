//! Step 9, truncate the address: from here on only its first 24 (IPv4) or 48 (IPv6) bits are known.

use std::net::IpAddr;

use domain::ClientAddress;

use crate::Controls;

/// The address that may be looked up.
pub(crate) fn truncate(address: ClientAddress, controls: &Controls) -> IpAddr {
    (controls.truncate)(address)
}
