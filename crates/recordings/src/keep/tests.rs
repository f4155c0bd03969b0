use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, iter};

use super::*;
use crate::testing::{CANARY, House, NOW, SITE, chunk, click, meta, snapshot, whose};

const PAGE: &str = "PPPPPPPPPPP";

/// A visit of five chunks: a snapshot, clicks, another snapshot in the midst of a chunk, and one chunk that is missing.
fn visit() -> Vec<crate::Chunk> {
    let at = |seconds: i64| NOW.0 - 60_000 + seconds * 1_000;
    let first = chunk(PAGE, 0, &[&meta(at(0)), &snapshot(at(0)), &click(at(1))]);
    let second = chunk(PAGE, 1, &[&click(at(2)), &click(at(3))]);
    let third = chunk(PAGE, 2, &[&click(at(4)), &meta(at(5)), &snapshot(at(5)), &click(at(6))]);
    let fifth = chunk(PAGE, 4, &[&click(at(9))]);
    vec![first, second, third, fifth]
}

fn take_all_in(upkeep: &Upkeep) {
    while upkeep.take_in().unwrap() == Progress::Made {}
}

#[test]
fn a_visit_is_taken_in_with_its_pages_its_scenes_and_what_is_missing() {
    let house = House::new();
    house.spool(&visit());
    take_all_in(&house.upkeep());
    let index = Recordings::index(&house.book.parts(&whose())).unwrap();
    let [page] = &index.pages[..] else { panic!("one page: {:?}", index.pages) };
    assert_eq!((page.page.as_str(), page.path.as_str(), page.window), (PAGE, "/cart", Some((800, 600))));
    let scenes: Vec<(i64, i64, bool)> =
        index.scenes.iter().map(|scene| (scene.from.0 - NOW.0, scene.to.0 - NOW.0, scene.snapshot)).collect();
    assert_eq!(scenes, [(-60_000, -56_000, true), (-55_000, -51_000, true)]);
    assert_eq!(index.gaps, [Gap { page: PAGE.parse().unwrap(), first: 3, last: 3 }]);
    let Totals { pages, clicks, gaps, started_at, ended_at, .. } = index.totals;
    assert_eq!((pages, clicks, gaps), (1, 6, 1));
    assert_eq!((started_at.0 - NOW.0, ended_at.0 - NOW.0), (-60_000, -51_000));
    assert_eq!(index.checked.counts["text.seen"], 8, "what was checked of four chunks");
    assert!(house.spooled().is_empty());
}

#[test]
fn a_scene_is_given_from_its_snapshot_up_to_the_next_one() {
    let house = House::new();
    house.spool(&visit());
    take_all_in(&house.upkeep());
    let first = house.scene(&whose(), NOW.0 - 57_500);
    assert_eq!(first.lines().count(), 6, "{first}");
    assert!(first.lines().nth(1).unwrap().contains(CANARY), "{first}");
    let second = house.scene(&whose(), NOW.0 - 51_000);
    assert_eq!(second.lines().count(), 4, "{second}");
    assert_eq!(house.scene(&whose(), 0), first, "before everything is the first");
}

#[test]
fn a_chunk_that_comes_again_is_kept_once_in_one_file_or_in_two() {
    let house = House::new();
    let chunks = visit();
    let twice: Vec<_> = chunks.iter().chain(&chunks).cloned().collect();
    house.spool(&twice);
    take_all_in(&house.upkeep());
    house.spool(&chunks);
    take_all_in(&house.upkeep());
    let index = Recordings::index(&house.book.parts(&whose())).unwrap();
    assert_eq!((index.totals.clicks, index.scenes.len()), (6, 2));
}

