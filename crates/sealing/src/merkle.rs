//! A tree over everything a log holds (RFC 6962, section 2.1, SHA-256), so that one hash stands for all its entries and
//! two such hashes can be shown to be of one log that only grew.
//!
//! Arithmetic alone: where hashes lie is the business of whoever hands in a reader. Nothing here trusts a proof; a proof
//! that is too short, too long or of another tree is refused.

use aws_lc_rs::digest::{Context, SHA256};

mod frontier;

pub use frontier::Frontier;

/// A hash of an entry or of what is below a node.
pub type Hash = [u8; 32];

/// A node of the tree whose subtree is complete: that of the entries from `place << level` on, `1 << level` of them.
/// At level 0 they are the entries themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// How far above the entries.
    pub level: u8,
    /// Which one of its level, counted from 0.
    pub place: u64,
}

/// The root of a log without entries.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    sha256(&[&[0], entry])
}

/// The hash of a node above two others.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The nodes that the entry number `place`, counted from 0, completes above itself, lowest first. `read` gives the
/// complete nodes beside it.
///
/// # Errors
/// Those of `read`.
pub fn completed<E>(
    place: u64,
    leaf: Hash,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<(Node, Hash)>, E> {
    let mut made = Vec::new();
    let (mut hash, mut at) = (leaf, Node { level: 0, place });
    while at.place % 2 == 1 {
        let left = read(Node { place: at.place - 1, ..at })?;
        hash = node_hash(&left, &hash);
        at = Node { level: at.level + 1, place: at.place / 2 };
        made.push((at, hash));
    }
    Ok(made)
}

/// The root of the first `size` entries.
///
/// # Errors
/// Those of `read`, which gives complete nodes.
pub fn root<E>(size: u64, mut read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 { Ok(empty_root()) } else { over(0, size, &mut read) }
}

/// That the entry number `place`, counted from 0, is among the first `size`.
///
/// # Errors
/// Those of `read`, which gives complete nodes.
///
/// # Panics
/// Where there is no such entry.
pub fn inclusion<E>(
    place: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(place < size, "entry {place} of {size}");
    let mut proof = Vec::new();
    let (mut begin, mut end) = (0, size);
    // From the root down, each time the side that the entry is not in.
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if place < middle {
            proof.push(over(middle, end, &mut read)?);
            end = middle;
        } else {
            proof.push(over(begin, middle, &mut read)?);
            begin = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// That the first `from` entries are the beginning of the first `to`.
///
/// # Errors
/// Those of `read`, which gives complete nodes.
///
/// # Panics
/// Where `from` is more than `to`.
pub fn consistency<E>(
    from: u64,
    to: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(from <= to, "from {from} to {to}");
    let mut proof = Vec::new();
    if from == 0 || from == to {
        return Ok(proof);
    }
    let (mut begin, mut end) = (0, to);
    while end != from {
        let middle = begin + split(end - begin);
        if from <= middle {
            proof.push(over(middle, end, &mut read)?);
            end = middle;
        } else {
            proof.push(over(begin, middle, &mut read)?);
            begin = middle;
        }
    }
    // The old tree's own root need not be told where it is a node of the new one.
    if begin > 0 {
        proof.push(over(begin, end, &mut read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether `proof` shows that the entry whose hash is `leaf` is number `place`, counted from 0, of the `size` entries that
/// `root` stands for.
pub fn verify_inclusion(leaf: &Hash, place: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if place >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (place, size - 1, *leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(beside, &hash);
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the `from.0` entries that `from.1` stands for are the beginning of the `to.0` entries that
/// `to.1` stands for.
pub fn verify_consistency(from: (u64, &Hash), to: (u64, &Hash), proof: &[Hash]) -> bool {
    if from.0 > to.0 {
        return false;
    }
    if from.0 == 0 {
        return proof.is_empty() && *from.1 == empty_root();
    }
    if from.0 == to.0 {
        return proof.is_empty() && from.1 == to.1;
    }
    // A tree whose size is a power of two is a node of every larger one.
    let (first, rest) = match (from.0.is_power_of_two(), proof.split_first()) {
        (true, _) => (from.1, proof),
        (false, Some((first, rest))) => (first, rest),
        (false, None) => return false,
    };
    let (mut at, mut last) = (from.0 - 1, to.0 - 1);
    let climb = at.trailing_ones();
    (at, last) = (at >> climb, last >> climb);
    let (mut old, mut new) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            (old, new) = (node_hash(beside, &old), node_hash(beside, &new));
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            new = node_hash(&new, beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    last == 0 && old == *from.1 && new == *to.1
}

/// How many of `count` entries, at least two, are on the left of the node above them.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The hash over entries from `begin` to before `end`, as they stand in the tree.
fn over<E>(begin: u64, end: u64, read: &mut impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    let count = end - begin;
    if count.is_power_of_two() {
        let level = count.ilog2();
        return read(Node { level: level as u8, place: begin >> level });
    }
    let middle = begin + split(count);
    let left = over(begin, middle, read)?;
    Ok(node_hash(&left, &over(middle, end, read)?))
}

/// The SHA-256 of parts, one after another.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests;
