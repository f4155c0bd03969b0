use domain::Counting;
use proptest::prelude::*;

use super::*;
use crate::checkpoint::{Checkpoint, SigningKey};
use crate::key::Key;
use crate::label::Environment;
use crate::merkle::{Frontier, leaf_hash};

fn key(number: u64) -> SigningKey {
    SigningKey::of_seed(&Key::random(&Counting::from(number)))
}

fn origin() -> Origin {
    Origin::of(Environment(9), 1)
}

fn entry(number: u64) -> String {
    format!(r#"{{"number":{number},"at":{},"act":"site_add"}}"#, 1_000 + number)
}

/// The checkpoint of a log of so many entries.
fn note(size: u64) -> String {
    let mut tree = Frontier::default();
    (1..=size).for_each(|number| tree.push(leaf_hash(entry(number).as_bytes())));
    Checkpoint::sign(&origin(), size, &tree.root(), &key(1))
}

fn line_of(number: u64) -> String {
    let entry = entry(number);
    entry_line(&leaf_hash(entry.as_bytes()), &entry)
}

/// The lines of a file of so many entries.
fn lines(size: u64) -> Vec<String> {
    let mut lines = vec![first_line(&origin(), 1, &key(1).public())];
    lines.extend((1..=size).map(line_of));
    lines.push(last_line(&note(size)));
    lines
}

fn earlier(size: u64) -> Earlier {
    Earlier { name: format!("the checkpoint of {size}"), note: note(size) }
}

fn found(lines: &[String], kept: &[Earlier]) -> Vec<String> {
    let verdict = verify(lines.concat().as_bytes(), Some(key(1).public()), kept).unwrap();
    verdict.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_log_is_whole_and_a_continuation_of_every_earlier_checkpoint() {
    for size in 0..20 {
        let kept: Vec<Earlier> = (0..=size).map(earlier).collect();
        assert_eq!(found(&lines(size), &kept), [] as [&str; 0], "{size} entries");
    }
}

#[test]
fn an_entry_that_was_altered_is_named() {
    let mut altered = lines(9);
    altered[4] = altered[4].replace("site_add", "site_end");
    assert_eq!(found(&altered, &[earlier(6)]), ["entry 4 is not as it was written"]);
}

#[test]
fn an_entry_that_was_altered_together_with_its_hash_lies_between_two_checkpoints() {
    let mut altered = lines(9);
    let other = entry(5).replace("site_add", "site_end");
    altered[5] = entry_line(&leaf_hash(other.as_bytes()), &other);
    assert_eq!(
        found(&altered, &[earlier(4), earlier(6)]),
        ["entries 5 to 6 are not all what they were when the checkpoint of 6 was signed"]
    );
    assert_eq!(
        found(&altered, &[earlier(4), earlier(5)]),
        ["entry 5 is not what it was when the checkpoint of 5 was signed"]
    );
    assert_eq!(
        found(&altered, &[]),
        ["entries 1 to 9 are not all what they were when its own checkpoint was signed"]
    );
}

#[test]
fn a_missing_a_moved_and_a_repeated_entry_are_named() {
    let told = |change: fn(&mut Vec<String>)| {
        let mut lines = lines(9);
        change(&mut lines);
        found(&lines, &[])[0].clone()
    };
    assert_eq!(told(|lines| drop(lines.remove(3))), "entry 3 is missing");
    assert_eq!(told(|lines| lines.swap(3, 4)), "entry 3 stands after one that was written later");
    assert_eq!(
        told(|lines| lines.insert(4, line_of(3))),
        "where entry 4 should be stands entry 3 a second time"
    );
}

#[test]
fn a_log_that_was_truncated_is_shorter_than_its_checkpoints() {
    let mut short = lines(57);
    short.drain(42..58);
    assert_eq!(
        found(&short, &[earlier(41)]),
        [
            "this log has 41 entries, its own checkpoint had 57: the last were taken away, or an older database was \
             put back"
        ]
    );
    // An older log that is whole in itself.
    assert_eq!(
        found(&lines(41), &[earlier(57)]),
        [
            "this log has 41 entries, the checkpoint of 57 had 57: the last were taken away, or an older database was \
             put back"
        ]
    );
    let cut: Vec<String> = lines(9).into_iter().take(6).collect();
    assert_eq!(
        found(&cut, &[]),
        ["the file does not end with a checkpoint: it was cut short, or nobody signed it"]
    );
}

#[test]
fn what_nobody_signed_is_told() {
    let mut more = lines(9);
    more.insert(10, line_of(10));
    assert_eq!(found(&more, &[earlier(9)]), ["this log has 10 entries, of which only 9 were signed"]);
    let mut after = lines(9);
    after.push(line_of(10));
    assert_eq!(found(&after, &[]), ["something follows the checkpoint, where the file should end"]);
}

#[test]
fn a_log_that_another_key_signed_is_refused_whatever_key_the_file_names() {
    let mut forged = lines(9);
    let root = Checkpoint::open(&note(9), &key(1).public()).unwrap().root;
    forged[0] = first_line(&origin(), 1, &key(2).public());
    forged[10] = last_line(&Checkpoint::sign(&origin(), 9, &root, &key(2)));
    let told = found(&forged, &[]);
    assert!(told[0].starts_with("the file names another public key"), "{told:?}");
    assert_eq!(told[1], "its own checkpoint does not count: it is signed by another key");
    // Who has no key to check it by has the checkpoints that were kept.
    let verdict = verify(forged.concat().as_bytes(), None, &[earlier(5)]).unwrap();
    assert_eq!(
        verdict.findings[0].to_string(),
        "the checkpoint of 5 does not count: it is signed by another key"
    );
}

#[test]
fn a_checkpoint_of_another_log_is_not_taken_for_this_ones() {
    let root = Checkpoint::open(&note(9), &key(1).public()).unwrap().root;
    let note = Checkpoint::sign(&Origin::of(Environment(9), 2), 9, &root, &key(1));
    let other = Earlier { name: "other.txt".to_owned(), note };
    let of = format!("other.txt is of another log, {}", Origin::of(Environment(9), 2).as_str());
    assert_eq!(found(&lines(9), &[other]), [of]);
}

#[test]
fn of_many_altered_entries_the_first_are_named_and_the_rest_counted() {
    let mut altered = lines(50);
    altered[1..=50].iter_mut().for_each(|line| *line = line.replace("site_add", "site_end"));
    let told = found(&altered, &[]);
    assert_eq!(told.len(), 21);
    assert_eq!(told[20], "30 more entries are not as they were written");
}

#[test]
fn what_is_no_log_is_told_and_a_line_may_be_of_any_length() {
    let first = |text: &str| verify(text.as_bytes(), None, &[]).unwrap().findings[0].clone();
    assert_eq!(first(""), Finding::NoLog);
    assert_eq!(first("{}\n"), Finding::NoLog);
    assert_eq!(first("{\"candor_audit_log\":2,\"more\":1}\n"), Finding::Newer);
    let mut long = lines(3);
    long.insert(2, "x".repeat(3 * LINE_BYTES_MAX) + "\n");
    assert_eq!(found(&long, &[]), ["line 3 is not an entry"]);
}

#[derive(Clone, Copy, Debug)]
enum Harm {
    Edit(usize),
    Delete,
    Swap(usize),
    Repeat,
    Truncate,
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        (0_usize..1_000).prop_map(Harm::Edit),
        Just(Harm::Delete),
        (1_usize..40).prop_map(Harm::Swap),
        Just(Harm::Repeat),
        Just(Harm::Truncate),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_to_the_entries_an_earlier_checkpoint_shows_it_though_the_key_is_the_thiefs(
        size in 2_u64..40, at in any::<prop::sample::Index>(), harm in harm(),
    ) {
        let at = at.index(size as usize);
        let mut entries: Vec<String> = (1..=size).map(entry).collect();
        match harm {
            Harm::Edit(bit) => {
                let mut bytes = entries[at].clone().into_bytes();
                let bit = bit % (bytes.len() * 7);
                bytes[bit / 7] ^= 1 << (bit % 7);
                entries[at] = String::from_utf8(bytes).unwrap();
            }
            Harm::Delete => drop(entries.remove(at)),
            Harm::Swap(far) => {
                let other = (at + far) % size as usize;
                prop_assume!(other != at);
                entries.swap(at, other);
            }
            Harm::Repeat => entries.insert(at, entries[at].clone()),
            Harm::Truncate => entries.truncate(at),
        }
        // Everything after it is made to fit, the signature too.
        let mut tree = Frontier::default();
        let mut lines = vec![first_line(&origin(), 1, &key(1).public())];
        for entry in &entries {
            let leaf = leaf_hash(entry.as_bytes());
            tree.push(leaf);
            lines.push(entry_line(&leaf, entry));
        }
        lines.push(last_line(&Checkpoint::sign(&origin(), tree.size(), &tree.root(), &key(1))));
        prop_assert!(!found(&lines, &[earlier(size)]).is_empty());
    }

    #[test]
    fn nothing_that_stands_in_a_file_makes_the_check_panic(
        at in 0_usize..6, text in "\\PC{0,80}", cut in any::<prop::sample::Index>(),
    ) {
        let mut lines = lines(4);
        lines[at] = text;
        let file = lines.concat();
        let cut = cut.index(file.len() + 1);
        verify(&file.as_bytes()[..cut], None, &[earlier(2)]).unwrap();
    }
}
