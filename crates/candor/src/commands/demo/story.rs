//! Tells believable visits to the demo site: who comes, from where, what they read and when they leave. The same seed
//! tells the same story. It makes requests as the tracker sends them; it must never write an event itself.

use std::net::{IpAddr, Ipv4Addr};

use domain::{DAY_MS, HOUR_MS, Timestamp, VisitorId};
use serde_json::{Value, json};

use super::world::{BOT, HOMES, HOURS, Home, PAGES, Page, SENDERS, SOFTWARE, Sender, WEEKDAYS};

/// Events of an average visit: with it a wished number of events becomes a number of visits.
const EVENTS_PER_VISIT: f64 = 5.6;
/// How many times its usual strength a sender has on the day of a spike.
const SPIKE: f64 = 14.0;
/// Share of visits by someone who was here before.
const RETURNING: f64 = 0.34;
/// Share of visits by bots.
const BOTS: f64 = 0.015;
/// Pages of one visit at the most.
const PAGES_MAX: usize = 14;

/// One request of the tracker's, and when and whence it comes.
pub(crate) struct Told {
    pub(crate) at: Timestamp,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: &'static str,
    pub(crate) accept_language: &'static str,
    pub(crate) body: Value,
}

/// Someone who visits, perhaps again.
#[derive(Clone, Copy)]
struct Character {
    visitor: VisitorId,
    home: &'static Home,
    host: u8,
    user_agent: &'static str,
    screen: &'static str,
}

/// The teller of one site's story.
pub(crate) struct Story {
    domain: String,
    dice: fastrand::Rng,
    known: Vec<Character>,
}

impl Story {
    /// A story about the site `domain`.
    pub(crate) fn new(domain: &str, seed: u64) -> Self {
        Self { domain: domain.to_owned(), dice: fastrand::Rng::with_seed(seed), known: Vec::new() }
    }

    /// All requests of the UTC day that lies `days_ago` days before the one `now` lies in, in order of time; of today
    /// only what is past. `events` is the number of events wished for over `days` days.
    pub(crate) fn day(&mut self, now: Timestamp, days_ago: u32, days: u32, events: u64) -> Vec<Told> {
        let midnight = Timestamp((now.utc_day() - i64::from(days_ago)) * DAY_MS);
        let strength = strength_of(midnight, days_ago, days);
        let visits = events as f64 / EVENTS_PER_VISIT / f64::from(days) * strength;
        let noisy = visits * (0.92 + 0.16 * self.dice.f64());
        let mut told: Vec<Told> = (0..noisy.round() as u64)
            .flat_map(|_| {
                let begin = self.moment_in(midnight);
                self.visit(begin, days_ago)
            })
            .filter(|told| told.at < now)
            .collect();
        told.sort_by_key(|told| told.at);
        told
    }

    /// The requests of one visit that begins at `begin`.
    pub(crate) fn visit(&mut self, begin: Timestamp, days_ago: u32) -> Vec<Told> {
        let is_bot = self.dice.f64() < BOTS;
        let mut character = self.character();
        if is_bot {
            character.user_agent = BOT;
        }
        let sender = self.sender(days_ago);
        let mut at = begin;
        let mut told = Vec::new();
        let mut page = self.pick_page(sender.landing);
        let mut arrival = Some(sender);
        for _ in 0..PAGES_MAX {
            told.push(self.pageview(character, at, page, arrival.take()));
            let seconds = self.seconds_on(page);
            if !is_bot {
                told.extend(self.deeds(character, at, page, seconds));
                told.push(self.engagement(character, at, page, seconds));
            }
            at = Timestamp(at.0 + i64::from(seconds) * 1_000 + self.dice.i64(400..4_000));
            match self.next_page(page) {
                Some(next) if !is_bot => page = next,
                _ => break,
            }
        }
        told
    }

