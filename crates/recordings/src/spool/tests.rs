use std::fs;
use std::sync::mpsc;

use super::*;
use crate::testing::{CANARY, House, chunk, click, snapshot};

#[test]
fn what_was_spooled_is_sealed_and_shows_nothing_of_a_page() {
    let house = House::new();
    house.spool(&[chunk("PPPPPPPPPPP", 0, &[&snapshot(1)])]);
    let [file] = &house.spooled()[..] else { panic!("one file") };
    let bytes = fs::read(file).unwrap();
    let shows = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for text in [CANARY, "textContent", "PPPPPPPPPPP", "AAAAAAAAAAAAAAAAAAAAAA", "/cart"] {
        assert!(!shows(text), "{text}");
    }
}

#[test]
fn every_chunk_of_a_file_is_found_again_and_an_altered_one_is_told_from_the_others() {
    let house = House::new();
    let click = click(2);
    house.spool(&[0, 1, 2].map(|number| chunk("PPPPPPPPPPP", number, &[&click])));
    let [file] = &house.spooled()[..] else { panic!("one file") };
    let bytes = fs::read(file).unwrap();
    let found = |bytes: &[u8]| {
        let mut frames = Frames::of(bytes).unwrap();
        let found: Vec<bool> = frames.by_ref().map(|found| matches!(found, Found::Chunk(_))).collect();
        (found, frames.torn)
    };
    assert_eq!(found(&bytes), (vec![true; 3], false));
    let mut altered = bytes.clone();
    let middle = bytes.len() / 2;
    altered[middle] ^= 1;
    assert_eq!(found(&altered).0, [true, false, true]);
    assert_eq!(found(&bytes[..bytes.len() - 1]), (vec![true; 2], true));
}

#[test]
fn a_file_of_a_newer_candor_is_told_from_a_damaged_one() {
    let mut header = frame::header();
    assert!(Frames::of(&header).is_ok());
    header[8] = 9;
    assert_eq!(Frames::of(&header).err(), Some(HeaderFault::NotOne));
    let checksum = crc32fast::hash(&header[..12]);
    header[12..].copy_from_slice(&checksum.to_le_bytes());
    assert_eq!(Frames::of(&header).err(), Some(HeaderFault::Newer(9)));
}

#[test]
fn a_file_that_is_rolled_is_closed_before_its_time() {
    let house = House::new();
    let spool = house.spool_that_lasts();
    let submit = |number| {
        let (sender, receiver) = mpsc::channel();
        let sealed = chunk("PPPPPPPPPPP", number, &[&click(2)]).seal(crate::testing::SITE, &house.seals());
        let done = Box::new(move |outcome| sender.send(outcome).unwrap());
        assert!(spool.submit(sealed.unwrap(), done).is_ok());
        receiver.recv().unwrap().unwrap();
    };
    submit(0);
    let (sender, receiver) = mpsc::channel();
    spool.roll(Box::new(move || sender.send(()).unwrap()));
    receiver.recv().unwrap();
    submit(1);
    assert_eq!(house.spooled().len(), 2);
}
