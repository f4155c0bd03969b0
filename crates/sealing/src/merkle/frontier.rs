//! The root of a log that is read from its beginning to its end, in a few hashes of memory however long it is.

use super::{Hash, empty_root, node_hash};

/// What is known of the entries so far: the roots of the complete subtrees they make, largest first.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// Takes the next entry's hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each one at the end of the size's bits is a complete subtree that this entry completes a larger one with.
        for _ in 0..self.size.trailing_ones() {
            let left = self.roots.pop().expect("a root for each one among the bits of the size");
            hash = node_hash(&left, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// How many entries there were.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of all of them.
    pub fn root(&self) -> Hash {
        let above = |right: Hash, left: &Hash| node_hash(left, &right);
        match self.roots.split_last() {
            None => empty_root(),
            Some((last, before)) => before.iter().rev().fold(*last, above),
        }
    }
}