    fn moment_in(&mut self, midnight: Timestamp) -> Timestamp {
        let local_hour = pick(&mut self.dice, HOURS.iter().enumerate().map(|(hour, &weight)| (hour, weight)));
        let offset = pick(&mut self.dice, HOMES.iter().map(|home| (home.utc_offset_hours, home.weight)));
        let hour = (local_hour as i64 - offset).rem_euclid(24);
        Timestamp(midnight.0 + hour * HOUR_MS + self.dice.i64(0..HOUR_MS))
    }

    fn character(&mut self) -> Character {
        if !self.known.is_empty() && self.dice.f64() < RETURNING {
            // The recently met return most: the square leans towards the end of the list.
            let place = 1.0 - self.dice.f64().powi(2);
            return self.known[(place * (self.known.len() - 1) as f64) as usize];
        }
        let (user_agent, screen) =
            pick(&mut self.dice, SOFTWARE.iter().map(|&(agent, screen, weight)| ((agent, screen), weight)));
        let character = Character {
            visitor: self.random_visitor(),
            home: pick(&mut self.dice, HOMES.iter().map(|home| (home, home.weight))),
            host: self.dice.u8(1..255),
            user_agent,
            screen,
        };
        self.known.push(character);
        character
    }

    fn random_visitor(&mut self) -> VisitorId {
        let version_4 = (self.dice.u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
        VisitorId::from_u128(version_4)
    }

    fn sender(&mut self, days_ago: u32) -> &'static Sender {
        let weight = |sender: &Sender| {
            let near = sender.spikes.iter().map(|&spike| spike.abs_diff(days_ago)).min();
            match near {
                Some(0) => (f64::from(sender.weight) * SPIKE) as u32,
                Some(1) => (f64::from(sender.weight) * SPIKE / 3.0) as u32,
                _ => sender.weight,
            }
        };
        pick(&mut self.dice, SENDERS.iter().map(|sender| (sender, weight(sender))))
    }

    fn pick_page(&mut self, among: &[(&str, u32)]) -> &'static Page {
        let path = pick(&mut self.dice, among.iter().copied());
        PAGES.iter().find(|page| page.path == path).unwrap_or(&PAGES[0])
    }

    fn next_page(&mut self, page: &Page) -> Option<&'static Page> {
        let going: u32 = page.next.iter().map(|&(_, weight)| weight).sum();
        (self.dice.u32(0..100) < going).then(|| self.pick_page(page.next))
    }

    /// Seconds with a long tail, around what the page usually takes.
    fn seconds_on(&mut self, page: &Page) -> u32 {
        let stretch = -(1.0 - self.dice.f64()).ln();
        (f64::from(page.seconds) * (0.15 + stretch)).clamp(1.0, 1_500.0) as u32
    }

    fn pageview(&mut self, who: Character, at: Timestamp, page: &Page, sender: Option<&Sender>) -> Told {
        let query = sender.map(|sender| sender.query).filter(|query| !query.is_empty());
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        let mut body = self.body("pageview", who, at, page, &query);
        if let Some(sender) = sender.filter(|sender| !sender.referrer.is_empty()) {
            body["r"] = json!(sender.referrer);
        }
        told(who, at, body)
    }

    fn engagement(&mut self, who: Character, begun: Timestamp, page: &Page, seconds: u32) -> Told {
        let at = Timestamp(begun.0 + i64::from(seconds) * 1_000);
        let depth = (20.0 + f64::from(seconds).sqrt() * 7.0 + self.dice.f64() * 22.0).clamp(8.0, 100.0);
        let mut body = self.body("engagement", who, at, page, "");
        body["e"] = json!(u64::from(seconds) * 850);
        body["sd"] = json!(depth as u32);
        told(who, at, body)
    }

    /// What else happens on a page: sign-ups, purchases, downloads, links that lead away.
    fn deeds(&mut self, who: Character, begun: Timestamp, page: &Page, seconds: u32) -> Option<Told> {
        let at = Timestamp(begun.0 + i64::from(seconds) * 700);
        let chance = self.dice.u32(0..100);
        let (name, properties, revenue) = match page.path {
            "/welcome" => ("Signup", json!({ "plan": self.plan() }), None),
            "/pricing" if chance < 4 => {
                ("Purchase", json!({ "plan": self.plan() }), Some(json!({ "amount": "29.00", "currency": "EUR" })))
            }
            "/docs/self-hosting" if chance < 23 => {
                ("File Download", json!({ "url": "https://demo.candor.example/candor-linux.tar.gz" }), None)
            }
            "/docs/quickstart" if chance < 31 => ("Copy Snippet", json!({}), None),
            "/blog/one-binary" | "/about" if chance < 12 => {
                ("Outbound Link: Click", json!({ "url": "https://github.com/candor/candor" }), None)
            }
            "/contact" if chance < 18 => ("Form: Submission", json!({ "form": "contact" }), None),
            _ => return None,
        };
        let mut body = self.body(name, who, at, page, "");
        body["p"] = properties;
        if let Some(revenue) = revenue {
            body["$"] = revenue;
        }
        Some(told(who, at, body))
    }

    fn plan(&mut self) -> &'static str {
        pick(&mut self.dice, [("free", 61), ("team", 29), ("business", 10)].into_iter())
    }

    fn body(&self, name: &str, who: Character, at: Timestamp, page: &Page, query: &str) -> Value {
        let domain = &self.domain;
        json!({
            "n": name, "u": format!("https://{domain}{}{query}", page.path), "d": domain,
            "visitor": who.visitor.to_string(), "t": at.0, "s": who.screen,
        })
    }
}

