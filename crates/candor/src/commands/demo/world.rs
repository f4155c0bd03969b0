//! The world that invented visitors come from: countries, machines, sources, and the pages of the demo site.

/// A country: how many come from it, where its addresses are, what its clocks and browsers say.
pub(super) struct Country {
    pub(super) weight: f64,
    /// First two octets of a network of one of its large providers.
    pub(super) network: [u8; 2],
    pub(super) utc_offset_hours: i64,
    pub(super) language: &'static str,
}

const fn country(weight: f64, network: [u8; 2], utc_offset_hours: i64, language: &'static str) -> Country {
    Country { weight, network, utc_offset_hours, language }
}

pub(super) const COUNTRIES: [Country; 24] = [
    country(23.0, [73, 20], -6, "en-US,en;q=0.9"),
    country(17.0, [91, 20], 1, "de-DE,de;q=0.9,en;q=0.7"),
    country(8.0, [86, 130], 0, "en-GB,en;q=0.9"),
    country(6.5, [90, 20], 1, "fr-FR,fr;q=0.9,en;q=0.6"),
    country(6.0, [117, 200], 5, "en-IN,hi;q=0.8,en;q=0.7"),
    country(5.0, [77, 165], 1, "nl-NL,nl;q=0.9,en;q=0.8"),
    country(4.0, [70, 26], -5, "en-CA,en;q=0.9,fr;q=0.5"),
    country(3.5, [189, 10], -3, "pt-BR,pt;q=0.9,en;q=0.6"),
    country(3.0, [83, 40], 1, "es-ES,es;q=0.9"),
    country(3.0, [85, 3], 1, "de-CH,de;q=0.9,fr;q=0.6"),
    country(2.8, [83, 10], 1, "pl-PL,pl;q=0.9,en;q=0.7"),
    country(2.6, [78, 70], 1, "sv-SE,sv;q=0.9,en;q=0.8"),
    country(2.5, [126, 40], 9, "ja-JP,ja;q=0.9"),
    country(2.4, [1, 130], 10, "en-AU,en;q=0.9"),
    country(2.2, [79, 20], 1, "it-IT,it;q=0.9,en;q=0.5"),
    country(2.0, [91, 115], 1, "de-AT,de;q=0.9,en;q=0.7"),
    country(1.4, [81, 242], 1, "nl-BE,nl;q=0.9,fr;q=0.8"),
    country(1.2, [91, 154], 2, "fi-FI,fi;q=0.9,en;q=0.8"),
    country(1.1, [84, 210], 1, "nb-NO,nb;q=0.9,en;q=0.8"),
    country(1.0, [80, 162], 1, "da-DK,da;q=0.9,en;q=0.8"),
    country(0.9, [189, 140], -6, "es-MX,es;q=0.9"),
    country(0.8, [175, 200], 9, "ko-KR,ko;q=0.9"),
    country(0.7, [41, 145], 2, "en-ZA,en;q=0.9"),
    country(0.6, [36, 70], 7, "id-ID,id;q=0.9,en;q=0.6"),
];

/// A browser on a machine.
pub(super) struct Machine {
    pub(super) weight: f64,
    pub(super) user_agent: &'static str,
    pub(super) screen: &'static str,
}

const fn machine(weight: f64, screen: &'static str, user_agent: &'static str) -> Machine {
    Machine { weight, user_agent, screen }
}

