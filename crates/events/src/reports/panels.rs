//! The observers of a walk: one thread's counters for every panel, fed batch by batch.

use super::groups::{Combination, Groups};
use super::labels::{Place, Source};
use super::lanes::Lane;
use super::measures::{Peaks, Sums, Tallies, Uniques, one_if_unnamed};
use super::plan::{EngagementSources, EventsPlan, PartPlan, Plan, VisitsPlan};
use crate::rows::NO_SCROLL_DEPTH;
use crate::walk::{Batch, Kind, Located, Observer};
use rustc_hash::FxHashMap;

/// What was counted for one row of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) visitors: u64,
    /// Visits that own a matching event.
    pub(crate) visits: u64,
    pub(crate) pageviews: u64,
    pub(crate) events: u64,
    pub(crate) depth_sum: u64,
    pub(crate) depth_visitors: u64,
    pub(crate) engaged_ms: u64,
    pub(crate) engaged_visits: u64,
    /// Whole visits and what they hold.
    pub(crate) whole_visits: u64,
    pub(crate) bounced: u64,
    pub(crate) seconds: u64,
    pub(crate) views: u64,
}

impl Numbers {
    fn add(&mut self, other: &Self) {
        self.visitors += other.visitors;
        self.visits += other.visits;
        self.pageviews += other.pageviews;
        self.events += other.events;
        self.depth_sum += other.depth_sum;
        self.depth_visitors += other.depth_visitors;
        self.engaged_ms += other.engaged_ms;
        self.engaged_visits += other.engaged_visits;
        self.whole_visits += other.whole_visits;
        self.bounced += other.bounced;
        self.seconds += other.seconds;
        self.views += other.views;
    }
}

/// What was counted for one query, by all threads together.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) rows: FxHashMap<Combination, Numbers>,
    /// Visitors of all rows together.
    pub(crate) total: u64,
}

/// One thread's counters.
pub(crate) struct Panels<'p> {
    plan: &'p Plan<'p>,
    panels: Vec<Panel<'p>>,
    codes: Vec<Vec<u32>>,
    lanes: Vec<Lane>,
    located: [Located; 3],
    groups: Vec<u32>,
    /// Visits in earlier batches.
    visits_before: u32,
}

#[derive(Default)]
struct Panel<'p> {
    events: Option<EventCounters<'p>>,
    engagement: Option<EngagementCounters<'p>>,
    visits: Option<VisitCounters<'p>>,
}

struct EventCounters<'p> {
    plan: &'p EventsPlan,
    groups: Groups<'p>,
    tallies: Tallies,
    visits: Uniques,
    /// Of all groups together.
    total: Tallies,
}

struct EngagementCounters<'p> {
    plan: &'p PartPlan,
    groups: Groups<'p>,
    depths: Peaks,
    engaged_ms: Sums,
    visits: Uniques,
}

struct VisitCounters<'p> {
    plan: &'p VisitsPlan,
    groups: Groups<'p>,
    visits: Sums,
    bounced: Sums,
    seconds: Sums,
    views: Sums,
}

/// A batch as panels see it.
struct Seen<'a> {
    batch: &'a Batch<'a>,
    codes: &'a [Vec<u32>],
    lanes: &'a [Lane],
    visits_before: u32,
}

impl<'p> Panels<'p> {
    pub(crate) fn new(plan: &'p Plan<'p>) -> Self {
        let panels = plan.panels.iter().map(|panel| Panel {
            events: panel.events.as_ref().map(EventCounters::new),
            engagement: panel.engagement.as_ref().map(EngagementCounters::new),
            visits: panel.visits.as_ref().map(VisitCounters::new),
        });
        Self {
            plan,
            panels: panels.collect(),
            codes: plan.sources.iter().map(|_| Vec::new()).collect(),
            lanes: plan.lanes.iter().map(|_| Lane::default()).collect(),
            located: Default::default(),
            groups: Vec::new(),
            visits_before: 0,
        }
    }

