use proptest::prelude::*;

use super::*;
use crate::dictionary::Dictionaries;
use crate::rows::Run;
use crate::testing::some_event;
use domain::Event;

fn id(number: u128) -> VisitorId {
    VisitorId::from_u128(number << 70 | 0x4000 << 64 | number)
}

fn key(number: u128) -> VisitorKey {
    id(number).into()
}

fn said(merged: &[(u128, u128)], restricted: &[u128]) -> Moves {
    Moves::of(&Aliases {
        version: 1,
        merged: merged.iter().map(|(from, to)| (id(*from), id(*to))).collect(),
        restricted: restricted.iter().map(|who| id(*who)).collect(),
    })
}

#[test]
fn everybody_in_a_chain_is_counted_as_its_end() {
    let moves = said(&[(1, 2), (2, 3), (3, 4), (5, 4)], &[]);
    for who in [1, 2, 3, 4, 5] {
        assert_eq!(moves.counts_as(key(who)), Some(key(4)));
    }
    assert_eq!(moves.leads_to(key(1)), Some(key(4)));
    assert_eq!(moves.leads_to(key(4)), None, "who is itself leads nowhere");
    assert_eq!(moves.counts_as(key(6)), Some(key(6)));
}

#[test]
fn whoever_is_a_restricted_visitor_is_in_no_report_by_whichever_id_that_was_said() {
    for restricted in [1, 2, 3] {
        let moves = said(&[(1, 3), (2, 3), (4, 5)], &[restricted]);
        for who in [1, 2, 3] {
            assert_eq!(moves.counts_as(key(who)), None);
        }
        assert_eq!(moves.counts_as(key(4)), Some(key(5)));
        assert_eq!(moves.leads_to(key(1)), Some(key(3)), "it is known who they are all the same");
        assert_eq!(moves.leads_to(key(3)), None);
    }
}

#[test]
fn a_ring_that_a_damaged_list_holds_ends() {
    let moves = said(&[(1, 2), (2, 1), (3, 1)], &[]);
    assert!(moves.counts_as(key(3)).is_some());
}

#[test]
fn nothing_said_is_nobody_moved() {
    assert!(said(&[], &[]).is_empty());
    assert_eq!(Moves::of(&Aliases::default()), Moves::default());
}

proptest! {
    #[test]
    fn a_run_tells_who_in_it_is_counted_as_whom_and_who_as_themselves(
        here in proptest::collection::btree_set(0_u128..60, 0..40),
        merged in proptest::collection::btree_map(0_u128..30, 30_u128..60, 0..30),
        restricted in proptest::collection::vec(0_u128..60, 0..3),
        part in (0_u32..40, 0_u32..40),
    ) {
        let merged: Vec<_> = merged.into_iter().collect();
        let moves = said(&merged, &restricted);
        let events: Vec<Event> = here.iter().map(|who| Event { visitor: id(*who), ..some_event() }).collect();
        let run = Run::from_events(&events, &Dictionaries::new(), 0);
        let visitors = &run.spine.visitors;
        let moved = moves.in_run(&run.spine);
        let itself = |place: &u32| {
            let who = visitors[*place as usize];
            moves.counts_as(who) == Some(who)
        };
        let part = part.0.min(part.1).min(visitors.len() as u32)..part.0.max(part.1).min(visitors.len() as u32);
        let stretches: Vec<_> = moved.around(part.clone()).collect();
        prop_assert!(stretches.iter().all(|stretch| !stretch.is_empty()));
        let found: Vec<u32> = stretches.into_iter().flatten().collect();
        prop_assert_eq!(found, part.filter(itself).collect::<Vec<_>>());
        let mut arriving: Vec<_> = (0..).zip(visitors)
            .filter_map(|(place, who)| Some((moves.counts_as(*who).filter(|to| to != who)?, place)))
            .collect();
        arriving.sort_unstable();
        let (from, to) = (key(40), key(50));
        prop_assert_eq!(moved.arriving(VisitorKey(0), None), &arriving[..]);
        arriving.retain(|(to_whom, _)| from <= *to_whom && *to_whom < to);
        prop_assert_eq!(moved.arriving(from, Some(to.max(from))), &arriving[..]);
    }
}
