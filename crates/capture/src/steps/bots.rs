//! Step 7, set bots aside: by the user agent's name, by marks of a driven browser, by a spamming referrer.
//!
//! Nothing is dropped: a suspected event is kept apart with its reason. The shape of headers and the rate of
//! requests are no reasons, because honest server-side senders would be caught with them.

use aho_corasick::AhoCorasick;
use domain::Suspicion;
use regex::bytes::{Regex, RegexSet, RegexSetBuilder};

use crate::lists::{bots, spam};
use crate::wire::Address;

/// Names that browsers give themselves while a program drives them.
const AUTOMATION: [&str; 12] = [
    "headlesschrome",
    "headless",
    "phantomjs",
    "slimerjs",
    "cypress",
    "selenium",
    "webdriver",
    "puppeteer",
    "playwright",
    "electron-mocha",
    "jsdom",
    "nightmare",
];

/// The names by which programs call themselves. Most are plain words, so that an honest browser costs one
/// walk over its agent's letters and a few patterns.
pub(crate) struct BotList {
    automation: AhoCorasick,
    words: AhoCorasick,
    words_in_any_case: AhoCorasick,
    patterns: RegexSet,
    guarded: Vec<Guarded>,
}

/// A pattern that means a bot except beside certain neighbours: `bot`, but not in `Cubot`.
struct Guarded {
    pattern: Regex,
    not_before: Option<Regex>,
    not_after: Option<Regex>,
}

impl BotList {
    /// Compiles the bundled list.
    pub(crate) fn new() -> Self {
        let list = bots::read();
        let any_case = |words: &[&str]| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(words)
                .expect("the bundled words are few")
        };
        Self {
            automation: any_case(&AUTOMATION),
            words: AhoCorasick::new(&list.words).expect("the bundled words are few"),
            words_in_any_case: any_case(&list.words_in_any_case),
            patterns: RegexSetBuilder::new(&list.patterns)
                .unicode(false)
                .build()
                .expect("a test compiles every bundled pattern"),
            guarded: list.guarded.iter().map(Guarded::new).collect(),
        }
    }

    /// Why a user agent is suspected, if it is.
    pub(crate) fn suspect(&self, agent: &str) -> Option<Suspicion> {
        if self.automation.is_match(agent) {
            return Some(Suspicion::Automation);
        }
        let is_bot = self.words.is_match(agent)
            || self.words_in_any_case.is_match(agent)
            || self.patterns.is_match(agent.as_bytes())
            || self.guarded.iter().any(|guarded| guarded.matches(agent.as_bytes()));
        is_bot.then_some(Suspicion::UserAgent)
    }
}

impl Guarded {
    fn new(line: &bots::GuardedLine) -> Self {
        let compile =
            |pattern: String| bots::compile(&pattern).expect("a test compiles every bundled pattern");
        let neighbour = |alternatives: &str| (!alternatives.is_empty()).then(|| alternatives.to_owned());
        Self {
            pattern: compile(line.pattern.to_owned()),
            not_before: neighbour(line.not_before).map(|before| compile(format!("(?:{before})$"))),
            not_after: neighbour(line.not_after).map(|after| compile(format!("^(?:{after})"))),
        }
    }

    fn matches(&self, agent: &[u8]) -> bool {
        let clashes =
            |pattern: &Option<Regex>, part: &[u8]| pattern.as_ref().is_some_and(|found| found.is_match(part));
        self.pattern.find_iter(agent).any(|found| {
            !clashes(&self.not_before, &agent[..found.start()])
                && !clashes(&self.not_after, &agent[found.end()..])
        })
    }
}

/// Why an event is set aside, if it is: what its user agent gave away, or else its referrer.
pub(crate) fn suspect(agent: Option<Suspicion>, referrer: Option<&Address<'_>>) -> Option<Suspicion> {
    agent.or_else(|| is_spam(&referrer?.host).then_some(Suspicion::ReferrerSpam))
}

/// Whether the host of a referrer, or a domain above it, is a known spammer's.
fn is_spam(referrer_host: &str) -> bool {
    let mut host = referrer_host;
    loop {
        if spam::contains(host) {
            return true;
        }
        let Some((_, parent)) = host.split_once('.') else { return false };
        host = parent;
    }
}

#[cfg(test)]
mod tests;
