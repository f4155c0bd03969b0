//! Every metric × dimension × filter against an independent computation in SQL (`oracle/`, DuckDB).

use std::convert::Infallible;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::{DAY_MS, Event, HOUR_MS, TimeZone, Timestamp};
use serde_json::{Value as Json, json};

use super::questions::{anything, each_of_everything};
use super::traffic::{Dice, told, traffic};
use crate::aliases::Moves;
use crate::dictionary::Dictionaries;
use crate::query::{Calendar, Query, QueryError, Range};
use crate::reports::answer_all;
use crate::rows::Run;
use crate::store::View;

/// One site's traffic and what is asked about it.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) zone: &'static str,
    /// Midnight UTC of the first day.
    pub(super) start: &'static str,
    pub(super) days: i64,
    pub(super) visitors: usize,
    /// Whether every combination is asked for, or only some at random.
    pub(super) everything: bool,
}

impl Case {
    /// When its traffic begins.
    pub(super) fn midnight(&self) -> Timestamp {
        let midnight: jiff::civil::Date = self.start.parse().unwrap();
        let midnight = jiff::tz::TimeZone::UTC.to_timestamp(midnight.at(0, 0, 0, 0)).unwrap();
        Timestamp(midnight.as_millisecond())
    }
}

pub(super) const CASES: [Case; 7] = [
    Case {
        name: "berlin_spring",
        zone: "Europe/Berlin",
        start: "2026-03-27",
        days: 4,
        visitors: 500,
        everything: true,
    },
    Case {
        name: "berlin_autumn",
        zone: "Europe/Berlin",
        start: "2026-10-23",
        days: 4,
        visitors: 300,
        everything: false,
    },
    Case {
        name: "new_york_spring",
        zone: "America/New_York",
        start: "2026-03-06",
        days: 4,
        visitors: 300,
        everything: false,
    },
    Case {
        name: "new_york_autumn",
        zone: "America/New_York",
        start: "2026-10-30",
        days: 4,
        visitors: 300,
        everything: true,
    },
    Case {
        name: "kolkata",
        zone: "Asia/Kolkata",
        start: "2026-12-30",
        days: 3,
        visitors: 300,
        everything: false,
    },
    Case {
        name: "a_quarter",
        zone: "Europe/Berlin",
        start: "2026-01-15",
        days: 120,
        visitors: 3_000,
        everything: false,
    },
    Case { name: "a_day", zone: "UTC", start: "2026-06-10", days: 1, visitors: 2_000, everything: false },
];
const QUESTIONS: usize = 40;

#[test]
fn every_report_equals_its_computation_in_sql() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, case) in (1..).zip(&CASES) {
        write_case(case, &mut Dice(seed), folder.path());
    }
    let (agreed, said) = judge(folder.path());
    assert!(agreed, "{said}");
}

#[test]
fn the_judge_sees_a_single_wrong_number() {
    let folder = tempfile::tempdir().unwrap();
    let case = Case { name: "canary", visitors: 40, everything: false, ..CASES[6] };
    write_case(&case, &mut Dice(9), folder.path());
    let path = folder.path().join("canary.reports.jsonl");
    let mut lines: Vec<String> = std::fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    let mut report: Json = serde_json::from_str(&lines[1]).unwrap();
    report["query"]["filters"] = json!([["is", "event:page", ["/pricing"]]]);
    lines[1] = report.to_string();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let (agreed, said) = judge(folder.path());
    assert!(!agreed && said.contains(&format!("{QUESTIONS} reports judged, 1 differ")), "{said}");
}

/// Whether the oracle found the same as the reports in `folder`, and what it said.
fn judge(folder: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/oracle.py");
    let judged = Command::new(python()).arg("-B").arg(script).arg(folder).output().unwrap();
    let said = [judged.stdout, judged.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (judged.status.success(), said.concat())
}

/// The oracle's Python; a test that cannot ask it must not pass.
fn python() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where the oracle was prepared is told by `make test`")]
    let venv = std::env::var_os("ORACLE_VENV").map(PathBuf::from);
    let python = venv.unwrap_or_default().join("bin/python");
    assert!(
        python.exists(),
        "the oracle is missing: run `make test`, or set ORACLE_VENV to a folder and run `sh oracle/prepare.sh`"
    );
    python
}

fn write_case(case: &Case, dice: &mut Dice, folder: &Path) {
    let start = case.midnight();
    let zone: TimeZone = case.zone.parse().unwrap();
    let events = traffic(dice, case.visitors, start, case.days, &edges(start, case.days, &zone));
    let site = Site::of(&events, dice);
    let now = Timestamp(start.0 + case.days * DAY_MS - 7 * HOUR_MS - 12_345);
    let first_event = events.iter().map(|event| event.at).min();
    let calendar = Calendar { zone, now, first_event };
    let ranges = ranges(case, start);
    let mut questions = if case.everything { each_of_everything(dice, &ranges) } else { Vec::new() };
    questions.extend(anything(dice, QUESTIONS, &ranges));
    let setting = json!({ "zone": case.zone, "now": now.0, "first_event": first_event.unwrap().0 });
    let mut lines = format!("{setting}\n");
    for (question, answer) in site.ask(questions, &calendar) {
        writeln!(lines, "{}", json!({ "query": question, "answer": answer })).unwrap();
    }
    std::fs::write(folder.join(format!("{}.reports.jsonl", case.name)), lines).unwrap();
    let events: String =
        events.iter().fold(String::new(), |lines, event| lines + &told(event).to_string() + "\n");
    std::fs::write(folder.join(format!("{}.events.jsonl", case.name)), events).unwrap();
}