pub(super) const MACHINES: [Machine; 14] = [
    machine(
        20.0,
        "1920x1080",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    machine(
        7.0,
        "1536x864",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ),
    machine(
        9.0,
        "1440x900",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    machine(
        8.0,
        "1512x982",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    ),
    machine(6.0, "1920x1080", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
    machine(
        4.0,
        "2560x1440",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ),
    machine(
        4.0,
        "1920x1200",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    ),
    machine(
        4.0,
        "1920x1080",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    ),
    machine(
        14.0,
        "390x844",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ),
    machine(
        11.0,
        "412x915",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    ),
    machine(
        3.0,
        "360x780",
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    ),
    machine(2.0, "393x873", "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"),
    machine(
        2.0,
        "820x1180",
        "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ),
    machine(
        2.0,
        "1680x1050",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 OPR/123.0.0.0",
    ),
];

/// A visitor that is none: set aside, and shown as such.
pub(super) const BOTS: [&str; 3] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
];

/// Where visits come from.
pub(super) struct Source {
    pub(super) weight: f64,
    pub(super) referrer: &'static str,
    /// What stands after the `?` of the first page.
    pub(super) tags: &'static str,
    /// Where its visits usually begin.
    pub(super) landing: &'static str,
}

const fn source(weight: f64, referrer: &'static str, tags: &'static str, landing: &'static str) -> Source {
    Source { weight, referrer, tags, landing }
}

pub(super) const SOURCES: [Source; 18] = [
    source(30.0, "", "", "/"),
    source(26.0, "https://www.google.com/", "", "/docs"),
    source(4.0, "https://www.bing.com/", "", "/docs"),
    source(4.0, "https://duckduckgo.com/", "", "/docs/install"),
    source(6.0, "https://github.com/candor/candor", "", "/"),
    source(4.0, "https://news.ycombinator.com/", "", "/blog/clean-at-the-door"),
    source(3.5, "https://www.reddit.com/r/selfhosted/", "", "/"),
    source(2.0, "https://t.co/abc", "", "/blog/exact-numbers"),
    source(2.0, "https://www.linkedin.com/", "", "/pricing"),
    source(1.5, "https://www.youtube.com/", "", "/"),
    source(3.0, "https://chatgpt.com/", "utm_source=chatgpt.com", "/docs"),
    source(1.2, "https://www.perplexity.ai/", "", "/docs"),
    source(1.5, "https://mastodon.social/", "", "/blog/clean-at-the-door"),
    source(3.0, "", "utm_source=newsletter&utm_medium=email&utm_campaign=monthly-letter", "/changelog"),
    source(
        2.5,
        "https://www.google.com/",
        "utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=x",
        "/pricing",
    ),
    source(
        1.3,
        "https://www.facebook.com/",
        "utm_source=facebook&utm_medium=paid-social&utm_campaign=autumn",
        "/",
    ),
    source(1.5, "https://alternativeto.net/", "", "/compare"),
    source(1.0, "https://lobste.rs/", "", "/blog/one-walk"),
];

/// Days on which much more came than usual.
pub(super) struct Spike {
    /// How far into the history, from 0 to 1.
    pub(super) place: f64,
    /// How many times the usual number comes on the first day.
    pub(super) height: f64,
    pub(super) source: Source,
}

pub(super) const SPIKES: [Spike; 4] = [
    Spike {
        place: 0.18,
        height: 1.6,
        source: source(
            1.0,
            "",
            "utm_source=newsletter&utm_medium=email&utm_campaign=launch-letter",
            "/changelog",
        ),
    },
    Spike {
        place: 0.42,
        height: 3.2,
        source: source(1.0, "https://news.ycombinator.com/", "", "/blog/clean-at-the-door"),
    },
    Spike {
        place: 0.67,
        height: 1.9,
        source: source(
            1.0,
            "https://www.producthunt.com/",
            "utm_source=producthunt&utm_medium=referral&utm_campaign=ph-launch",
            "/",
        ),
    },
    Spike {
        place: 0.9,
        height: 1.5,
        source: source(
            1.0,
            "https://www.google.com/",
            "utm_source=google&utm_medium=cpc&utm_campaign=autumn&gclid=x",
            "/pricing",
        ),
    },
];

/// Where a visitor goes from a page, and how likely each way is; the rest leaves.
pub(super) const WAYS: [(&str, &[(&str, f64)]); 15] = [
    ("/", &[("/pricing", 0.2), ("/docs", 0.18), ("/features", 0.14), ("/blog", 0.05), ("/compare", 0.04)]),
    ("/features", &[("/pricing", 0.26), ("/docs", 0.18), ("/compare", 0.1)]),
    ("/pricing", &[("/signup", 0.24), ("/", 0.1), ("/docs", 0.1), ("/compare", 0.08)]),
    ("/signup", &[("/welcome", 0.48), ("/pricing", 0.12)]),
    ("/welcome", &[("/docs/install", 0.6), ("/docs/first-site", 0.2)]),
    (
        "/docs",
        &[("/docs/install", 0.34), ("/docs/first-site", 0.16), ("/docs/api", 0.16), ("/docs/events", 0.12)],
    ),
    ("/docs/install", &[("/docs/first-site", 0.42), ("/docs/api", 0.1), ("/docs", 0.08)]),
    ("/docs/first-site", &[("/docs/events", 0.3), ("/docs/api", 0.2)]),
    ("/docs/events", &[("/docs/api", 0.25), ("/docs/first-site", 0.1)]),
    ("/docs/api", &[("/docs/events", 0.15), ("/docs", 0.08)]),
    ("/blog", &[("/blog/clean-at-the-door", 0.3), ("/blog/exact-numbers", 0.25), ("/blog/one-walk", 0.2)]),
    ("/blog/clean-at-the-door", &[("/", 0.16), ("/docs", 0.1), ("/blog/one-walk", 0.1)]),
    ("/blog/exact-numbers", &[("/", 0.12), ("/features", 0.1)]),
    ("/blog/one-walk", &[("/docs", 0.12), ("/", 0.1)]),
    ("/compare", &[("/pricing", 0.3), ("/", 0.12)]),
];

/// How busy each hour of a visitor's day is.
pub(super) const HOURS: [f64; 24] = [
    0.9, 0.5, 0.35, 0.3, 0.3, 0.45, 0.9, 1.8, 3.2, 4.6, 5.2, 5.1, 4.4, 4.7, 5.3, 5.2, 4.9, 4.3, 3.7, 3.5,
    3.6, 3.3, 2.5, 1.6,
];

/// How busy each day of the week is, Monday first.
pub(super) const WEEKDAYS: [f64; 7] = [1.02, 1.1, 1.08, 1.05, 0.95, 0.56, 0.6];
