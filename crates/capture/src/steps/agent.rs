//! Step 11, read the user agent: browser, operating system and device class, as far as the client says.
//!
//! Judging a user agent costs some 10 µs, so the last few thousand judgements are remembered, whether the
//! agent is a bot's among them. Client strings are cut before anything looks at them.

use std::borrow::Cow;
use std::sync::Arc;

use domain::{Software, Suspicion, Text, limits};
use quick_cache::sync::Cache;
use ua_parser::{os, user_agent};

use super::bots::BotList;
use super::{device, language, screen};
use crate::lists::agents;

/// What a user agent says, and whether it is to be believed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judgement {
    /// Screen and language are not the agent's to say, and are empty.
    pub(crate) software: Software,
    pub(crate) suspicion: Option<Suspicion>,
}

/// Reads user agents, each seldom more than once.
pub(crate) struct AgentReader {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    bots: BotList,
    remembered: Cache<Box<str>, Arc<Judgement>>,
}

impl AgentReader {
    /// Compiles the bundled lists. This takes about 0.1 s and 12 MB, so a process does it once.
    pub(crate) fn new() -> Self {
        let (browsers, systems) = agents::extractors();
        let remembered = Cache::new(limits::AGENTS_REMEMBERED);
        Self { browsers, systems, bots: BotList::new(), remembered }
    }

    /// The judgement of a user agent cut by [`cut`].
    pub(crate) fn judge(&self, agent: &str) -> Arc<Judgement> {
        if let Some(known) = self.remembered.get(agent) {
            return known;
        }
        let judgement = Arc::new(self.judge_afresh(agent));
        self.remembered.insert(agent.into(), Arc::clone(&judgement));
        judgement
    }

    fn judge_afresh(&self, agent: &str) -> Judgement {
        if agent.is_empty() {
            return Judgement::default();
        }
        let browser = self.browsers.extract(agent);
        let system = self.systems.extract(agent);
        let (browser, browser_version) = browser.as_ref().map_or_else(Default::default, |browser| {
            (browser_name(&browser.family), version(browser.major, browser.minor))
        });
        let (os, os_version) = system.as_ref().map_or_else(Default::default, |system| {
            (system_name(&system.os), version(system.major.as_deref(), system.minor.as_deref()))
        });
        let known = !browser.is_empty() || !os.is_empty();
        let device = Text::clean(device::class(agent, known), limits::TAG_BYTES);
        let software = Software { browser, browser_version, os, os_version, device, ..Software::default() };
        Judgement { software, suspicion: self.bots.suspect(agent) }
    }
}

/// What the visitor looks with: what the agent says, and the language and screen that come beside it.
pub(crate) fn software(judgement: &Judgement, accept_language: &[u8], screen: &str) -> Software {
    Software {
        language: language::first(accept_language),
        screen: screen::read(screen),
        ..judgement.software.clone()
    }
}

/// The part of the header that is looked at, as text.
pub(crate) fn cut(header: &[u8]) -> Cow<'_, str> {
    let header = &header[..header.len().min(limits::USER_AGENT_BYTES)];
    match String::from_utf8_lossy(header.trim_ascii()) {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        // Each byte that is not UTF-8 grew to three.
        Cow::Owned(text) => Cow::Owned(text[..text.floor_char_boundary(limits::USER_AGENT_BYTES)].to_owned()),
    }
}

/// The brand: that a browser runs on a telephone is the device's to say.
fn browser_name(family: &str) -> Text {
    let brand = match family {
        "Other" => "",
        "Mobile Safari" => "Safari",
        "Chrome Mobile" | "Chrome Mobile iOS" => "Chrome",
        "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Edge Mobile" => "Edge",
        "Opera Mobile" | "Opera Mini" => "Opera",
        "Chrome Mobile WebView" => "Android WebView",
        "Mobile Safari UI/WKWebView" => "iOS WebView",
        other => other,
    };
    Text::clean(brand, limits::TAG_BYTES)
}

fn system_name(os: &str) -> Text {
    let name = match os {
        "Other" => "",
        "Mac OS X" => "macOS",
        other => other,
    };
    Text::clean(name, limits::TAG_BYTES)
}

/// `major.minor`, or what of it is known.
fn version(major: Option<&str>, minor: Option<&str>) -> Text {
    match (major, minor) {
        (None, _) => Text::default(),
        (Some(major), None) => Text::clean(major, limits::TAG_BYTES),
        (Some(major), Some(minor)) => Text::clean(&format!("{major}.{minor}"), limits::TAG_BYTES),
    }
}

#[cfg(test)]
mod tests;