/// Midnights and changes of the clocks.
pub(super) fn edges(start: Timestamp, days: i64, zone: &TimeZone) -> Vec<i64> {
    let first = jiff::Timestamp::from_millisecond(start.0).unwrap();
    let changes = zone.rules().following(first).take(2).map(|change| change.timestamp().as_millisecond());
    let local = zone.rules().to_datetime(first).date();
    let midnights = (0..=days.min(10)).map(|day| {
        let date = local.checked_add(jiff::Span::new().days(day)).unwrap();
        zone.rules().to_timestamp(date.at(0, 0, 0, 0)).unwrap().as_millisecond()
    });
    changes.filter(|at| *at < start.0 + days * DAY_MS).chain(midnights).collect()
}

pub(super) fn ranges(case: &Case, start: Timestamp) -> Vec<Json> {
    let day = |n: i64| {
        jiff::Timestamp::from_millisecond(start.0 + n * DAY_MS).unwrap().strftime("%Y-%m-%d").to_string()
    };
    let moment = |hours: i64, zone: &str| {
        let at = jiff::Timestamp::from_millisecond(start.0 + hours * HOUR_MS + 1_234_000).unwrap();
        at.strftime("%Y-%m-%dT%H:%M:%S").to_string() + zone
    };
    let middle = case.days / 2;
    vec![
        json!([day(0), day(case.days)]),
        json!([day(middle), day(middle)]),
        json!([day(middle), day(middle + 1)]),
        json!([moment(20, "Z"), moment(29, "+02:00")]),
        json!([moment(24 * middle, ""), moment(24 * middle + 3, "")]),
        json!("day"),
        json!("24h"),
        json!("7d"),
        json!("month"),
        json!("2mo"),
        json!("year"),
        json!("all"),
    ]
}

/// Traffic in several runs, as if absorbed and merged at different moments.
pub(super) struct Site {
    runs: Vec<Run>,
    dictionaries: Arc<Dictionaries>,
    /// As whom visitors are counted.
    pub(super) moves: Moves,
}

impl Site {
    pub(super) fn of(events: &[Event], dice: &mut Dice) -> Self {
        Self::of_some(&events.iter().cloned().map(Some).collect::<Vec<_>>(), dice)
    }

    /// The same where in the place of some events there is none.
    pub(super) fn of_some(events: &[Option<Event>], dice: &mut Dice) -> Self {
        let dictionaries = Arc::new(Dictionaries::new());
        let mut runs = Vec::new();
        let mut rest = events;
        while !rest.is_empty() {
            let (chunk, later) = rest.split_at((1 + dice.below(events.len())).min(rest.len()));
            rest = later;
            // A run spans less than 49 days; late events make runs overlap in time.
            let mut by_month = std::collections::BTreeMap::<i64, Vec<Event>>::new();
            for event in chunk.iter().flatten() {
                by_month.entry(event.at.utc_day().div_euclid(30)).or_default().push(event.clone());
            }
            for events in by_month.into_values() {
                let arrival = runs.len() as u64 + 1;
                runs.push(Run::from_events(&events, &dictionaries, arrival));
            }
        }
        Self { runs, dictionaries, moves: Moves::default() }
    }

    /// The runs that overlap `range`, as a store gives them.
    pub(super) fn view(&self, range: Range) -> View {
        let mut view =
            View { runs: Vec::new(), dictionaries: self.dictionaries.clone(), ..View::of_events(&[]) };
        for run in &self.runs {
            let first = run.spine.base.0;
            let last = first + i64::from(run.spine.times.iter().copied().max().unwrap_or_default());
            view.earlier |= last < range.start.0;
            view.later |= first >= range.end.0;
            if last >= range.start.0 && first < range.end.0 {
                view.runs.push(run.clone());
            }
        }
        view.moved_by(self.moves.clone())
    }

    /// The questions that make sense, with their answers.
    pub(super) fn ask(&self, questions: Vec<Json>, calendar: &Calendar) -> Vec<(Json, Json)> {
        let mut asked = Vec::new();
        let mut queries = Vec::new();
        for question in questions.into_iter().map(|question| sensible(question, calendar)) {
            let (question, query) = question;
            asked.push(question);
            queries.push(query);
        }
        let mut answers = Vec::new();
        for (at, some) in queries.chunks(16).enumerate() {
            let Ok((found, _)) =
                answer_all(some, 1 + at % 3, |_, range| Ok::<_, Infallible>(self.view(range)));
            answers.extend(found.into_iter().map(|answer| serde_json::to_value(answer).unwrap()));
        }
        asked.into_iter().zip(answers).collect()
    }
}

/// The question without the metrics that do not go with the rest of it.
fn sensible(mut question: Json, calendar: &Calendar) -> (Json, Query) {
    question["site_id"] = "example.com".into();
    loop {
        let metric = match Query::parse(&question, calendar) {
            Ok(query) => return (question, query),
            Err(QueryError::NeedsDimension(metric) | QueryError::NeedsPage(metric)) => metric,
            Err(QueryError::VisitMetric { metric, .. } | QueryError::EngagementMetric { metric }) => metric,
            Err(error) => panic!("{question}: {error}"),
        };
        let metrics = question["metrics"].as_array_mut().unwrap();
        metrics.retain(|asked| asked != metric);
        if metrics.is_empty() {
            metrics.push("visitors".into());
        }
        if let Some(order) = question.get_mut("order_by").and_then(Json::as_array_mut) {
            order.retain(|pair| pair[0] != metric);
            if order.is_empty() {
                question.as_object_mut().unwrap().remove("order_by");
            }
        }
    }
}