#[test]
fn a_recording_is_taken_in_up_to_each_of_its_limits_and_not_beyond_it_in_one_file_or_in_two() {
    let chunks: Vec<_> = (0..4).map(|number| chunk(PAGE, number, &[&click(NOW.0)])).collect();
    let clicks = |limit: Size, files: &[&[crate::Chunk]]| {
        let house = House::new();
        for file in files {
            house.spool(file);
            while house.upkeep().limited(limit).take_in().unwrap() == Progress::Made {}
        }
        assert!(house.spooled().is_empty(), "what is not taken in does not wait");
        let parts = house.book.parts(&whose());
        if parts.is_empty() { 0 } else { Recordings::index(&parts).unwrap().totals.clicks }
    };
    let bytes = click(NOW.0).len() as u64 + 1;
    let most = Size::OF_RECORDING_MAX;
    for files in [&[&chunks[..]][..], &[&chunks[..2], &chunks[2..]]] {
        assert_eq!(clicks(most, files), 4);
        assert_eq!(clicks(Size { chunks: 3, ..most }, files), 3);
        assert_eq!(clicks(Size { events: 3 * bytes, ..most }, files), 3);
        assert_eq!(clicks(Size { events: 3 * bytes - 1, ..most }, files), 2);
        assert_eq!(clicks(Size { kept: 0, ..most }, files), 0);
    }
}

#[test]
fn another_visitor_who_gives_the_same_name_gets_another_recording() {
    let house = House::new();
    let mut forged = chunk(PAGE, 1, &[&click(NOW.0)]);
    forged.head.visitor = domain::VisitorId::from_u128(6);
    house.spool(&[chunk(PAGE, 0, &[&snapshot(NOW.0)]), forged]);
    take_all_in(&house.upkeep());
    assert_eq!(house.book.lock().known.len(), 2);
}

#[test]
fn what_is_stored_shows_nothing_of_a_page_and_opens_only_with_what_is_said_of_it() {
    let house = House::new();
    house.spool(&visit());
    take_all_in(&house.upkeep());
    let folder = house.path().join("recordings").join(SITE.to_string());
    for file in fs::read_dir(folder).unwrap().flatten() {
        let bytes = fs::read(file.path()).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()));
    }
    let mut parts = house.book.parts(&whose());
    let mut contents = Contents::read(&parts[0].contents).unwrap();
    contents.checked.counts.insert("text.seen".to_owned(), 0);
    parts[0].contents = contents.to_bytes();
    let refused = Recordings::index(&parts).unwrap_err();
    assert!(matches!(refused, RecordingsError::Damaged(_)), "{refused}");
}

#[test]
fn stopped_at_any_step_nothing_is_lost_and_nothing_doubled() {
    // At most so many steps are taken, which the last round sees.
    for stop_after in 0..12 {
        let house = House::new();
        house.spool(&visit());
        house.spool(&[chunk("QQQQQQQQQQQ", 0, &[&snapshot(NOW.0), &click(NOW.0)])]);
        let steps = Arc::new(AtomicUsize::new(0));
        let counted = steps.clone();
        let upkeep = house.upkeep_until(move || counted.fetch_add(1, Ordering::Relaxed) >= stop_after);
        let outcomes: Vec<_> = iter::repeat_with(|| upkeep.take_in())
            .take_while(|outcome| matches!(outcome, Ok(Progress::Made)))
            .collect();
        drop((outcomes, upkeep));
        take_all_in(&house.upkeep());
        house.upkeep().collect().unwrap();
        let index = Recordings::index(&house.book.parts(&whose())).unwrap();
        assert_eq!((index.totals.clicks, index.totals.pages), (7, 2), "stopped after {stop_after} steps");
        let known = house.book.objects().unwrap();
        let stored = house.recordings().stored().unwrap();
        assert_eq!(stored.len(), known.len(), "garbage is gone");
        assert!(house.spooled().is_empty() && house.book.spooled().unwrap().len() <= 1);
    }
}

#[test]
fn where_the_ledger_fails_the_file_stays_and_is_taken_in_later() {
    let house = House::new();
    house.spool(&visit());
    house.book.lock().fails = true;
    assert!(house.upkeep().take_in().is_err());
    assert_eq!(house.spooled().len(), 1);
    take_all_in(&house.upkeep());
    assert_eq!(Recordings::index(&house.book.parts(&whose())).unwrap().totals.clicks, 6);
}

#[test]
fn what_still_comes_of_a_recording_that_was_removed_is_let_go_of() {
    let house = House::new();
    house.spool(&visit());
    house.book.lock().removed.insert(whose());
    take_all_in(&house.upkeep());
    assert!(house.book.lock().known.is_empty() && house.spooled().is_empty());
}

