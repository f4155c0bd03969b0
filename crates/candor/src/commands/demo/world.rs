//! The world of the demo: the pages of a made-up site, where its visitors live, what they look with and what sends
//! them. Weights are shares, not percentages. Data only; how visits unfold is told in `story`.

/// A page and where people go from it (`next`: page and weight); a visit ends there with what is left of 100.
pub(super) struct Page {
    pub(super) path: &'static str,
    /// Typical seconds in the foreground.
    pub(super) seconds: u32,
    pub(super) next: &'static [(&'static str, u32)],
}

pub(super) const PAGES: &[Page] = &[
    Page { path: "/", seconds: 24, next: &[("/features", 22), ("/pricing", 18), ("/docs", 9), ("/blog", 6), ("/about", 4), ("/login", 6)] },
    Page { path: "/features", seconds: 48, next: &[("/pricing", 30), ("/features/heatmaps", 13), ("/features/recordings", 12), ("/docs", 8)] },
    Page { path: "/features/heatmaps", seconds: 52, next: &[("/pricing", 22), ("/features/recordings", 15), ("/features", 8)] },
    Page { path: "/features/recordings", seconds: 57, next: &[("/pricing", 24), ("/security", 16), ("/features", 7)] },
    Page { path: "/pricing", seconds: 41, next: &[("/signup", 21), ("/features", 12), ("/security", 8), ("/docs", 6), ("/contact", 4)] },
    Page { path: "/signup", seconds: 63, next: &[("/welcome", 46), ("/pricing", 7)] },
    Page { path: "/welcome", seconds: 35, next: &[("/docs/quickstart", 52)] },
    Page { path: "/login", seconds: 12, next: &[("/docs", 12)] },
    Page { path: "/security", seconds: 74, next: &[("/pricing", 16), ("/docs/self-hosting", 14), ("/contact", 5)] },
    Page { path: "/about", seconds: 31, next: &[("/contact", 12), ("/careers", 14), ("/", 9)] },
    Page { path: "/careers", seconds: 44, next: &[("/about", 10)] },
    Page { path: "/contact", seconds: 38, next: &[("/", 6)] },
    Page { path: "/docs", seconds: 26, next: &[("/docs/quickstart", 36), ("/docs/self-hosting", 17), ("/docs/api", 14), ("/docs/events", 9)] },
    Page { path: "/docs/quickstart", seconds: 122, next: &[("/docs/events", 27), ("/docs/api", 12), ("/docs/self-hosting", 13)] },
    Page { path: "/docs/self-hosting", seconds: 148, next: &[("/docs/backups", 21), ("/docs/quickstart", 12), ("/security", 7)] },
    Page { path: "/docs/backups", seconds: 83, next: &[("/docs/self-hosting", 14)] },
    Page { path: "/docs/api", seconds: 135, next: &[("/docs/events", 22), ("/docs/quickstart", 8)] },
    Page { path: "/docs/events", seconds: 94, next: &[("/docs/api", 18), ("/docs", 8)] },
    Page { path: "/blog", seconds: 22, next: &[("/blog/analytics-without-cookies", 26), ("/blog/what-a-bounce-is", 17), ("/blog/one-binary", 15), ("/", 8)] },
    Page { path: "/blog/analytics-without-cookies", seconds: 164, next: &[("/", 11), ("/blog", 8), ("/features", 7)] },
    Page { path: "/blog/what-a-bounce-is", seconds: 137, next: &[("/blog", 10), ("/docs", 6)] },
    Page { path: "/blog/one-binary", seconds: 171, next: &[("/docs/self-hosting", 14), ("/", 9), ("/blog", 5)] },
    Page { path: "/blog/why-we-publish-our-proofs", seconds: 193, next: &[("/security", 18), ("/", 9)] },
    Page { path: "/changelog", seconds: 47, next: &[("/docs", 11), ("/", 7)] },
];

