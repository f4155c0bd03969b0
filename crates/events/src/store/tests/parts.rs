//! Reports about a part of a site's visitors.

use domain::VisitorId;
use serde_json::{Value as Json, json};

use super::*;
use crate::query::{Calendar, Query};
use crate::rows::VisitorKey;
use crate::{BUCKET_BITS_MAX, BucketError};

fn query() -> Query {
    let calendar = Calendar { zone: "UTC".parse().unwrap(), now: START + 60 * DAY, first_event: Some(START) };
    let asked =
        json!({ "site_id": "x", "metrics": ["visitors", "pageviews", "events"], "date_range": "all" });
    Query::parse(&asked, &calendar).unwrap()
}

fn numbers(store: &Store, whose: Bucket) -> [u64; 3] {
    let (answers, _) = store.answer_of(whose, SITE, &[query()], 2).unwrap();
    let told: Json = serde_json::to_value(&answers[0]).unwrap();
    [0, 1, 2].map(|metric| told["results"][0]["metrics"][metric].as_u64().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_parts_of_the_visitors_together_have_what_the_site_has(events in any_events(60), bits in 0_u8..6) {
        let mut events = events;
        // The ids of made-up visitors differ at their ends.
        events.iter_mut().for_each(|event| {
            event.visitor = VisitorId::from_u128(VisitorKey::from(event.visitor).0.reverse_bits());
        });
        let house = House::at(START);
        let (absorbed, waiting) = events.split_at(events.len() / 2);
        house.commit(absorbed);
        house.settle(Pace::Gradual);
        house.commit(waiting);
        let whole = numbers(&house.store, Bucket::ALL);
        let mut together = [0; 3];
        for part in Bucket::split(bits) {
            let part = numbers(&house.store, part);
            together.iter_mut().zip(part).for_each(|(all, part)| *all += part);
        }
        prop_assert_eq!(together, whole);
        prop_assert!(house.store.rows_for(SITE, &query()).unwrap() >= whole[2]);
    }

    #[test]
    fn a_part_is_read_as_it_is_shown(bits in 0..=BUCKET_BITS_MAX, prefix in any::<u32>()) {
        let part = Bucket::split(bits).nth(prefix as usize % (1 << bits)).unwrap();
        prop_assert_eq!(part.to_string().len(), usize::from(bits));
        prop_assert_eq!(part.to_string().parse(), Ok(part));
    }
}

#[test]
fn a_part_is_told_in_zeros_and_ones_and_not_in_too_many() {
    let longest = "01".repeat(usize::from(BUCKET_BITS_MAX) / 2);
    assert!(longest.parse::<Bucket>().is_ok());
    for wrong in [format!("{longest}0"), "012".to_owned(), "é".to_owned(), " 1".to_owned()] {
        assert_eq!(wrong.parse::<Bucket>(), Err(BucketError), "{wrong}");
    }
    assert_eq!("".parse(), Ok(Bucket::ALL));
}