#[test]
fn of_a_damaged_file_the_good_is_taken_in_and_the_file_is_kept_aside() {
    let house = House::new();
    house.spool(&visit());
    let [file] = &house.spooled()[..] else { panic!("one file") };
    let mut bytes = fs::read(file).unwrap();
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    fs::write(file, bytes).unwrap();
    take_all_in(&house.upkeep());
    assert_eq!(Recordings::index(&house.book.parts(&whose())).unwrap().totals.clicks, 5);
    let [kept] = &house.spooled()[..] else { panic!("one file") };
    assert!(kept.extension().is_some_and(|extension| extension == "damaged"));
}

#[test]
fn a_recording_that_is_over_is_put_together_and_tells_the_same_in_fewer_bytes() {
    let house = House::new();
    for chunk in visit() {
        house.spool(&[chunk]);
        take_all_in(&house.upkeep());
    }
    let before = Recordings::index(&house.book.parts(&whose())).unwrap();
    let scene = house.scene(&whose(), NOW.0 - 57_500);
    assert_eq!(house.upkeep().settle().unwrap(), Progress::Idle, "it is not over yet");
    house.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!(house.upkeep().settle().unwrap(), Progress::Made);
    assert_eq!(house.upkeep().settle().unwrap(), Progress::Idle);
    let parts = house.book.parts(&whose());
    assert_eq!(parts.len(), 1);
    let after = Recordings::index(&parts).unwrap();
    assert_eq!((&after.pages, &after.gaps, &after.checked), (&before.pages, &before.gaps, &before.checked));
    assert_eq!(house.scene(&whose(), NOW.0 - 57_500), scene);
    assert!(after.totals.bytes < before.totals.bytes, "{:?} {:?}", after.totals, before.totals);
    house.upkeep().collect().unwrap();
    assert_eq!(house.recordings().stored().unwrap().len(), 1);
    // What comes late is told from what is there.
    house.spool(&visit());
    take_all_in(&house.upkeep());
    assert_eq!(house.book.parts(&whose()).len(), 1);
}