fn told(who: Character, at: Timestamp, body: Value) -> Told {
    let [a, b, c] = who.home.network;
    let address = IpAddr::V4(Ipv4Addr::new(a, b, c, who.host));
    Told { at, address, user_agent: who.user_agent, accept_language: who.home.language, body }
}

/// How busy a day is against the average: growth, the week's rhythm, and a breath of noise left to the caller.
fn strength_of(midnight: Timestamp, days_ago: u32, days: u32) -> f64 {
    let age = f64::from(days_ago) / f64::from(days.max(1));
    // 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday.
    let weekday = (midnight.utc_day() + 3).rem_euclid(7) as usize;
    (1.35 - 0.7 * age) * WEEKDAYS[weekday]
}

/// One of `choices`, as likely as its weight.
fn pick<T>(dice: &mut fastrand::Rng, choices: impl Iterator<Item = (T, u32)> + Clone) -> T {
    let mut rest = dice.u32(0..choices.clone().map(|(_, weight)| weight).sum());
    for (choice, weight) in choices {
        if rest < weight {
            return choice;
        }
        rest -= weight;
    }
    unreachable!("the weights add up to more than the number drawn below their sum")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn telling(seed: u64) -> Vec<String> {
        let mut story = Story::new("demo.candor.example", seed);
        (0..3).rev().flat_map(|ago| story.day(NOW, ago, 3, 3_000)).map(|told| told.body.to_string()).collect()
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(telling(7), telling(7));
        assert_ne!(telling(7), telling(8));
    }

    #[test]
    fn about_as_many_events_are_told_as_were_wished_for() {
        let told = telling(7).len();
        assert!((2_000..4_500).contains(&told), "{told}");
    }

    #[test]
    fn nothing_is_told_of_the_future() {
        let mut story = Story::new("demo.candor.example", 7);
        assert!(story.day(NOW, 0, 1, 5_000).iter().all(|told| told.at < NOW));
    }

    #[test]
    fn every_page_that_is_led_to_exists() {
        let led_to = PAGES.iter().flat_map(|page| page.next).chain(SENDERS.iter().flat_map(|sender| sender.landing));
        for (path, _) in led_to {
            assert!(PAGES.iter().any(|page| page.path == *path), "{path}");
        }
    }
}
