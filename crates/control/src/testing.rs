//! What the tests of this crate share.

use sealing::Key;

/// A key that is told from others by its number.
pub(crate) fn key(number: u8) -> Key {
    Key::take(&mut [number; 32])
}