/// What sends visitors: a referrer, the query its links carry, where they land, and its share.
pub(super) struct Sender {
    pub(super) referrer: &'static str,
    pub(super) query: &'static str,
    pub(super) landing: &'static [(&'static str, u32)],
    pub(super) weight: u32,
    /// Days before the end on which it is many times as strong, for about two days: a launch, a newsletter.
    pub(super) spikes: &'static [u32],
}

const ANYWHERE: &[(&str, u32)] = &[
    ("/", 46), ("/docs", 10), ("/docs/quickstart", 8), ("/pricing", 9), ("/login", 12), ("/changelog", 7), ("/docs/api", 8),
];
const FOUND: &[(&str, u32)] = &[
    ("/", 30), ("/blog/analytics-without-cookies", 17), ("/blog/what-a-bounce-is", 14), ("/docs/self-hosting", 11),
    ("/features/heatmaps", 8), ("/features/recordings", 8), ("/security", 6), ("/pricing", 6),
];
const READ: &[(&str, u32)] = &[("/blog/one-binary", 44), ("/blog/why-we-publish-our-proofs", 33), ("/", 23)];
const BOUGHT: &[(&str, u32)] = &[("/", 40), ("/pricing", 36), ("/features", 24)];

pub(super) const SENDERS: &[Sender] = &[
    Sender { referrer: "", query: "", landing: ANYWHERE, weight: 310, spikes: &[] },
    Sender { referrer: "https://www.google.com/", query: "", landing: FOUND, weight: 262, spikes: &[] },
    Sender { referrer: "https://duckduckgo.com/", query: "", landing: FOUND, weight: 47, spikes: &[] },
    Sender { referrer: "https://www.bing.com/", query: "", landing: FOUND, weight: 31, spikes: &[] },
    Sender { referrer: "https://news.ycombinator.com/item?id=41874", query: "", landing: READ, weight: 24, spikes: &[64, 19] },
    Sender { referrer: "https://github.com/candor/candor", query: "", landing: ANYWHERE, weight: 68, spikes: &[63] },
    Sender { referrer: "https://www.reddit.com/r/selfhosted/", query: "", landing: READ, weight: 33, spikes: &[41] },
    Sender { referrer: "https://t.co/x8", query: "", landing: READ, weight: 26, spikes: &[18] },
    Sender { referrer: "https://www.linkedin.com/feed/", query: "", landing: READ, weight: 22, spikes: &[] },
    Sender { referrer: "https://mastodon.social/", query: "", landing: READ, weight: 12, spikes: &[] },
    Sender { referrer: "https://chatgpt.com/", query: "utm_source=chatgpt.com", landing: FOUND, weight: 29, spikes: &[] },
    Sender { referrer: "https://www.youtube.com/watch", query: "", landing: BOUGHT, weight: 13, spikes: &[33] },
    Sender { referrer: "https://alternativeto.net/software/candor/", query: "", landing: BOUGHT, weight: 21, spikes: &[] },
    Sender { referrer: "https://dev.to/candor/one-binary", query: "", landing: READ, weight: 14, spikes: &[40] },
    Sender { referrer: "", query: "utm_source=newsletter&utm_medium=email&utm_campaign=october-letter", landing: READ, weight: 9, spikes: &[52] },
    Sender { referrer: "", query: "utm_source=newsletter&utm_medium=email&utm_campaign=november-letter", landing: READ, weight: 9, spikes: &[21] },
    Sender { referrer: "https://www.google.com/", query: "utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=candor%20analytics", landing: BOUGHT, weight: 38, spikes: &[] },
    Sender { referrer: "https://www.google.com/", query: "utm_source=google&utm_medium=cpc&utm_campaign=private-analytics&utm_content=b", landing: BOUGHT, weight: 27, spikes: &[] },
    Sender { referrer: "https://www.linkedin.com/", query: "utm_source=linkedin&utm_medium=paid-social&utm_campaign=dpo", landing: &[("/security", 70), ("/", 30)], weight: 11, spikes: &[12] },
];

