//! One visit after another: who comes, from where, and what happens until they leave.

use std::net::Ipv4Addr;

use domain::Timestamp;
use serde_json::{Value, json};

use super::dice::Dice;
use super::world::{BOTS, COUNTRIES, Country, MACHINES, Machine, SOURCES, Source, WAYS};

/// Visitors that may come again.
const KNOWN_MAX: usize = 20_000;
/// How likely a visit is of somebody who was here before.
const RETURNING: f64 = 0.36;
/// How likely a visit is of a bot.
const BOT: f64 = 0.012;
/// Pages of a visit at most.
const PAGES_MAX: usize = 14;

/// Somebody invented.
#[derive(Clone)]
struct Visitor {
    id: String,
    country: &'static Country,
    machine: &'static Machine,
    address: Ipv4Addr,
}

/// Something that happens: when, by whom, and the body a page would send.
pub(super) struct Happening {
    pub(super) at: Timestamp,
    pub(super) address: Ipv4Addr,
    pub(super) user_agent: &'static str,
    pub(super) language: &'static str,
    pub(super) body: Value,
}

/// Invents visits.
pub(super) struct Visits {
    pub(super) dice: Dice,
    domain: String,
    known: Vec<Visitor>,
}

impl Visits {
    pub(super) fn new(domain: &str, seed: u64) -> Self {
        Self { dice: Dice::new(seed), domain: domain.to_owned(), known: Vec::new() }
    }

