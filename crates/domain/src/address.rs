//! Where a request came from. A full address cannot be shown, logged, compared in a log or stored: it has no
//! `Debug`, `Display` or `Serialize`, and only its truncated form leaves this type.

use std::net::IpAddr;

use crate::Network;

/// A full client address. It lives in `edge`'s memory for the length of one request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Takes an address; an IPv4 address written as IPv6 (`::ffff:a.b.c.d`) is the IPv4 address it means.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address without its host part: IPv4 to /24, IPv6 to /48.
    pub const fn truncate(self) -> Network {
        Network::of(self.0)
    }

    /// The bytes of the full address, for keying a hash under a secret and for nothing else.
    pub fn key_bytes(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truncated(text: &str) -> String {
        ClientAddress::new(text.parse().unwrap()).truncate().to_string()
    }

    #[test]
    fn a_mapped_address_is_truncated_as_the_ipv4_address_it_means() {
        assert_eq!(truncated("::ffff:203.0.113.77"), "203.0.113.0");
    }

    #[test]
    fn an_ipv6_address_keeps_its_first_48_bits() {
        assert_eq!(truncated("2001:db8:1234:5678:9abc:def0:1234:5678"), "2001:db8:1234::");
    }
}
