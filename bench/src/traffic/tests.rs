use std::collections::HashMap;

use super::*;

fn traffic(visitors: &[u32], daily_ids: bool) -> Vec<Row> {
    let start = Timestamp(20_000 * DAY_MS);
    let traffic = Traffic::new(Plan { seed: 1, start, days: 20, visitors: visitors.to_vec(), daily_ids });
    (0..traffic.days()).flat_map(|day| traffic.day(day)).collect()
}

#[test]
fn visits_cut_at_thirty_minutes_are_those_with_ready_ids() {
    let mut rows = traffic(&[2_000], false);
    rows.sort_by_key(|row| (row.event.visitor.as_u128(), row.event.at));
    for pair in rows.windows(2).filter(|pair| pair[0].event.visitor == pair[1].event.visitor) {
        let gap = pair[1].event.at.since(pair[0].event.at);
        assert_eq!(pair[0].visit == pair[1].visit, gap < 30 * MINUTE_MS, "a gap of {gap} ms");
        assert!(gap > 0, "two events of a visitor at one moment");
    }
}

#[test]
fn a_small_site_stays_the_same_however_much_the_others_grow() {
    let of_second = |rows: Vec<Row>| -> Vec<Event> {
        rows.into_iter().filter(|row| row.site == 2).map(|row| row.event).collect()
    };
    assert_eq!(of_second(traffic(&[50, 30], false)), of_second(traffic(&[500, 30], false)));
}

#[test]
fn a_daily_id_belongs_to_one_day() {
    let mut days = HashMap::new();
    for row in traffic(&[2_000], true) {
        let visit_day = row.event.at.utc_day();
        let first = *days.entry(row.event.visitor).or_insert(visit_day);
        assert!(visit_day - first <= 1, "seen {} days apart", visit_day - first);
    }
}

#[test]
fn the_mix_of_events_is_that_of_the_measurements_before() {
    let rows = traffic(&[4_000], false);
    let share = |count: usize| count as f64 / rows.len() as f64;
    let pageviews = share(rows.iter().filter(|row| &*row.event.name == Event::PAGEVIEW).count());
    let with_properties = share(rows.iter().filter(|row| !row.event.properties.is_empty()).count());
    assert!((pageviews - 0.922).abs() < 0.005, "{pageviews}");
    assert!((with_properties - 0.05).abs() < 0.005, "{with_properties}");
    assert!((rows.len() as f64 / 4_000.0 - 10.0).abs() < 0.6, "{} events", rows.len());
}
