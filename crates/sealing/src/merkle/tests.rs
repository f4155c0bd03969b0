use std::collections::BTreeMap;
use std::convert::Infallible;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

use super::*;

/// A log in memory, as a database keeps one.
#[derive(Default)]
struct Log {
    nodes: BTreeMap<Node, Hash>,
    size: u64,
}

impl Log {
    fn of(size: u64) -> Self {
        let mut log = Self::default();
        (0..size).for_each(|place| log.append(&entry(place)));
        log
    }

    fn append(&mut self, entry: &[u8]) {
        let leaf = leaf_hash(entry);
        let made = completed(self.size, leaf, |node| self.read(node)).unwrap();
        self.nodes.insert(Node { level: 0, place: self.size }, leaf);
        self.nodes.extend(made);
        self.size += 1;
    }

    fn read(&self, node: Node) -> Result<Hash, Infallible> {
        Ok(*self.nodes.get(&node).unwrap_or_else(|| panic!("{node:?} is not complete")))
    }

    fn root(&self, size: u64) -> Hash {
        root(size, |node| self.read(node)).unwrap()
    }

    fn consistency(&self, from: u64, to: u64) -> Vec<Hash> {
        consistency(from, to, |node| self.read(node)).unwrap()
    }

    fn inclusion(&self, place: u64, size: u64) -> Vec<Hash> {
        inclusion(place, size, |node| self.read(node)).unwrap()
    }
}

fn entry(place: u64) -> Vec<u8> {
    format!("entry {place}").into_bytes()
}

/// Somebody else's tree over the same entries.
fn judge(size: u64) -> MemoryBackedTree<sha2::Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|place| tree.push(entry(place)));
    tree
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The entries, roots and proofs with which implementations of RFC 6962 are compared with each other.
const KNOWN_ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const KNOWN_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn the_roots_of_the_known_entries_are_the_known_roots() {
    let (mut log, mut frontier) = (Log::default(), Frontier::default());
    for (place, known) in KNOWN_ROOTS.iter().enumerate() {
        assert_eq!(hex(&log.root(place as u64)), *known, "{place} entries");
        assert_eq!(hex(&frontier.root()), *known, "{place} entries, read through");
        if let Some(entry) = KNOWN_ENTRIES.get(place) {
            log.append(entry);
            frontier.push(leaf_hash(entry));
        }
    }
}

#[test]
fn every_root_and_every_proof_of_small_logs_is_as_somebody_elses() {
    let log = Log::of(40);
    for to in 1..=40 {
        let tree = judge(to);
        assert_eq!(log.root(to)[..], tree.root().as_bytes()[..]);
        for place in 0..to {
            assert_eq!(log.inclusion(place, to).concat(), tree.prove_inclusion(place as usize).as_bytes());
        }
        for from in 1..=to {
            let theirs = tree.prove_consistency((to - from) as usize);
            assert_eq!(log.consistency(from, to).concat(), theirs.as_bytes(), "{from} to {to}");
        }
    }
}

#[test]
fn every_proof_of_a_small_log_holds_and_no_other_does() {
    let log = Log::of(20);
    for to in 0..=20 {
        let root_to = log.root(to);
        for from in 0..=20 {
            let root_from = log.root(from);
            let proof = if from <= to { log.consistency(from, to) } else { Vec::new() };
            let holds = |proof: &[Hash]| verify_consistency((from, &root_from), (to, &root_to), proof);
            assert_eq!(holds(&proof), from <= to, "{from} to {to}");
            assert!(!holds(&[&proof[..], &[root_to]].concat()), "{from} to {to} with one hash more");
            assert!(proof.is_empty() || !holds(&proof[1..]), "{from} to {to} with one hash less");
            let other = leaf_hash(b"other");
            assert!(!verify_consistency((from, &other), (to, &root_to), &proof), "another beginning");
            assert!(from == 0 || !verify_consistency((from, &root_from), (to, &other), &proof));
        }
        for place in 0..to {
            let proof = log.inclusion(place, to);
            let leaf = leaf_hash(&entry(place));
            assert!(verify_inclusion(&leaf, place, to, &proof, &root_to));
            let elsewhere = (0..=to).filter(|other| *other != place);
            assert!(elsewhere.into_iter().all(|other| !verify_inclusion(&leaf, other, to, &proof, &root_to)));
            assert!(!verify_inclusion(&leaf_hash(b"other"), place, to, &proof, &root_to));
            assert!(!verify_inclusion(&leaf, place, to, &[&proof[..], &[leaf]].concat(), &root_to));
        }
    }
}

proptest! {
    #[test]
    fn proofs_of_larger_logs_hold_and_fail_with_a_bit_changed(
        size in 1_u64..1_500, from in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>(),
    ) {
        let log = Log::of(size);
        let from = from.index(size as usize) as u64 + 1;
        let mut frontier = Frontier::default();
        (0..size).for_each(|place| frontier.push(leaf_hash(&entry(place))));
        prop_assert_eq!(frontier.root(), log.root(size));
        let (old, new) = (log.root(from), log.root(size));
        let mut proof = log.consistency(from, size);
        prop_assert!(verify_consistency((from, &old), (size, &new), &proof));
        if !proof.is_empty() {
            let bit = bit.index(proof.len() * 256);
            proof[bit / 256][bit / 8 % 32] ^= 1 << (bit % 8);
            prop_assert!(!verify_consistency((from, &old), (size, &new), &proof));
        }
        let place = from - 1;
        prop_assert!(verify_inclusion(&leaf_hash(&entry(place)), place, size, &log.inclusion(place, size), &new));
    }

    #[test]
    fn a_proof_takes_a_few_reads_however_long_the_log_is(size in 1_u64..1 << 40, place in 0_u64..1 << 40) {
        let place = place % size;
        let mut reads = 0;
        let mut read = |_| { reads += 1; Ok::<_, Infallible>([0; 32]) };
        let proof = inclusion(place, size, &mut read).unwrap();
        consistency(place + 1, size, &mut read).unwrap();
        root(size, &mut read).unwrap();
        completed(size, [0; 32], &mut read).unwrap();
        prop_assert!(proof.len() <= 41 && reads <= 6 * 41, "{} reads", reads);
    }

    #[test]
    fn no_proof_makes_the_checks_panic(
        from: u64, to: u64, proof in prop::collection::vec(any::<Hash>(), 0..70), hash: Hash,
    ) {
        prop_assert!(!verify_consistency((from, &hash), (to, &hash), &proof) || from == to);
        prop_assert!(!verify_inclusion(&hash, from, to, &proof, &hash) || (to == 1 && proof.is_empty()));
    }
}