    /// What all threads counted, for each query.
    pub(crate) fn add_up(threads: &[Panels<'p>], plan: &Plan<'p>) -> Vec<Counted> {
        let mut counted: Vec<Counted> = plan.panels.iter().map(|_| Counted::default()).collect();
        for panels in threads {
            for (panel, counted) in panels.panels.iter().zip(&mut counted) {
                panel.add_to(counted);
            }
        }
        counted
    }

    fn read_codes(&mut self, batch: &Batch<'_>) {
        let visits = &batch.visits;
        for (place, rows) in
            [(Place::First, &visits.first), (Place::Entry, &visits.entry), (Place::Exit, &visits.exit)]
        {
            if self.plan.sources.iter().any(|source| source.place == place) {
                batch.locate(rows, &mut self.located[place as usize - 1]);
            }
        }
        for (Source { place, column }, codes) in self.plan.sources.iter().zip(&mut self.codes) {
            match place {
                Place::Row => batch.gather(*column, codes),
                _ => batch.gather_at(*column, &self.located[*place as usize - 1], codes),
            }
        }
    }

    fn fill_lanes(&mut self, batch: &Batch<'_>) {
        let selected: Vec<_> =
            self.plan.selections.iter().map(|selection| selection.apply(batch, &self.codes)).collect();
        for (plan, lane) in self.plan.lanes.iter().zip(&mut self.lanes) {
            let range = self.plan.selections[plan.selection].range;
            let buckets = plan.buckets.map(|buckets| &self.plan.buckets[buckets]);
            lane.fill(plan.kind, batch, range, &selected[plan.selection], buckets);
        }
    }
}

impl Observer for Panels<'_> {
    fn observe(&mut self, batch: &Batch<'_>) {
        self.read_codes(batch);
        self.fill_lanes(batch);
        let seen = Seen { batch, codes: &self.codes, lanes: &self.lanes, visits_before: self.visits_before };
        for panel in &mut self.panels {
            if let Some(events) = &mut panel.events {
                events.count(&seen, &mut self.groups);
            }
            if let (Some(engagement), Some(sources)) = (&mut panel.engagement, self.plan.engagement) {
                engagement.count(&seen, sources, &mut self.groups);
            }
            if let Some(visits) = &mut panel.visits {
                visits.count(&seen, &mut self.groups);
            }
        }
        self.visits_before += batch.visits.len() as u32;
    }
}

impl Panel<'_> {
    fn add_to(&self, counted: &mut Counted) {
        if let Some(events) = &self.events {
            counted.total += u64::from(events.total.of(0).visitors);
            add_groups(&events.groups, counted, |group, numbers| {
                let tally = events.tallies.of(group);
                numbers.visitors += u64::from(tally.visitors);
                numbers.pageviews += u64::from(tally.pageviews);
                numbers.events += u64::from(tally.events);
                numbers.visits += events.visits.of(group);
            });
        }
        if let Some(engagement) = &self.engagement {
            add_groups(&engagement.groups, counted, |group, numbers| {
                let (depth_sum, depth_visitors) = engagement.depths.of(group);
                numbers.depth_sum += depth_sum;
                numbers.depth_visitors += depth_visitors;
                numbers.engaged_ms += engagement.engaged_ms.of(group);
                numbers.engaged_visits += engagement.visits.of(group);
            });
        }
        if let Some(visits) = &self.visits {
            add_groups(&visits.groups, counted, |group, numbers| {
                numbers.whole_visits += visits.visits.of(group);
                numbers.bounced += visits.bounced.of(group);
                numbers.seconds += visits.seconds.of(group);
                numbers.views += visits.views.of(group);
            });
        }
    }
}

/// Adds what a part counted for each of its groups to the rows; groups without anything make no row.
fn add_groups(groups: &Groups<'_>, counted: &mut Counted, add: impl Fn(u32, &mut Numbers)) {
    for group in 0..groups.len() as u32 {
        let mut numbers = Numbers::default();
        add(group, &mut numbers);
        if numbers != Numbers::default() {
            counted.rows.entry(groups.combination(group)).or_default().add(&numbers);
        }
    }
}

