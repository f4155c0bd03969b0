//! The observers of a walk: one thread's counters for every panel, fed batch by batch.

use super::codes::BatchCodes;
use super::counted::{Numbers, Part};
use super::groups::Groups;
use super::lanes::{Items, Lane, LaneKind};
use super::measures::{self, Counting, Peaks, Sums, Tallies, Uniques, one_if_unnamed};
use super::plan::{EngagementSources, EventsPlan, PartPlan, Plan, VisitsPlan};
use crate::rows::NO_SCROLL_DEPTH;
use crate::walk::{Batch, Kind, Observer};

/// One thread's counters.
pub(crate) struct Panels<'p> {
    plan: &'p Plan<'p>,
    pub(super) panels: Vec<Panel<'p>>,
    codes: BatchCodes,
    lanes: Vec<Lane>,
    visit_of_row: Vec<u32>,
    groups: Vec<u32>,
    /// Visits in earlier batches.
    visits_before: u32,
}

/// One thread's counters for one query.
#[derive(Default)]
pub(super) struct Panel<'p> {
    events: Option<EventCounters<'p>>,
    engagement: Option<EngagementCounters<'p>>,
    visits: Option<VisitCounters<'p>>,
}

struct EventCounters<'p> {
    plan: &'p EventsPlan,
    groups: Groups<'p>,
    /// The group of each item, where no other array tells it.
    group_of_item: Vec<u32>,
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
    visit_of_row: &'a [u32],
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
            codes: BatchCodes::default(),
            lanes: plan.lanes.iter().map(|_| Lane::default()).collect(),
            visit_of_row: Vec::new(),
            groups: Vec::new(),
            visits_before: 0,
        }
    }

    fn fill_lanes(&mut self, batch: &Batch<'_>) {
        let selected: Vec<_> = self
            .plan
            .selections
            .iter()
            .map(|selection| selection.apply(batch, &self.codes.of_sources))
            .collect();
        for (plan, lane) in self.plan.lanes.iter().zip(&mut self.lanes) {
            let range = self.plan.selections[plan.selection].range;
            let buckets = plan.buckets.map(|buckets| &self.plan.buckets[buckets]);
            lane.fill(plan.kind, batch, range, &selected[plan.selection], buckets);
        }
        if self.plan.lanes.iter().any(|lane| matches!(lane.kind, LaneKind::Events | LaneKind::Engagement)) {
            batch.visits.of_rows(batch.times.len(), &mut self.visit_of_row);
        }
    }
}

impl Observer for Panels<'_> {
    fn observe(&mut self, batch: &Batch<'_>) {
        self.codes.read(&self.plan.sources, batch);
        self.fill_lanes(batch);
        let seen = Seen {
            batch,
            codes: &self.codes.of_sources,
            lanes: &self.lanes,
            visit_of_row: &self.visit_of_row,
            visits_before: self.visits_before,
        };
        let mut of_lanes: Vec<Vec<Counting<'_>>> = seen.lanes.iter().map(|_| Vec::new()).collect();
        for events in self.panels.iter_mut().filter_map(|panel| panel.events.as_mut()) {
            events.count(&seen, &mut of_lanes[events.plan.part.lane]);
        }
        for (lane, panels) in of_lanes.into_iter().enumerate() {
            measures::count(panels, seen.items(lane));
        }
        for panel in &mut self.panels {
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
    /// What is counted of events, of `engagement` and of visits, each by the same dimensions.
    pub(super) fn parts(&self) -> impl Iterator<Item = &dyn Part> {
        let events = self.events.as_ref().map(|part| part as &dyn Part);
        let engagement = self.engagement.as_ref().map(|part| part as &dyn Part);
        let visits = self.visits.as_ref().map(|part| part as &dyn Part);
        [events, engagement, visits].into_iter().flatten()
    }

    /// Visitors of all groups together.
    pub(super) fn total(&self) -> u64 {
        self.events.as_ref().map_or(0, |events| events.total.of(0).visitors.into())
    }
}

impl Part for EventCounters<'_> {
    fn groups(&self) -> &Groups<'_> {
        &self.groups
    }

    fn add(&self, group: u32, numbers: &mut Numbers) {
        let tally = self.tallies.of(group);
        numbers.visitors += u64::from(tally.visitors);
        numbers.pageviews += u64::from(tally.pageviews);
        numbers.events += u64::from(tally.events);
        numbers.visits += self.visits.of(group);
    }
}

