//! Everything that lies under a data directory and a folder for keys, and whether it goes into a backup: the whole list, so
//! that nothing is left out by accident.

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In every backup.
    Kept,
    /// In the backups of sites that want it.
    OfRecordings,
    /// In a set of its own, which is written anew whenever a key is destroyed.
    OfKeys,
    /// In no backup, for this reason.
    LeftOut(&'static str),
}

const DERIVED: &str = "it is made anew at every start";
const OF_PROCESSES: &str = "it belongs to the processes that run";
const IN_THE_MAKING: &str = "it holds what is in the making";
const ROOT: &str = "the root key is in no backup: whoever runs the server keeps it elsewhere";

/// By the first part of a path, in which a star stands for anything.
const LIST: &[(&str, Place)] = &[
    ("data/control.db", Place::Kept),
    ("data/control.db-wal", Place::LeftOut("what it holds is in control.db of the backup")),
    ("data/control.db-shm", Place::LeftOut(OF_PROCESSES)),
    ("data/control.db-sealing*", Place::LeftOut(OF_PROCESSES)),
    ("data/control.before-*", Place::LeftOut("it is a copy of before an upgrade")),
    ("data/journal", Place::Kept),
    ("data/segments", Place::Kept),
    ("data/spool", Place::LeftOut("it holds chunks of all sites together, for a second")),
    ("data/recordings", Place::OfRecordings),
    ("data/format.json", Place::Kept),
    ("data/format.json.tmp", Place::LeftOut(IN_THE_MAKING)),
    ("data/restored*", Place::LeftOut("it is taken in before anything is served")),
    ("data/restoring", Place::LeftOut(IN_THE_MAKING)),
    ("data/tmp", Place::LeftOut(IN_THE_MAKING)),
    ("data/lock", Place::LeftOut(OF_PROCESSES)),
    ("data/candor.sock", Place::LeftOut(OF_PROCESSES)),
    ("data/setup-token", Place::LeftOut(DERIVED)),
    ("data/operator-token", Place::LeftOut("it is an operator's sign-in")),
    ("data/blocked.nft*", Place::LeftOut(DERIVED)),
    ("keys/*.making", Place::LeftOut(IN_THE_MAKING)),
    ("data/*.making", Place::LeftOut(IN_THE_MAKING)),
    ("keys/keys.sealed", Place::OfKeys),
    ("keys/people.sealed", Place::Kept),
    ("keys/checkpoints.sealed", Place::Kept),
    ("keys/audit.log", Place::Kept),
    ("keys/root.*", Place::LeftOut(ROOT)),
    ("keys/lock", Place::LeftOut(OF_PROCESSES)),
    ("keys/break-glass", Place::LeftOut(OF_PROCESSES)),
];

/// The whole list: each path, in which a star stands for anything, and what becomes of it.
pub fn places() -> impl Iterator<Item = (&'static str, Place)> {
    LIST.iter().copied()
}

/// What becomes of a path such as `data/segments/1/a.parquet` or `keys/root.key`; `None` of one that nobody has thought of.
pub fn place_of(path: &str) -> Option<Place> {
    let mut parts = path.splitn(3, '/');
    let first = format!("{}/{}", parts.next()?, parts.next()?);
    let matches = |pattern: &str| match pattern.split_once('*') {
        Some((begin, end)) => first.starts_with(begin) && first.ends_with(end),
        None => first == pattern,
    };
    LIST.iter().find(|(pattern, _)| matches(pattern)).map(|(_, place)| *place)
}
