//! Where a request came from. A full address cannot be shown, logged, compared in a log or stored: it has no
//! `Debug`, `Display` or `Serialize`, and only its truncated form leaves this type.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A full client address. It lives in `edge`'s memory for the length of one request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Takes an address; an IPv4 address written as IPv6 (`::ffff:a.b.c.d`) is the IPv4 address it means.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address with its host part set to zero: IPv4 to /24, IPv6 to /48.
    pub fn truncate(self) -> TruncatedAddress {
        TruncatedAddress(match self.0 {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & !0xff)),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !((1 << 80) - 1))),
        })
    }

    /// The bytes of the full address, for keying a hash under a secret and for nothing else.
    pub fn key_bytes(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        }
    }
}

/// An address whose host part is zero: enough to tell a country, not a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TruncatedAddress(IpAddr);

impl TruncatedAddress {
    /// The address to look up.
    pub const fn ip(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for TruncatedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn the_last_octet_of_every_ipv4_address_is_zero(bits: u32) {
            let [a, b, c, _] = bits.to_be_bytes();
            prop_assert_eq!(truncated(&Ipv4Addr::from_bits(bits).to_string()), format!("{a}.{b}.{c}.0"));
        }

        #[test]
        fn two_ipv6_addresses_of_one_48_cannot_be_told_apart(bits: u128, low: u128) {
            let other = (bits & !((1 << 80) - 1)) | (low & ((1 << 80) - 1));
            prop_assume!(Ipv6Addr::from_bits(bits).to_ipv4_mapped().is_none());
            prop_assume!(Ipv6Addr::from_bits(other).to_ipv4_mapped().is_none());
            let cut = |bits| ClientAddress::new(Ipv6Addr::from_bits(bits).into()).truncate();
            prop_assert_eq!(cut(bits), cut(other));
        }
    }
}
