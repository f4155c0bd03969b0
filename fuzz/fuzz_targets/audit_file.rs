//! Anything may stand in the file of an audit log and in a checkpoint: it is checked or refused, never with a panic, and what
//! nobody signed is never whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sealing::audit_file::{Earlier, verify};
use sealing::{Checkpoint, CheckpointKey};

/// Nobody has what signs for it.
const KEY: CheckpointKey = CheckpointKey([7; 32]);

fuzz_target!(|input: &[u8]| {
    let (file, note) = input.split_at(input.len() / 2);
    let note = String::from_utf8_lossy(note).into_owned();
    assert!(Checkpoint::open(&note, &KEY).is_err());
    let _ = note.parse::<CheckpointKey>();
    let earlier = [Earlier { name: "kept".to_owned(), note }];
    for key in [None, Some(KEY)] {
        for file in [file, input] {
            let verdict = verify(file, key, &earlier).expect("bytes in memory can be read");
            assert!(key.is_none() || !verdict.is_whole());
        }
    }
});
