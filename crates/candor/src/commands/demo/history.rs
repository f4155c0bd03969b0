//! Months of believable days, sent in bulk: a week's rhythm, slow growth, and days when something happened.

use bytes::Bytes;
use domain::{DAY_MS, HOUR_MS, Timestamp};
use hyper::Method;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::value::to_raw_value;
use tokio::sync::mpsc;

use super::dice::Dice;
use super::visits::{Happening, Visits};
use super::world::{HOURS, SPIKES, Spike, WEEKDAYS};
use crate::commands::connection::{Server, understand};
use crate::commands::output::say;
use crate::http::bulk::{BulkLine, BulkOutcome};
use crate::http::stream::Stream;

/// Events that a visit has on average; measured on long histories.
const EVENTS_PER_VISIT: f64 = 4.6;
/// Bytes of lines that are sent together.
const CHUNK_BYTES: usize = 128 * 1024;
/// How much busier the last day is than the first.
const GROWTH: f64 = 1.9;
/// How fast a spike is forgotten, by the day.
const FORGETTING: f64 = 0.45;

/// Sends the history of `days` days up to `now`.
pub(super) async fn fill(
    server: &Server,
    domain: &str,
    days: u32,
    events: u64,
    seed: u64,
    now: Timestamp,
) -> anyhow::Result<()> {
    let bar = ProgressBar::new(events).with_style(ProgressStyle::with_template(
        "  {msg} {bar:32} {human_pos} of about {human_len} events, {eta} left",
    )?);
    bar.set_message("Making history");
    let (sender, receiver) = mpsc::channel(4);
    let maker =
        Maker { visits: Visits::new(domain, seed), days: i64::from(days), events, now, bar: bar.clone() };
    let making = std::thread::spawn(move || maker.make(&sender));
    let request = server.head(Method::POST, "/commands/bulk").body(Stream(receiver))?;
    let outcome: BulkOutcome = understand(server.send(request).await?).await?;
    let _ = making.join();
    bar.finish_and_clear();
    if let Some(fault) = outcome.first_fault {
        anyhow::bail!("{} events were malformed; {fault}", outcome.malformed);
    }
    say(format_args!("{} events are kept, {} set aside as bots'.", outcome.kept, outcome.set_aside));
    Ok(())
}

struct Maker {
    visits: Visits,
    days: i64,
    events: u64,
    now: Timestamp,
    bar: ProgressBar,
}

impl Maker {
    /// Makes all days, oldest first, and hands their lines over; stops when nobody takes them.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "numbers of days and visits are small"
    )]
    fn make(mut self, sender: &mpsc::Sender<Bytes>) {
        let today = self.now.utc_day();
        let first = today - self.days + 1;
        let weights: Vec<f64> = (first..=today).map(|day| self.weight(day, first)).collect();
        let total: f64 = weights.iter().sum();
        let visits_total = self.events as f64 / EVENTS_PER_VISIT;
        let mut chunk = Vec::with_capacity(2 * CHUNK_BYTES);
        for (day, weight) in (first..=today).zip(&weights) {
            let visits = (visits_total * weight / total).round() as u64;
            let spike = spike_of(day, first, self.days);
            let mut happenings = Vec::new();
            for _ in 0..visits {
                let source =
                    self.visits.choose_source(spike.map(|(spike, _)| &spike.source), spike_share(spike));
                happenings.extend(self.visits.invent(|dice, offset| moment(dice, day, offset), source));
            }
            happenings.retain(|happening| happening.at <= self.now);
            happenings.sort_by_key(|happening| happening.at);
            for happening in &happenings {
                write_line(&mut chunk, happening);
                self.bar.inc(1);
                if chunk.len() >= CHUNK_BYTES {
                    let full = std::mem::replace(&mut chunk, Vec::with_capacity(2 * CHUNK_BYTES));
                    if sender.blocking_send(full.into()).is_err() {
                        return;
                    }
                }
            }
        }
        let _ = sender.blocking_send(chunk.into());
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of days are small")]
    fn weight(&mut self, day: i64, first: i64) -> f64 {
        let grown = 1.0 + (GROWTH - 1.0) * (day - first) as f64 / self.days as f64;
        // 1970-01-01 was a Thursday.
        let weekday = WEEKDAYS[usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)];
        let noise = self.visits.dice.between(0.92, 1.08);
        let spike = spike_of(day, first, self.days).map_or(1.0, |(_, height)| height);
        grown * weekday * noise * spike
    }
}

/// The spike a day stands under, and how many times the usual number comes.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "numbers of days are small")]
fn spike_of(day: i64, first: i64, days: i64) -> Option<(&'static Spike, f64)> {
    SPIKES.iter().find_map(|spike| {
        let since = day - first - (spike.place * days as f64) as i64;
        (0..4).contains(&since).then(|| (spike, 1.0 + (spike.height - 1.0) * FORGETTING.powi(since as i32)))
    })
}

/// What part of a day's visits the spike brings.
fn spike_share(spike: Option<(&'static Spike, f64)>) -> f64 {
    spike.map_or(0.0, |(_, height)| 1.0 - 1.0 / height)
}

/// A moment of `day`, as busy as the hour is where the visitor lives.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of an hour are small")]
fn moment(dice: &mut Dice, day: i64, utc_offset_hours: i64) -> Timestamp {
    const ALL: [usize; 24] = {
        let mut all = [0; 24];
        let mut hour = 0;
        while hour < 24 {
            all[hour] = hour;
            hour += 1;
        }
        all
    };
    let local = *dice.pick(&ALL, |hour| HOURS[*hour]);
    let hour = (i64::try_from(local).unwrap_or(0) - utc_offset_hours).rem_euclid(24);
    Timestamp(day * DAY_MS + hour * HOUR_MS + (dice.fraction() * HOUR_MS as f64) as i64)
}

fn write_line(chunk: &mut Vec<u8>, happening: &Happening) {
    let event = to_raw_value(&happening.body).expect("an event is JSON");
    let line = BulkLine {
        address: happening.address.into(),
        user_agent: happening.user_agent.into(),
        accept_language: happening.language.into(),
        event: &event,
    };
    serde_json::to_writer(&mut *chunk, &line).expect("memory takes a line");
    chunk.push(b'\n');
}
