//! What is signed of audit logs: one history of each, whoever asks.

use domain::audit::Log;
use sealing::merkle::{Frontier, Hash, Node, consistency, leaf_hash};
use sealing::protocol::{LastCheckpoint, LogState};
use sealing::{Checkpoint, CheckpointKey, Origin, Signer as _};

use super::*;

const LOG: Log = Log(3);

/// The first `size` entries of the history of this name.
fn root_of(history: &str, size: u64) -> Hash {
    let mut tree = Frontier::default();
    (0..size).for_each(|place| tree.push(leaf_hash(format!("{history} {place}").as_bytes())));
    tree.root()
}

fn state(history: &str, from: u64, size: u64) -> LogState {
    let read = |node: Node| {
        let mut tree = Frontier::default();
        let begin = node.place << node.level;
        (begin..begin + (1 << node.level))
            .for_each(|place| tree.push(leaf_hash(format!("{history} {place}").as_bytes())));
        Ok::<_, std::convert::Infallible>(tree.root())
    };
    let consistency = if from <= size { consistency(from, size, read).unwrap() } else { vec![] };
    LogState { log: LOG, size, root: root_of(history, size), consistency }
}

fn last(keeper: &Keeper) -> LastCheckpoint {
    match keeper.answer(Peer::App, Some(Request::LastCheckpoint(LOG))) {
        Answer::LastCheckpoint(last) => last,
        other => panic!("{}", word(&other)),
    }
}

fn sign(keeper: &Keeper, state: LogState) -> Result<String, String> {
    match keeper.answer(Peer::App, Some(Request::SignCheckpoint(state))) {
        Answer::Checkpoint(note) => Ok(note),
        other => Err(word(&other)),
    }
}

fn key(keeper: &Keeper) -> CheckpointKey {
    last(keeper).key
}

#[test]
fn a_log_that_only_grew_is_signed_and_one_that_shrank_or_forked_is_not() {
    let house = House::new();
    let keeper = house.keeper();
    let note = sign(&keeper, state("true", 0, 5)).unwrap();
    let said = Checkpoint::open(&note, &key(&keeper)).unwrap();
    let origin = Origin::of(last(&keeper).environment, LOG.0).as_str().to_owned();
    assert_eq!(said, Checkpoint { origin, size: 5, root: root_of("true", 5) });
    assert_eq!(sign(&keeper, state("true", 5, 5)).unwrap(), note, "asked twice it is the same");
    sign(&keeper, state("true", 5, 9)).unwrap();
    drop(keeper);
    let keeper = house.keeper();
    let known = last(&keeper);
    assert_eq!((known.size, known.root), (9, root_of("true", 9)));
    for (what, refused) in [
        ("shorter", state("true", 9, 8)),
        ("of the same length", state("false", 9, 9)),
        ("longer", state("false", 9, 12)),
        ("a proof from elsewhere", state("true", 4, 12)),
        ("none", LogState { consistency: vec![], ..state("true", 9, 12) }),
        ("begun anew", state("false", 0, 1)),
    ] {
        assert_eq!(sign(&keeper, refused).unwrap_err(), "parted", "{what}");
    }
    sign(&keeper, state("true", 9, 12)).unwrap();
}

#[test]
fn every_log_has_its_own_history() {
    let house = House::new();
    let keeper = house.keeper();
    sign(&keeper, state("one", 0, 5)).unwrap();
    let other = LogState { log: Log(4), ..state("other", 0, 2) };
    sign(&keeper, other).unwrap();
    assert_eq!(last(&keeper).size, 5);
}

#[test]
fn a_process_that_faces_the_internet_has_nothing_signed() {
    let house = House::new();
    let keeper = house.keeper();
    for asked in [Request::LastCheckpoint(LOG), Request::SignCheckpoint(state("true", 0, 1))] {
        assert_eq!(word(&keeper.answer(Peer::Edge, Some(asked))), "denied");
    }
    let longer = LogState { consistency: vec![[0; 32]; PROOF_MAX + 1], ..state("true", 0, 1) };
    assert_eq!(sign(&keeper, longer).unwrap_err(), "malformed");
}

