//! Clicks in anger, and clicks that nothing answered. `web/app/src/lib/replay/marks.ts` says the same of the player's timeline;
//! `fixtures/recording/marks.json` holds both to it.

use super::trace::ClickKind;

/// Clicks in anger: so many so near and so soon.
const RAGE_CLICKS: usize = 3;
const RAGE_PIXELS: f64 = 30.0;
const RAGE_MS: i64 = 1_000;
/// A click that nothing answers for so long is dead.
const DEAD_MS: i64 = 2_500;

/// A click, as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Press {
    pub(super) at: i64,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) on_field: bool,
}

/// What each of `clicks` was. They and the moments of `answers` are in time order; until `known_until` everything is known.
pub(super) fn judge(clicks: &[Press], answers: &[i64], known_until: i64) -> Vec<ClickKind> {
    let mut kinds: Vec<ClickKind> =
        clicks.iter().map(|click| unanswered(click, answers, known_until)).collect();
    let mut first = 0;
    while first < clicks.len() {
        let count = outburst(&clicks[first..]);
        if count < RAGE_CLICKS {
            first += 1;
            continue;
        }
        // Of clicks in anger it is said that they are, not of each that nothing answered it.
        kinds[first..first + RAGE_CLICKS - 1].fill(ClickKind::Plain);
        kinds[first + RAGE_CLICKS - 1..first + count].fill(ClickKind::Rage);
        first += count;
    }
    kinds
}

fn unanswered(click: &Press, answers: &[i64], known_until: i64) -> ClickKind {
    let until = click.at.saturating_add(DEAD_MS);
    let next = answers.partition_point(|answer| *answer < click.at);
    let answered = answers.get(next).is_some_and(|answer| *answer <= until);
    // Where what is known ends first, nobody knows what would have followed.
    if answered || click.on_field || known_until < until { ClickKind::Plain } else { ClickKind::Dead }
}

/// How many of the clicks from the first on are of one outburst.
fn outburst(clicks: &[Press]) -> usize {
    let Some(first) = clicks.first() else { return 0 };
    let mut count = 1;
    while let Some(next) = clicks.get(count) {
        let near = (next.x - first.x).hypot(next.y - first.y) <= RAGE_PIXELS;
        // The first few must be within the time; after that each only soon after the one before.
        let since = if count < RAGE_CLICKS { first.at } else { clicks[count - 1].at };
        if !near || next.at - since > RAGE_MS {
            break;
        }
        count += 1;
    }
    count
}