impl<'p> EventCounters<'p> {
    fn new(plan: &'p EventsPlan) -> Self {
        Self {
            plan,
            groups: Groups::new(&plan.part.groups),
            tallies: Tallies::default(),
            visits: Uniques::default(),
            total: Tallies::default(),
        }
    }

    fn count(&mut self, seen: &Seen<'_>, groups: &mut Vec<u32>) {
        let lane = &seen.lanes[self.plan.part.lane];
        let items = (lane.visitors(seen.batch), lane.pageviews(seen.batch), lane.events(seen.batch));
        let groups = self.groups.of_items(lane, items.0.len(), seen.codes, groups);
        let len = self.groups.len();
        self.tallies.count(groups, items, len);
        if self.plan.visits {
            self.visits.count(groups, seen.visit_numbers(lane), len);
        }
        if self.plan.total {
            self.total.count(&[], items, 1);
        }
    }
}

impl Seen<'_> {
    /// The number of each item's visit in this thread's walk, from 1.
    fn visit_numbers(&self, lane: &Lane) -> impl Iterator<Item = u32> {
        each_visit(lane, self.batch).map(|visit| self.visits_before + visit + 1)
    }
}

/// The visit of each item.
fn each_visit(lane: &Lane, batch: &Batch<'_>) -> impl Iterator<Item = u32> {
    let all = if lane.visits().is_none() { batch.visits.len() as u32 } else { 0 };
    lane.visits().unwrap_or_default().iter().copied().chain(0..all)
}

impl<'p> EngagementCounters<'p> {
    fn new(plan: &'p PartPlan) -> Self {
        Self {
            plan,
            groups: Groups::new(&plan.groups),
            depths: Peaks::default(),
            engaged_ms: Sums::default(),
            visits: Uniques::default(),
        }
    }

    fn count(&mut self, seen: &Seen<'_>, sources: EngagementSources, groups: &mut Vec<u32>) {
        let lane = &seen.lanes[self.plan.lane];
        let groups = self.groups.of_items(lane, lane.rows.len(), seen.codes, groups);
        let len = self.groups.len();
        self.visits.count(groups, seen.visit_numbers(lane), len);
        let (depths, times) = (&seen.codes[sources.depth], &seen.codes[sources.time]);
        let items = lane.rows.iter().zip(lane.visitors(seen.batch)).zip(one_if_unnamed(groups));
        for ((row, visitor), group) in items {
            let row = *row as usize;
            if seen.batch.kinds[row] == Kind::Engagement && depths[row] != NO_SCROLL_DEPTH {
                self.depths.take(group, *visitor, depths[row], len);
            }
        }
        let spent = lane.rows.iter().map(|row| match seen.batch.kinds[*row as usize] {
            Kind::Engagement => u64::from(times[*row as usize]),
            _ => 0,
        });
        self.engaged_ms.add(groups, spent, len);
    }
}

impl<'p> VisitCounters<'p> {
    fn new(plan: &'p VisitsPlan) -> Self {
        Self {
            plan,
            groups: Groups::new(&plan.part.groups),
            visits: Sums::default(),
            bounced: Sums::default(),
            seconds: Sums::default(),
            views: Sums::default(),
        }
    }

    fn count(&mut self, seen: &Seen<'_>, groups: &mut Vec<u32>) {
        let lane = &seen.lanes[self.plan.part.lane];
        let items = lane.visitors(seen.batch).len();
        let groups = self.groups.of_items(lane, items, seen.codes, groups);
        let len = self.groups.len();
        self.visits.add(groups, std::iter::repeat_n(1, items), len);
        if self.plan.contents {
            let visits = &seen.batch.visits;
            self.bounced.add(
                groups,
                each_visit(lane, seen.batch).map(|visit| visits.bounced[visit as usize].into()),
                len,
            );
            self.seconds.add(
                groups,
                each_visit(lane, seen.batch).map(|visit| visits.seconds(visit as usize)),
                len,
            );
            self.views.add(
                groups,
                each_visit(lane, seen.batch).map(|visit| visits.pageviews[visit as usize].into()),
                len,
            );
        }
    }
}