impl Part for EngagementCounters<'_> {
    fn groups(&self) -> &Groups<'_> {
        &self.groups
    }

    fn add(&self, group: u32, numbers: &mut Numbers) {
        let (depth_sum, depth_visitors) = self.depths.of(group);
        numbers.depth_sum += depth_sum;
        numbers.depth_visitors += depth_visitors;
        numbers.engaged_ms += self.engaged_ms.of(group);
        numbers.engaged_visits += self.visits.of(group);
    }
}

impl Part for VisitCounters<'_> {
    fn groups(&self) -> &Groups<'_> {
        &self.groups
    }

    fn add(&self, group: u32, numbers: &mut Numbers) {
        numbers.whole_visits += self.visits.of(group);
        numbers.bounced += self.bounced.of(group);
        numbers.seconds += self.seconds.of(group);
        numbers.views += self.views.of(group);
    }
}

impl<'p> EventCounters<'p> {
    fn new(plan: &'p EventsPlan) -> Self {
        Self {
            plan,
            groups: Groups::new(&plan.part.groups),
            group_of_item: Vec::new(),
            tallies: Tallies::default(),
            visits: Uniques::default(),
            total: Tallies::default(),
        }
    }

    /// Counts what nobody else counts, and leaves the rest to be counted together with others of the same lane.
    fn count<'a>(&'a mut self, seen: &Seen<'a>, together: &mut Vec<Counting<'a>>) {
        let items = seen.items(self.plan.part.lane);
        let groups = self.groups.of_items(items, seen.codes, &mut self.group_of_item);
        let len = self.groups.len();
        if self.plan.visits {
            self.visits.count(groups, seen.visit_numbers(items).into_iter(), len);
        }
        if self.plan.total {
            together.push(Counting { tallies: &mut self.total, groups: &[], len: 1 });
        }
        together.push(Counting { tallies: &mut self.tallies, groups, len });
    }
}

impl<'a> Seen<'a> {
    fn items(&self, lane: usize) -> Items<'a> {
        Items { lane: &self.lanes[lane], batch: self.batch, visit_of_row: self.visit_of_row }
    }

    /// The number of each item's visit in this thread's walk, from 1.
    fn visit_numbers(&self, items: Items<'_>) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(items.len());
        items.each_visit(|visit| numbers.push(self.visits_before + visit + 1));
        numbers
    }
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
        let items = seen.items(self.plan.lane);
        let groups = self.groups.of_items(items, seen.codes, groups);
        let len = self.groups.len();
        self.visits.count(groups, seen.visit_numbers(items).into_iter(), len);
        let (depths, times) = (&seen.codes[sources.depth], &seen.codes[sources.time]);
        let mut group_of_item = one_if_unnamed(groups);
        let mut spent = Vec::with_capacity(items.len());
        items.each_row(|row| {
            let group = group_of_item.next().unwrap_or_default();
            let of_engagement = seen.batch.kinds[row as usize] == Kind::Engagement;
            let depth = depths[row as usize];
            if of_engagement && depth != NO_SCROLL_DEPTH {
                self.depths.take(group, items.visitor_of(row), depth, len);
            }
            spent.push(if of_engagement { u64::from(times[row as usize]) } else { 0 });
        });
        self.engaged_ms.add(groups, spent.into_iter(), len);
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
        let items = seen.items(self.plan.part.lane);
        let groups = self.groups.of_items(items, seen.codes, groups);
        let len = self.groups.len();
        self.visits.add(groups, std::iter::repeat_n(1, items.len()), len);
        if self.plan.contents {
            let visits = &seen.batch.visits;
            let of_each = |tell: &dyn Fn(usize) -> u64| {
                let mut told = Vec::with_capacity(items.len());
                items.each_visit(|visit| told.push(tell(visit as usize)));
                told.into_iter()
            };
            self.bounced.add(groups, of_each(&|visit| visits.bounced[visit].into()), len);
            self.seconds.add(groups, of_each(&|visit| visits.seconds(visit)), len);
            self.views.add(groups, of_each(&|visit| visits.pageviews[visit].into()), len);
        }
    }
}
