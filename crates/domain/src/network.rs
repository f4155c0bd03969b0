//! Where a request came from, as far as it may be known: the first 24 bits of an IPv4 address, the first 48 of an IPv6
//! one. There is no room in it for the rest.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A network: enough to tell a country or to keep an attacker out, not enough to tell a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Network {
    /// The first three bytes of an IPv4 address.
    V4([u8; 3]),
    /// The first six bytes of an IPv6 address.
    V6([u8; 6]),
}

/// Why a text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no network: write its address with the host part zero, like 203.0.113.0 or 2001:db8:1::")]
pub struct NetworkError;

impl Network {
    /// The network of an address; an IPv4 address written as IPv6 is the IPv4 address it means.
    pub const fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, ..] = address.octets();
                Self::V6([a, b, c, d, e, f])
            }
        }
    }

    /// Its first address, whose host part is zero.
    pub const fn ip(self) -> IpAddr {
        match self {
            Self::V4([a, b, c]) => IpAddr::V4(Ipv4Addr::new(a, b, c, 0)),
            Self::V6([a, b, c, d, e, f]) => {
                IpAddr::V6(Ipv6Addr::from_octets([a, b, c, d, e, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
            }
        }
    }

    /// How many bits of an address it has.
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4(_) => 24,
            Self::V6(_) => 48,
        }
    }
}

/// Its first address, as in `203.0.113.0` or `2001:db8:1::`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip().fmt(f)
    }
}

/// Takes what `Display` writes, and no address that is more than a network.
impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let address: IpAddr = text.parse().map_err(|_| NetworkError)?;
        let network = Self::of(address);
        if network.ip() == address.to_canonical() { Ok(network) } else { Err(NetworkError) }
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(text: &str) -> Network {
        Network::of(text.parse().unwrap())
    }

    #[test]
    fn it_is_written_and_read_as_its_first_address() {
        for (address, written) in [
            ("203.0.113.77", "203.0.113.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("2001:db8:1:5678:9abc:def0:1234:5678", "2001:db8:1::"),
            ("::1", "::"),
        ] {
            assert_eq!(network(address).to_string(), written);
            assert_eq!(written.parse(), Ok(network(address)));
            assert_eq!(serde_json::to_value(network(address)).unwrap(), written);
        }
    }

    #[test]
    fn a_text_that_says_more_than_a_network_is_refused() {
        for text in ["203.0.113.7", "2001:db8:1:2::", "203.0.113.0/24", "", "somewhere"] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError), "{text}");
            assert!(serde_json::from_value::<Network>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn it_has_no_room_for_a_full_address() {
        assert!(size_of::<Network>() < size_of::<Ipv6Addr>());
    }

    proptest! {
        #[test]
        fn the_last_octet_of_every_ipv4_address_is_zero(bits: u32) {
            let [a, b, c, _] = bits.to_be_bytes();
            prop_assert_eq!(network(&Ipv4Addr::from_bits(bits).to_string()).to_string(), format!("{a}.{b}.{c}.0"));
        }

        #[test]
        fn two_ipv6_addresses_of_one_48_cannot_be_told_apart(bits: u128, low: u128) {
            let other = (bits & !((1 << 80) - 1)) | (low & ((1 << 80) - 1));
            prop_assume!(Ipv6Addr::from_bits(bits).to_ipv4_mapped().is_none());
            prop_assume!(Ipv6Addr::from_bits(other).to_ipv4_mapped().is_none());
            let cut = |bits| Network::of(Ipv6Addr::from_bits(bits).into());
            prop_assert_eq!(cut(bits), cut(other));
        }
    }
}
