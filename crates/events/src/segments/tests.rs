use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Event, EventId, SiteId, Text, Timestamp};
use proptest::prelude::*;
use sealing::{ObjectId, Objects};

use super::*;
use crate::dictionary::Dictionaries;
use crate::rows::{Column, Run};
use crate::testing::{START, all_events, any_events, first_of_each_id, ring, some_event};

/// Where the segment of these tests lies.
fn place(folder: &Path) -> PathBuf {
    folder.join("1/a.parquet")
}

/// Writes `events` as a segment, and answers it as the catalog would know it.
fn written(folder: &Path, events: &[Event]) -> Encoded {
    let texts = Dictionaries::new();
    let encoded = encode(&Run::from_events(events, &texts, 1), &texts);
    std::fs::create_dir_all(folder.join("1")).unwrap();
    std::fs::write(place(folder), &encoded.bytes).unwrap();
    encoded
}

fn read_back(folder: &Path, bytes: u64, footer: u32) -> Result<Vec<Event>, SegmentError> {
    let texts = Dictionaries::new();
    let objects = Objects::in_folder(folder, FORM).unwrap();
    let id = ObjectId { site: SiteId(1), name: "a".to_owned() };
    let mut objects = objects.open_all(&[id], &*ring())?;
    let reader = SegmentReader::open(objects.remove(0), bytes, footer)?;
    let columns = reader.columns(&Column::ALL, &texts)?;
    let run = Run { spine: Arc::new(reader.spine()?), columns, arrival: 1 };
    Ok(all_events(&run, &texts))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_segment_gives_back_every_event_in_order(events in any_events(80)) {
        prop_assume!(!events.is_empty());
        let folder = tempfile::tempdir().unwrap();
        let encoded = written(folder.path(), &events);
        let back = read_back(folder.path(), encoded.bytes.len() as u64, encoded.footer).unwrap();
        prop_assert_eq!(back, first_of_each_id(&events));
    }

    #[test]
    fn a_flipped_bit_is_reported_with_the_files_name_and_never_served(
        events in any_events(40), part in 0.0_f64..1.0, bit in 0_u8..8,
    ) {
        prop_assume!(!events.is_empty());
        let folder = tempfile::tempdir().unwrap();
        let encoded = written(folder.path(), &events);
        let mut flipped = encoded.bytes.clone();
        let at = (flipped.len() as f64 * part) as usize;
        flipped[at] ^= 1 << bit;
        std::fs::write(place(folder.path()), &flipped).unwrap();
        match read_back(folder.path(), flipped.len() as u64, encoded.footer) {
            Err(error) => prop_assert!(error.to_string().contains("a.parquet is damaged"), "{error}"),
            // A chunk without a value in it is never read.
            Ok(back) => prop_assert_eq!(back, first_of_each_id(&events)),
        }
    }
}

#[test]
fn a_segment_cut_short_anywhere_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let encoded = written(folder.path(), &[some_event()]);
    for length in 0..encoded.bytes.len() {
        std::fs::write(place(folder.path()), &encoded.bytes[..length]).unwrap();
        let outcome = read_back(folder.path(), encoded.bytes.len() as u64, encoded.footer);
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains("a.parquet is damaged"), "{length}: {error}");
    }
}

/// What `fixtures/segments/format-1.parquet` was written from, by the Candor that wrote format 1.
fn events_of_the_fixture() -> Vec<Event> {
    let event = |second: i64, id: Option<u128>, path: &str| Event {
        at: Timestamp(START.0 + second * 1_000),
        id: id.map(EventId::from_u128),
        path: Text::clean(path, 100),
        ..some_event()
    };
    vec![event(0, Some(7), "/a"), event(60, None, "/b"), event(90_000, Some(8 << 70), "/c")]
}

#[test]
fn a_segment_of_the_first_format_is_read_with_its_ids() {
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/segments/format-1.parquet");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("1")).unwrap();
    std::fs::copy(fixture, place(folder.path())).unwrap();
    assert_eq!(read_back(folder.path(), 4652, 0x2f9f_6b4f).unwrap(), events_of_the_fixture());
}

#[test]
fn ids_take_room_only_in_rows_that_have_one() {
    let folder = tempfile::tempdir().unwrap();
    let bytes_with = |ids: u128| {
        let events: Vec<Event> = (0..1_000)
            .map(|row| Event {
                id: (row < ids).then(|| EventId::from_u128(row + 1)),
                at: Timestamp(START.0 + row as i64),
                ..some_event()
            })
            .collect();
        written(folder.path(), &events).bytes.len()
    };
    // Two more columns in the footer of each table, and a bit or so for each row.
    assert!(bytes_with(10) < bytes_with(0) + 10 * 16 + 1_024);
}