/// A page that shows the same to all, a name to each, and something to some.
fn page_of(visitor: u128, words: &[String]) -> crate::Chunk {
    let node = |number: usize, text: &str| format!(r#"{{"type":3,"textContent":"{text}","id":{number}}}"#);
    let some = if visitor.is_multiple_of(2) { "shown to half of them, who are fewer" } else { "" };
    let name = format!("the name of {visitor}");
    let shown = words.iter().map(String::as_str).chain([&*name, some]).enumerate();
    let nodes: Vec<String> = shown.map(|(number, text)| node(number, text)).collect();
    let at = NOW.0 - 60_000;
    let snapshot =
        format!(r#"{{"type":2,"timestamp":{at},"data":{{"node":{{"childNodes":[{}]}}}}}}"#, nodes.join(","));
    let mut chunk = chunk(PAGE, 0, &[&meta(at), &snapshot, &click(at)]);
    chunk.head.visitor = domain::VisitorId::from_u128(visitor);
    chunk
}

#[test]
fn what_many_visitors_were_shown_is_kept_once_and_what_few_were_is_in_no_dictionary() {
    let house = House::new();
    let words: Vec<String> =
        (0..200_u64).map(|number| format!("{:x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let visitors = 30;
    for visitor in 0..visitors {
        house.spool(&[page_of(visitor, &words)]);
    }
    take_all_in(&house.upkeep());
    house.clock.advance(Duration::from_secs(60 * 60));
    let of = |visitor| ledger::Whose { visitor: domain::VisitorId::from_u128(visitor), ..whose() };
    let bytes = || {
        (0..visitors)
            .map(|visitor| Recordings::index(&house.book.parts(&of(visitor))).unwrap().totals.bytes)
            .sum::<u64>()
    };
    let (before, scene) = (bytes(), house.scene(&of(7), 0));
    assert_eq!(house.upkeep().learn().unwrap(), Progress::Made);
    assert_eq!(house.upkeep().learn().unwrap(), Progress::Idle, "once a week");
    assert_eq!(house.upkeep().settle().unwrap(), Progress::Made);
    house.upkeep().collect().unwrap();
    assert_eq!(house.scene(&of(7), 0), scene);
    assert!(bytes() * 5 < before, "{} of {before}", bytes());
    let name =
        house.book.dictionary(SITE, &domain::Text::clean("/cart", 100)).unwrap().expect("a dictionary");
    let dictionary = house.recordings().dictionaries(SITE, std::iter::once(&*name)).unwrap().remove(0);
    let holds = |text: &str| dictionary.bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&words[100]));
    assert!(!holds("the name of") && !holds("shown to half"));
    // Whoever is erased takes nothing away from the others.
    house.book.lock().known.remove(&of(3));
    house.upkeep().collect().unwrap();
    assert_eq!(house.scene(&of(7), 0), scene);
}

#[test]
fn of_fewer_visitors_nothing_is_learned() {
    let house = House::new();
    let words = vec!["the same to all".repeat(200)];
    for visitor in 0..19 {
        house.spool(&[page_of(visitor, &words)]);
    }
    take_all_in(&house.upkeep());
    house.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!(house.upkeep().learn().unwrap(), Progress::Idle);
}

#[test]
fn a_recording_that_is_damaged_holds_up_no_other() {
    let house = House::new();
    for visitor in [1, 2] {
        let mut chunks = visit();
        chunks.iter_mut().for_each(|chunk| chunk.head.visitor = domain::VisitorId::from_u128(visitor));
        house.spool(&chunks);
    }
    take_all_in(&house.upkeep());
    house.clock.advance(Duration::from_secs(60 * 60));
    let of = |visitor| ledger::Whose { visitor: domain::VisitorId::from_u128(visitor), ..whose() };
    let object = |visitor| house.book.parts(&of(visitor))[0].object.clone();
    let (damaged, good) = (object(1), object(2));
    let file = house.path().join(format!("recordings/{SITE}/{damaged}.recording"));
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    house.upkeep().settle().unwrap();
    assert_eq!(object(1), damaged, "it stays as it is");
    assert_ne!(object(2), good, "the other was put together");
}

#[test]
fn what_heatmaps_count_is_the_same_before_and_after_a_recording_is_put_together_and_then_its_events_are_not_read()
 {
    let house = House::new();
    let placed = |at: i64| {
        format!(
            r#"{{"type":3,"timestamp":{at},"data":{{"source":2,"type":2,"id":1,"x":1,"y":1,"el":7,"ex":5,"ey":5}}}}"#
        )
    };
    let of = |visitor| ledger::Whose { visitor: domain::VisitorId::from_u128(visitor), ..whose() };
    for visitor in [1, 2] {
        let mut chunks = visit();
        chunks[0].events.extend(format!("{}\n", placed(NOW.0 - 59_000)).into_bytes());
        chunks.iter_mut().for_each(|chunk| chunk.head.visitor = domain::VisitorId::from_u128(visitor));
        for chunk in chunks {
            house.spool(&[chunk]);
            take_all_in(&house.upkeep());
        }
    }
    let parts = |visitor| house.book.parts(&of(visitor));
    let traces = || house.recordings().traces(SITE, &[parts(1), parts(2)]).unwrap();
    let cost = |visitor| Recordings::trace_cost(&parts(visitor)).unwrap();
    let before = traces();
    let (any, screen) = (crate::Pattern::parse("/cart").unwrap(), crate::Screen::Tablet);
    assert_eq!(before[0].first_click(&any, screen, 7, None), Some(NOW.0 - 59_000));
    assert_eq!(before[0], before[1]);
    assert!(!cost(1).kept && cost(1).bytes > 600, "all its events: {:?}", cost(1));
    house.clock.advance(Duration::from_secs(60 * 60));
    house.upkeep().settle().unwrap();
    assert_eq!(traces(), before);
    assert!(cost(1).kept && cost(1).bytes < 200, "{:?}", cost(1));
    // What comes later is in it, too.
    let mut late = chunk(PAGE, 3, &[&placed(NOW.0 - 59_500)]);
    late.head.visitor = of(1).visitor;
    house.spool(&[late]);
    take_all_in(&house.upkeep());
    assert!(!cost(1).kept);
    assert_eq!(traces()[0].first_click(&any, screen, 7, None), Some(NOW.0 - 59_500));
    assert_eq!(traces()[1], before[1]);
}
