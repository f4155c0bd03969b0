use super::*;
use crate::dictionary::Dictionaries;
use crate::testing::{all_events, any_events, first_of_each_id};
use proptest::prelude::*;

fn everyone() -> std::ops::RangeInclusive<VisitorKey> {
    VisitorKey(0)..=VisitorKey(u128::MAX)
}

proptest! {
    #[test]
    fn events_come_back_from_rows_in_order_each_id_once(events in any_events(60)) {
        let texts = Dictionaries::new();
        let run = Run::from_events(&events, &texts, 1);
        prop_assert_eq!(all_events(&run, &texts), first_of_each_id(&events));
    }

    #[test]
    fn runs_cut_anywhere_merge_into_the_run_of_all(events in any_events(60), cut in 0_usize..60) {
        let texts = Dictionaries::new();
        let (before, after) = events.split_at(cut.min(events.len()));
        let parts = [Run::from_events(before, &texts, 1), Run::from_events(after, &texts, 2)];
        let spines = [&*parts[0].spine, &*parts[1].spine];
        let order = merge_order(&spines, &everyone());
        let spine = order.spine(&spines);
        let columns = Column::ALL.into_iter().map(|column| {
            let codes = parts.each_ref().map(|part| &**part.column(column).unwrap());
            (column, Arc::new(merge_codes(&codes, &order.from)))
        });
        let merged = Run { spine: Arc::new(spine), columns: columns.collect(), arrival: 1 };
        prop_assert_eq!(all_events(&merged, &texts), first_of_each_id(&events));
    }

    #[test]
    fn a_visitors_place_in_the_order_leads_back_to_the_visitor(bits: u128) {
        let visitor = VisitorId::from_u128(bits);
        prop_assert_eq!(VisitorId::from(VisitorKey::from(visitor)), visitor);
    }
}
