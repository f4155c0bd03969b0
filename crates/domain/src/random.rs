//! Randomness as a parameter. The one real source lives in `candor`; tests hand in a seeded one.

use crate::{EventId, VisitorId};

/// Makes random bytes.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// Sixteen random bytes as a number.
    fn next_u128(&self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    /// A fresh visitor, as a version 4 UUID.
    fn visitor_id(&self) -> VisitorId {
        VisitorId::from_u128(version_4(self.next_u128()))
    }

    /// A fresh event id, as a version 4 UUID.
    fn event_id(&self) -> EventId {
        EventId::from_u128(version_4(self.next_u128()))
    }
}

/// Sets the version and variant bits of RFC 9562.
const fn version_4(bits: u128) -> u128 {
    let versioned = (bits & !(0xf << 76)) | (0x4 << 76);
    (versioned & !(0x3 << 62)) | (0x2 << 62)
}
