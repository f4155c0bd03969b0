//! Keys whose memory the system may not write to swap space: the root key, and those that follow from it directly.
//!
//! A system that refuses is no reason not to serve: it is said once in the log, and can be asked for.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};

use sealing::Key;

/// Whether the system refused it even once, which is said once.
static REFUSED: AtomicBool = AtomicBool::new(false);

/// A key whose page stays in memory. It is wiped when it is let go of, as any key.
pub(crate) struct LockedKey(Key);

impl LockedKey {
    pub(crate) fn of(key: Key) -> Self {
        lock(key.bytes());
        Self(key)
    }
}

impl Deref for LockedKey {
    type Target = Key;

    fn deref(&self) -> &Key {
        &self.0
    }
}

/// Keeps the pages in which `bytes` lie in memory, as long as the process lives. They are few, and never unlocked:
/// a page that is unlocked for one secret is unlocked for its neighbours too.
pub(crate) fn lock(bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    match region::lock(bytes.as_ptr(), bytes.len()) {
        Ok(guard) => std::mem::forget(guard),
        Err(error) if !REFUSED.swap(true, Ordering::Relaxed) => {
            tracing::warn!(
                "the system does not let memory be locked ({error}), so that keys may be written to swap space: \
                 allow it (LimitMEMLOCK=, `ulimit -l`), or have no swap space that is not encrypted"
            );
        }
        Err(_) => {}
    }
}

/// Whether all that was to be kept out of swap space is: for a person who asks what is wrong.
pub fn memory_is_locked() -> bool {
    !REFUSED.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Counting;

    /// Kilobytes of this process's memory that are locked, as the system counts.
    fn locked_kilobytes() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[test]
    fn the_page_of_a_locked_key_stays_in_memory_by_the_systems_own_count() {
        let key = LockedKey::of(Key::random(&Counting::from(1)));
        assert_ne!(key.bytes(), &[0; 32]);
        assert!(memory_is_locked(), "this machine does not let memory be locked: see `ulimit -l`");
        assert!(locked_kilobytes() >= 4, "{} kB are locked", locked_kilobytes());
    }
}
