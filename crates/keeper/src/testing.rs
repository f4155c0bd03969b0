//! What the tests of this crate share.

use std::sync::Mutex;

use domain::Rng;

/// Numbers that differ, the same in every run.
pub(crate) struct Counting(Mutex<u64>);

impl Counting {
    pub(crate) fn from(start: u64) -> Self {
        Self(Mutex::new(start))
    }
}

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut at = self.0.lock().unwrap();
        for eight in bytes.chunks_mut(8) {
            *at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            eight.copy_from_slice(&at.to_le_bytes()[..eight.len()]);
        }
    }
}