/// Where visitors live: an address of the country's, its languages, hours east of UTC, and its share.
pub(super) struct Home {
    pub(super) network: [u8; 3],
    pub(super) language: &'static str,
    pub(super) utc_offset_hours: i64,
    pub(super) weight: u32,
}

const fn home(network: [u8; 3], language: &'static str, utc_offset_hours: i64, weight: u32) -> Home {
    Home { network, language, utc_offset_hours, weight }
}

pub(super) const HOMES: &[Home] = &[
    home([73, 0, 16], "en-US,en;q=0.9", -6, 262),
    home([84, 128, 8], "de-DE,de;q=0.9,en;q=0.7", 1, 171),
    home([81, 128, 4], "en-GB,en;q=0.9", 0, 96),
    home([90, 0, 12], "fr-FR,fr;q=0.9,en;q=0.6", 1, 82),
    home([84, 24, 6], "nl-NL,nl;q=0.9,en;q=0.8", 1, 53),
    home([70, 24, 9], "en-CA,en;q=0.9,fr;q=0.5", -5, 47),
    home([49, 32, 3], "en-IN,en;q=0.9,hi;q=0.5", 5, 61),
    home([177, 32, 5], "pt-BR,pt;q=0.9", -3, 39),
    home([1, 128, 2], "en-AU,en;q=0.9", 10, 33),
    home([83, 32, 7], "es-ES,es;q=0.9", 1, 34),
    home([79, 0, 3], "it-IT,it;q=0.9", 1, 28),
    home([83, 0, 2], "pl-PL,pl;q=0.9,en;q=0.6", 1, 27),
    home([81, 224, 4], "sv-SE,sv;q=0.9,en;q=0.8", 1, 24),
    home([85, 0, 5], "de-CH,de;q=0.9", 1, 23),
    home([80, 108, 6], "de-AT,de;q=0.9", 1, 19),
    home([126, 0, 8], "ja-JP,ja;q=0.9", 9, 31),
    home([14, 32, 2], "ko-KR,ko;q=0.9", 9, 14),
    home([116, 14, 3], "en-SG,en;q=0.9,zh;q=0.6", 8, 12),
    home([189, 128, 4], "es-MX,es;q=0.9", -6, 13),
    home([105, 0, 2], "en-ZA,en;q=0.9", 2, 9),
    home([181, 0, 3], "es-AR,es;q=0.9", -3, 9),
    home([78, 160, 4], "tr-TR,tr;q=0.9", 3, 11),
    home([36, 64, 5], "id-ID,id;q=0.9", 7, 9),
    home([37, 52, 6], "uk-UA,uk;q=0.9", 2, 10),
];

/// What visitors look with: user agent, screen, share.
pub(super) const SOFTWARE: &[(&str, &str, u32)] = &[
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "1920x1080", 232),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "2560x1440", 74),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "1512x982", 128),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", "1440x900", 97),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "1920x1080", 84),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "1920x1080", 49),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "1920x1200", 61),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "393x852", 149),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1", "390x844", 38),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "412x915", 161),
    ("Mozilla/5.0 (Linux; Android 15; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "384x832", 34),
    ("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "820x1180", 27),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", "1536x864", 17),
];

/// A visitor that is a machine: set aside at the door, and shown as such.
pub(super) const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// How lively each hour of the visitor's own day is.
pub(super) const HOURS: [u32; 24] =
    [9, 6, 4, 3, 3, 5, 11, 24, 43, 62, 70, 68, 58, 64, 71, 70, 63, 52, 44, 43, 45, 41, 29, 16];

/// How lively each day of the week is, Monday first.
pub(super) const WEEKDAYS: [f64; 7] = [1.06, 1.14, 1.16, 1.12, 1.0, 0.68, 0.7];
