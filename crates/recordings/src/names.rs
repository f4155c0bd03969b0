//! What a recorder names things by: signs of base64url, kept as they came, since nothing is meant by them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A name of `N` signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signs<const N: usize>([u8; N]);

/// A tab's name for its recording, made anew after half an hour without anything.
pub type TabId = Signs<22>;
/// A page's name in it, made at each load.
pub type PageId = Signs<11>;

/// A text is no such name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not {0} signs of base64url")]
pub struct NotSigns(usize);

impl<const N: usize> Signs<N> {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        // Only signs that are one byte each are let in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> FromStr for Signs<N> {
    type Err = NotSigns;

    fn from_str(text: &str) -> Result<Self, NotSigns> {
        let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        let bytes = <[u8; N]>::try_from(text.as_bytes()).map_err(|_| NotSigns(N))?;
        if bytes.iter().all(is_sign) { Ok(Self(bytes)) } else { Err(NotSigns(N)) }
    }
}

impl<const N: usize> fmt::Debug for Signs<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> fmt::Display for Signs<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Serialize for Signs<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, const N: usize> Deserialize<'de> for Signs<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_number_of_signs_and_no_others() {
        assert_eq!("AZaz09-_AZa".parse::<PageId>().unwrap().as_str(), "AZaz09-_AZa");
        for wrong in ["", "AZaz09-_AZ", "AZaz09-_AZab", "AZaz09-_AZ=", "AZaz09-_A/a", "AZaz09-_Aé"] {
            assert_eq!(wrong.parse::<PageId>(), Err(NotSigns(11)), "{wrong}");
        }
    }
}