    /// How busy the hour is that begins at `hour_utc`, taken over all countries.
    pub(super) fn choose_source(&mut self, spike: Option<&'static Source>, share: f64) -> &'static Source {
        match spike.filter(|_| self.dice.chance(share)) {
            Some(source) => source,
            None => self.dice.pick(&SOURCES, |source| source.weight),
        }
    }

    /// A visit that begins at `begin`, which is the visitor's own local hour shifted to UTC by the caller's
    /// choice of country.
    pub(super) fn invent(
        &mut self,
        begin: impl Fn(&mut Dice, i64) -> Timestamp,
        source: &Source,
    ) -> Vec<Happening> {
        let visitor = self.choose_visitor();
        let begin = begin(&mut self.dice, visitor.country.utc_offset_hours);
        if self.dice.chance(BOT) {
            return vec![self.crawl(&visitor, begin)];
        }
        self.walk_through(&visitor, begin, source)
    }

    fn choose_visitor(&mut self) -> Visitor {
        if !self.known.is_empty() && self.dice.chance(RETURNING) {
            let at = usize::try_from(self.dice.below(self.known.len() as u64)).unwrap_or(0);
            return self.known[at].clone();
        }
        let country = self.dice.pick(&COUNTRIES, |country| country.weight);
        let [third, fourth] =
            [self.dice.below(256), self.dice.below(254) + 1].map(|n| u8::try_from(n).unwrap_or(1));
        let [first, second] = country.network;
        let visitor = Visitor {
            id: self.dice.uuid(),
            country,
            machine: self.dice.pick(&MACHINES, |machine| machine.weight),
            address: Ipv4Addr::new(first, second, third, fourth),
        };
        if self.known.len() < KNOWN_MAX {
            self.known.push(visitor.clone());
        } else {
            let at = usize::try_from(self.dice.below(KNOWN_MAX as u64)).unwrap_or(0);
            self.known[at] = visitor.clone();
        }
        visitor
    }

    fn crawl(&mut self, visitor: &Visitor, at: Timestamp) -> Happening {
        let bot = usize::try_from(self.dice.below(BOTS.len() as u64)).unwrap_or(0);
        let body = json!({ "n": "pageview", "d": self.domain, "u": self.page("/", ""), "t": at.0 });
        Happening { at, address: visitor.address, user_agent: BOTS[bot], language: "", body }
    }

    fn walk_through(&mut self, visitor: &Visitor, begin: Timestamp, source: &Source) -> Vec<Happening> {
        let mut happenings = Vec::new();
        let mut at = begin;
        let mut page = if self.dice.chance(0.62) { source.landing } else { WAYS[pick(&mut self.dice)].0 };
        let mut tags = source.tags;
        let mut referrer = source.referrer;
        for _ in 0..PAGES_MAX {
            let view = json!({ "n": "pageview", "r": referrer });
            happenings.push(self.happen(visitor, at, page, tags, view));
            let stayed_ms = self.stay(page);
            self.act(visitor, at, page, stayed_ms, &mut happenings);
            at = Timestamp(at.0 + stayed_ms);
            let depth = self.dice.between(18.0, 100.0).round();
            let engaged = json!({ "n": "engagement", "sd": depth, "e": stayed_ms * 7 / 10 });
            happenings.push(self.happen(visitor, at, page, tags, engaged));
            let Some(next) = self.go_on(page) else { break };
            (page, tags, referrer) = (next, "", "");
            at = Timestamp(at.0 + 400);
        }
        happenings
    }

    /// Milliseconds on a page: short for most, long for readers.
    #[expect(clippy::cast_possible_truncation, reason = "minutes in milliseconds are small")]
    fn stay(&mut self, page: &str) -> i64 {
        let usual = if page.starts_with("/docs") || page.starts_with("/blog/") { 75_000.0 } else { 28_000.0 };
        (usual * -(1.0 - self.dice.fraction()).max(0.02).ln()).clamp(1_500.0, 900_000.0) as i64
    }

    /// What is done on a page beside reading it.
    fn act(
        &mut self,
        visitor: &Visitor,
        at: Timestamp,
        page: &str,
        stayed_ms: i64,
        into: &mut Vec<Happening>,
    ) {
        let at = Timestamp(at.0 + stayed_ms / 2);
        let event = match page {
            "/welcome" => {
                let plan = *self.dice.pick(&["Free", "Team", "Business"], |plan| match *plan {
                    "Free" => 6.0,
                    "Team" => 3.0,
                    _ => 1.0,
                });
                let price = match plan {
                    "Team" => Some("19.00"),
                    "Business" => Some("89.00"),
                    _ => None,
                };
                let mut event = json!({ "n": "Signup", "p": { "plan": plan } });
                if let Some(amount) = price {
                    event["$"] = json!({ "currency": "EUR", "amount": amount });
                }
                event
            }
            "/docs/install" if self.dice.chance(0.3) => {
                let platform = self.dice.pick(&["linux-x86_64", "linux-aarch64", "docker"], |_| 1.0);
                let url = format!("https://{}/download/candor-{platform}.tar.gz", self.domain);
                json!({ "n": "File Download", "p": { "url": url } })
            }
            "/" | "/features" if self.dice.chance(0.08) => {
                json!({ "n": "Outbound Link: Click", "p": { "url": "https://github.com/candor/candor" } })
            }
            "/pricing" if self.dice.chance(0.15) => {
                json!({ "n": "Billing Period", "p": { "period": "yearly" } })
            }
            _ if page.starts_with("/blog/") && self.dice.chance(0.06) => {
                json!({ "n": "Newsletter Signup", "p": { "place": page } })
            }
            _ => return,
        };
        into.push(self.happen(visitor, at, page, "", event));
    }

    fn go_on(&mut self, page: &str) -> Option<&'static str> {
        let (_, ways) = WAYS.iter().find(|(from, _)| *from == page)?;
        let mut left = self.dice.fraction();
        ways.iter()
            .find(|(_, likely)| {
                left -= likely;
                left < 0.0
            })
            .map(|(to, _)| *to)
    }

    fn happen(
        &mut self,
        visitor: &Visitor,
        at: Timestamp,
        page: &str,
        tags: &str,
        mut body: Value,
    ) -> Happening {
        body["d"] = json!(self.domain);
        body["u"] = json!(self.page(page, tags));
        body["t"] = json!(at.0);
        body["id"] = json!(self.dice.uuid());
        body["visitor"] = json!(visitor.id);
        body["s"] = json!(visitor.machine.screen);
        Happening {
            at,
            address: visitor.address,
            user_agent: visitor.machine.user_agent,
            language: visitor.country.language,
            body,
        }
    }

    fn page(&self, path: &str, tags: &str) -> String {
        let mark = if tags.is_empty() { "" } else { "?" };
        format!("https://{}{path}{mark}{tags}", self.domain)
    }
}

fn pick(dice: &mut Dice) -> usize {
    usize::try_from(dice.below(WAYS.len() as u64)).unwrap_or(0)
}
