//! Checking the file of an audit log against its own checkpoint and those that were kept before. It needs nothing but
//! the file, the checkpoints and the public key, and little memory however long the log is.

use std::io::{self, BufRead};

use super::finding::Finding;
use super::lines::{self, Line};
use crate::checkpoint::{Checkpoint, CheckpointKey};
use crate::merkle::{Frontier, Hash, leaf_hash};

/// What the file's own checkpoint is called.
const OWN: &str = "its own checkpoint";
/// Altered entries that are told one by one.
const TOLD_MAX: usize = 20;

/// A checkpoint that was kept before.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What it is called in a sentence.
    pub name: String,
    /// The note.
    pub note: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What the log is called.
    pub origin: String,
    /// By what it was checked: what was asked for, or else what the file names.
    pub key: Option<CheckpointKey>,
    /// How many entries there are.
    pub entries: u64,
    /// What is wrong. Where nothing is, the log is whole.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub const fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a file. Without `key` the one that the file names is believed, which proves nothing against whoever could
/// write the whole file.
///
/// # Errors
/// Where the file cannot be read; whatever stands in it is a finding.
pub fn verify(
    mut file: impl BufRead,
    key: Option<CheckpointKey>,
    earlier: &[Earlier],
) -> io::Result<Verdict> {
    let mut room = Vec::new();
    let first = lines::next(&mut file, &mut room)?.unwrap_or_default();
    let wrong = |finding| Ok(Verdict { findings: vec![finding], ..Verdict::default() });
    let header = match lines::header(first) {
        Ok(header) => header,
        Err(newer) => return wrong(if newer { Finding::Newer } else { Finding::NoLog }),
    };
    let Ok(named) = header.public_key.parse::<CheckpointKey>() else { return wrong(Finding::NoLog) };
    let mut check = Check::new(header.origin, key.unwrap_or(named));
    if key.is_some_and(|key| key != named) {
        check.findings.push(Finding::OtherKey { named });
    }
    earlier.iter().for_each(|earlier| check.expect(&earlier.name, &earlier.note));
    check.pass();
    let mut number = 1;
    while let Some(line) = lines::next(&mut file, &mut room)? {
        number += 1;
        if check.own.is_some() {
            check.findings.push(Finding::AfterTheEnd);
            break;
        }
        match lines::parse(line) {
            None => check.findings.push(Finding::NoEntry(number)),
            Some(Line::Entry { number, leaf, bytes }) => check.take(number, leaf, bytes),
            Some(Line::Checkpoint(note)) => check.own = Some(note),
        }
    }
    Ok(check.end())
}

/// A check in the middle of a file.
struct Check {
    origin: String,
    key: CheckpointKey,
    findings: Vec<Finding>,
    /// The tree over what stands there.
    tree: Frontier,
    /// The tree over the hashes that stand there: where it is the signed one, nothing is wrong but what is told.
    claimed: Frontier,
    altered: u64,
    /// The first entry that was not in its place, what stood there, and whether it came later.
    misplaced: Option<(u64, u64, bool)>,
    /// What was signed, and at which size both trees were: `None` until so many were read.
    expected: Vec<Expected>,
    own: Option<String>,
}

struct Expected {
    name: String,
    said: Checkpoint,
    met: Option<(Hash, Hash)>,
}

impl Check {
    fn new(origin: String, key: CheckpointKey) -> Self {
        Self {
            origin,
            key,
            findings: Vec::new(),
            tree: Frontier::default(),
            claimed: Frontier::default(),
            altered: 0,
            misplaced: None,
            expected: Vec::new(),
            own: None,
        }
    }

    /// Takes a checkpoint that the log must agree with.
    fn expect(&mut self, name: &str, note: &str) {
        let name = name.to_owned();
        match Checkpoint::open(note, &self.key) {
            Err(error) => self.findings.push(Finding::Checkpoint { name, error }),
            Ok(said) if said.origin != self.origin => {
                self.findings.push(Finding::OtherLog { name, origin: said.origin });
            }
            Ok(said) => self.expected.push(Expected { name, said, met: None }),
        }
    }

    /// Remembers the roots of this moment for whoever signed one of this size.
    fn pass(&mut self) {
        let size = self.tree.size();
        for expected in self.expected.iter_mut().filter(|expected| expected.said.size == size) {
            expected.met = Some((self.tree.root(), self.claimed.root()));
        }
    }

    fn take(&mut self, number: u64, claimed: Hash, bytes: &[u8]) {
        let leaf = leaf_hash(bytes);
        if leaf != claimed {
            self.altered += 1;
            if self.altered <= TOLD_MAX as u64 {
                self.findings.push(Finding::Altered(number));
            }
        }
        self.tree.push(leaf);
        self.claimed.push(claimed);
        let place = self.tree.size();
        match &mut self.misplaced {
            None if number != place => self.misplaced = Some((place, number, false)),
            Some((first, _, came_later)) if *first == number => *came_later = true,
            _ => {}
        }
        self.pass();
    }

    fn end(mut self) -> Verdict {
        if self.altered > TOLD_MAX as u64 {
            self.findings.push(Finding::MoreAltered(self.altered - TOLD_MAX as u64));
        }
        self.findings.extend(self.misplaced.map(|(place, found, came_later)| {
            match (came_later, found > place) {
                (_, false) => Finding::OutOfPlace(place, found),
                (true, true) => Finding::Reordered(place),
                (false, true) => Finding::Missing(place),
            }
        }));
        match self.own.take() {
            None => self.findings.push(Finding::NoCheckpoint),
            Some(note) => {
                self.expect(OWN, &note);
                self.pass();
            }
        }
        self.compare();
        let Self { origin, key, findings, tree, .. } = self;
        Verdict { origin, key: Some(key), entries: tree.size(), findings }
    }

    /// Compares what was signed with what was met, the shortest first: after one that differs the others must too.
    fn compare(&mut self) {
        self.expected.sort_by_key(|expected| expected.said.size);
        let entries = self.tree.size();
        let (mut known, mut differs) = (0, false);
        for Expected { name, said, met } in &self.expected {
            match met {
                None if said.size > entries => {
                    let (checkpoint, had) = (name.clone(), said.size);
                    self.findings.push(Finding::Truncated { entries, checkpoint, had });
                }
                // The file's own, of fewer entries than there are; that is told below.
                None => {}
                Some((tree, _)) if *tree == said.root => known = said.size,
                // The one altered entry, or several, were named already.
                Some((_, claimed)) if *claimed == said.root && self.altered > 0 => {}
                _ if differs => {}
                _ => {
                    differs = true;
                    // Two of the same size that differ: which of their entries do, nothing tells.
                    let from = if known < said.size { known + 1 } else { 1 };
                    let to = said.size;
                    self.findings.push(Finding::Different { from, to, checkpoint: name.clone() });
                }
            }
        }
        let own = self.expected.iter().find(|expected| expected.name == OWN);
        if let Some(signed) = own.map(|own| own.said.size).filter(|signed| *signed < entries) {
            self.findings.push(Finding::NotSigned { entries, signed });
        }
    }
}
