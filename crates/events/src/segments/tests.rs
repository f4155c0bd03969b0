use std::path::Path;
use std::sync::Arc;

use domain::Event;
use proptest::prelude::*;

use super::*;
use crate::dictionary::Dictionaries;
use crate::rows::{Column, Run};
use crate::testing::{all_events, any_events, first_of_each_id};

/// Writes `events` as a segment, and answers it as the catalog would know it.
fn written(path: &Path, events: &[Event]) -> Encoded {
    let texts = Dictionaries::new();
    let encoded = encode(&Run::from_events(events, &texts, 1), &texts);
    std::fs::write(path, &encoded.bytes).unwrap();
    encoded
}

fn read_back(path: &Path, bytes: u64, footer: u32) -> Result<Vec<Event>, SegmentError> {
    let texts = Dictionaries::new();
    let reader = SegmentReader::open(path, bytes, footer)?;
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
        let path = folder.path().join("a.parquet");
        let encoded = written(&path, &events);
        let back = read_back(&path, encoded.bytes.len() as u64, encoded.footer).unwrap();
        prop_assert_eq!(back, first_of_each_id(&events));
    }

    #[test]
    fn a_flipped_bit_is_reported_with_the_files_name_and_never_served(
        events in any_events(40), place in 0.0_f64..1.0, bit in 0_u8..8,
    ) {
        prop_assume!(!events.is_empty());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let encoded = written(&path, &events);
        let mut flipped = encoded.bytes.clone();
        let at = (flipped.len() as f64 * place) as usize;
        flipped[at] ^= 1 << bit;
        std::fs::write(&path, &flipped).unwrap();
        match read_back(&path, flipped.len() as u64, encoded.footer) {
            Err(error) => prop_assert!(error.to_string().contains("a.parquet is damaged"), "{error}"),
            // A chunk without a value in it is never read; the magic at the start says nothing.
            Ok(back) => prop_assert_eq!(back, first_of_each_id(&events)),
        }
    }
}

#[test]
fn a_segment_cut_short_anywhere_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let encoded = written(&path, &[crate::testing::some_event()]);
    for length in 0..encoded.bytes.len() {
        std::fs::write(&path, &encoded.bytes[..length]).unwrap();
        let outcome = read_back(&path, encoded.bytes.len() as u64, encoded.footer);
        assert!(matches!(outcome, Err(SegmentError::Damaged { .. })), "{length}");
    }
}
