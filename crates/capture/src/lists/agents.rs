//! How browsers and operating systems are told from user agents: uap-core, less its device models, which
//! name products but not device classes.

use ua_parser::{os, user_agent};

static LIST: &str = include_str!("../../lists/agents.json");

#[derive(serde::Deserialize)]
struct Agents {
    #[serde(borrow)]
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    #[serde(borrow)]
    os_parsers: Vec<os::Parser<'static>>,
}

/// Compiles the bundled list.
pub(crate) fn extractors() -> (user_agent::Extractor<'static>, os::Extractor<'static>) {
    const TESTED: &str = "a test compiles the bundled list";
    let list: Agents = serde_json::from_str(LIST).expect(TESTED);
    let browsers = user_agent::Builder::new().push_all(list.user_agent_parsers).expect(TESTED);
    let systems = os::Builder::new().push_all(list.os_parsers).expect(TESTED);
    (browsers.build().expect(TESTED), systems.build().expect(TESTED))
}
