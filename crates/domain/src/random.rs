//! Randomness as a parameter. The one real source lives in `candor`; tests hand in a seeded one.

use crate::{EventId, ReceiptId, VisitorId};

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

    /// A fresh receipt, as a version 4 UUID.
    fn receipt_id(&self) -> ReceiptId {
        ReceiptId::from_u128(version_4(self.next_u128()))
    }
}

/// Numbers that differ and are the same in every run: for tests alone.
#[cfg(feature = "testing")]
pub struct Counting(std::sync::Mutex<u64>);

#[cfg(feature = "testing")]
impl Counting {
    /// Those that follow from `start`.
    pub const fn from(start: u64) -> Self {
        Self(std::sync::Mutex::new(start))
    }
}

#[cfg(feature = "testing")]
impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut at = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for eight in bytes.chunks_mut(8) {
            *at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            eight.copy_from_slice(&at.to_le_bytes()[..eight.len()]);
        }
    }
}

/// Sets the version and variant bits of RFC 9562.
const fn version_4(bits: u128) -> u128 {
    let versioned = (bits & !(0xf << 76)) | (0x4 << 76);
    (versioned & !(0x3 << 62)) | (0x2 << 62)
}