#[test]
fn what_cannot_be_remembered_or_written_down_is_not_signed() {
    let house = House::new();
    let keeper = house.keeper();
    // A folder where the file would be made.
    std::fs::create_dir(house.keys().join("checkpoints.making")).unwrap();
    assert_eq!(sign(&keeper, state("true", 0, 1)).unwrap_err(), "unable");
    assert_eq!(last(&keeper).size, 0);
    std::fs::remove_dir(house.keys().join("checkpoints.making")).unwrap();
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    keeper.lock().audit.replace_file(full);
    assert_eq!(sign(&keeper, state("true", 0, 1)).unwrap_err(), "unable");
}

#[test]
fn what_was_signed_cannot_be_put_back_forgotten_or_altered() {
    let house = House::new();
    let file = house.keys().join("checkpoints.sealed");
    let keeper = house.keeper();
    sign(&keeper, state("true", 0, 5)).unwrap();
    let older = std::fs::read(&file).unwrap();
    sign(&keeper, state("true", 5, 6)).unwrap();
    let newest = std::fs::read(&file).unwrap();
    drop(keeper);
    let refusal = || Keeper::open(&house.parts()).err().expect("a refusal").to_string();
    std::fs::write(&file, older).unwrap();
    let refused = refusal();
    assert!(
        refused.contains("checkpoints.sealed is missing, or older") && refused.contains("audit log 3"),
        "{refused}"
    );
    std::fs::remove_file(&file).unwrap();
    assert!(refusal().contains("checkpoints.sealed is missing, or older"));
    for at in 0..newest.len() {
        let mut altered = newest.clone();
        altered[at] ^= 1;
        std::fs::write(&file, altered).unwrap();
        assert!(refusal().contains("checkpoints.sealed"), "byte {at}");
    }
    std::fs::write(&file, newest).unwrap();
    assert_eq!(last(&house.keeper()).size, 6);
}

#[test]
fn the_key_that_signs_outlives_the_root_key() {
    let house = House::new();
    let keeper = house.keeper();
    let note = sign(&keeper, state("true", 0, 5)).unwrap();
    let before = key(&keeper);
    drop(keeper);
    std::fs::write(house.keys().join("rotate-root"), "").unwrap();
    let keeper = house.keeper();
    assert_eq!(key(&keeper), before);
    assert_eq!(sign(&keeper, state("true", 5, 5)).unwrap(), note);
}

#[test]
fn a_client_has_a_log_signed_and_hears_where_it_is_another() {
    let house = House::new();
    let keeper = house.keeper();
    let (client, _line) = client_of(&keeper, Peer::Worker);
    let note = client.sign_checkpoint(state("true", 0, 5)).unwrap().expect("a note");
    let last = client.last_checkpoint(LOG).unwrap();
    assert_eq!((last.size, last.root), (5, root_of("true", 5)));
    assert_eq!(Checkpoint::open(&note, &last.key).unwrap().size, 5);
    assert_eq!(client.sign_checkpoint(state("false", 5, 7)).unwrap(), None);
    let (client, _line) = client_of(&keeper, Peer::Edge);
    assert!(matches!(client.sign_checkpoint(state("true", 5, 7)), Err(OpenError::Denied(_))));
}

#[test]
fn receipts_are_signed_for_the_worker_alone_by_a_key_that_outlives_the_keeper_and_signs_no_logs() {
    let house = House::new();
    let keeper = house.keeper();
    let ask = |keeper: &Keeper, peer, said: &str| match keeper
        .answer(peer, Some(Request::SignReceipt(said.to_owned())))
    {
        Answer::Receipt(note) => Ok(note),
        other => Err(word(&other)),
    };
    let note = ask(&keeper, Peer::Worker, "events: 3\n").unwrap();
    let (said, by) = sealing::open_receipt(&note, None).unwrap();
    assert!(said.ends_with("\nevents: 3\n"), "{said}");
    assert_ne!(by, key(&keeper));
    assert_eq!(ask(&keeper, Peer::Worker, "no line").unwrap_err(), "malformed");
    for peer in [Peer::App, Peer::Edge] {
        assert_eq!(ask(&keeper, peer, "events: 3\n").unwrap_err(), "denied");
    }
    drop(keeper);
    assert_eq!(ask(&house.keeper(), Peer::Worker, "events: 3\n").unwrap(), note);
}
