//! The texts that the traffic is made of. A row holds positions in these lists.

use domain::{Campaign, Location, Referral, Software, Text};

use crate::random::{Stream, Weighted};

/// How many paths a site has.
const PATHS: usize = 50_000;
/// How many pages elsewhere link to it.
const REFERRERS: usize = 30_000;

/// Country and its weight; the language most of its people read.
const COUNTRIES: &[(&str, f64, &str)] = &[
    ("US", 24.0, "en-US"),
    ("DE", 11.0, "de-DE"),
    ("GB", 8.0, "en-GB"),
    ("FR", 6.0, "fr-FR"),
    ("IN", 6.0, "en-IN"),
    ("CA", 4.5, "en-CA"),
    ("NL", 3.5, "nl-NL"),
    ("ES", 3.0, "es-ES"),
    ("IT", 3.0, "it-IT"),
    ("BR", 3.0, "pt-BR"),
    ("AU", 2.5, "en-AU"),
    ("PL", 2.5, "pl-PL"),
    ("JP", 2.2, "ja-JP"),
    ("SE", 2.0, "sv-SE"),
    ("CH", 2.0, "de-CH"),
    ("AT", 1.8, "de-AT"),
    ("BE", 1.5, "nl-BE"),
    ("DK", 1.2, "da-DK"),
    ("NO", 1.2, "nb-NO"),
    ("FI", 1.0, "fi-FI"),
    ("PT", 1.0, "pt-PT"),
    ("CZ", 1.0, "cs-CZ"),
    ("IE", 0.9, "en-IE"),
    ("MX", 0.9, "es-MX"),
    ("TR", 0.8, "tr-TR"),
    ("KR", 0.8, "ko-KR"),
    ("SG", 0.7, "en-SG"),
    ("RO", 0.6, "ro-RO"),
    ("HU", 0.6, "hu-HU"),
    ("GR", 0.5, "el-GR"),
    ("ZA", 0.5, "en-ZA"),
    ("AR", 0.5, "es-AR"),
    ("UA", 0.4, "uk-UA"),
    ("NZ", 0.4, "en-NZ"),
    ("ID", 0.4, "id-ID"),
    ("VN", 0.3, "vi-VN"),
    ("TH", 0.3, "th-TH"),
    ("IL", 0.3, "he-IL"),
    ("EG", 0.2, "ar-EG"),
    ("KE", 0.2, "en-KE"),
];
/// Regions per country, and cities per region.
const REGIONS: u32 = 8;
const CITIES: u32 = 6;

/// What people browse with.
struct Machine {
    weight: f64,
    browser: &'static str,
    /// Its newest major version.
    newest: u32,
    os: &'static str,
    device: &'static str,
    os_versions: &'static [&'static str],
    screens: &'static [&'static str],
}

const fn machine(
    weight: f64,
    (browser, newest): (&'static str, u32),
    (os, device): (&'static str, &'static str),
    os_versions: &'static [&'static str],
    screens: &'static [&'static str],
) -> Machine {
    Machine { weight, browser, newest, os, device, os_versions, screens }
}

const WINDOWS: &[&str] = &["10.0", "11.0"];
const DESKTOP: &[&str] = &["1920x1080", "1536x864", "2560x1440", "1366x768", "1440x900", "3840x2160"];
const MACBOOK: &[&str] = &["1440x900", "1512x982", "1728x1117", "1280x800"];
const IPHONE: &[&str] = &["390x844", "393x852", "430x932", "375x812"];
const ANDROID: &[&str] = &["412x915", "360x800", "384x832", "393x873", "412x892"];
const TABLET: &[&str] = &["820x1180", "768x1024", "1024x1366"];

const MACHINES: &[Machine] = &[
    machine(30.0, ("Chrome", 143), ("Windows", "Desktop"), WINDOWS, DESKTOP),
    machine(18.0, ("Chrome", 143), ("Android", "Mobile"), &["13.0", "14.0", "15.0", "16.0"], ANDROID),
    machine(16.0, ("Mobile Safari", 26), ("iOS", "Mobile"), &["17.6", "18.3", "18.6", "26.1"], IPHONE),
    machine(9.0, ("Chrome", 143), ("Mac OS X", "Desktop"), &["10.15"], MACBOOK),
    machine(7.0, ("Safari", 26), ("Mac OS X", "Desktop"), &["10.15"], MACBOOK),
    machine(6.0, ("Firefox", 145), ("Windows", "Desktop"), WINDOWS, DESKTOP),
    machine(5.0, ("Edge", 143), ("Windows", "Desktop"), WINDOWS, DESKTOP),
    machine(3.0, ("Firefox", 145), ("Linux", "Desktop"), &[""], DESKTOP),
    machine(2.0, ("Samsung Internet", 29), ("Android", "Mobile"), &["13.0", "14.0", "15.0"], ANDROID),
    machine(2.0, ("Mobile Safari", 26), ("iOS", "Tablet"), &["17.6", "18.6"], TABLET),
    machine(1.0, ("Opera", 124), ("Windows", "Desktop"), WINDOWS, DESKTOP),
    machine(1.0, ("Chrome", 143), ("Chrome OS", "Desktop"), &[""], DESKTOP),
];

/// Host of a known source, its name, its channel: the first referrers by rank.
const KNOWN: &[(&str, &str, &str)] = &[
    ("google.com", "Google", "Organic Search"),
    ("news.ycombinator.com", "Hacker News", "Organic Social"),
    ("bing.com", "Bing", "Organic Search"),
    ("duckduckgo.com", "DuckDuckGo", "Organic Search"),
    ("facebook.com", "Facebook", "Organic Social"),
    ("linkedin.com", "LinkedIn", "Organic Social"),
    ("reddit.com", "Reddit", "Organic Social"),
    ("youtube.com", "Youtube", "Organic Video"),
    ("chatgpt.com", "ChatGPT", "AI Assistants"),
    ("github.com", "GitHub", "Referral"),
];

/// Names of custom events. Those from [`PASSIVE`] on happen without the visitor's doing.
pub(crate) const CUSTOM: [&str; 20] = [
    "signup",
    "purchase",
    "login",
    "search",
    "download",
    "share",
    "subscribe",
    "add to cart",
    "checkout",
    "play",
    "pause",
    "contact",
    "filter",
    "sort",
    "upvote",
    "copy code",
    "theme",
    "language",
    "scrolled",
    "toast",
];
pub(crate) const PASSIVE: usize = 18;
/// Position of the event that carries money.
pub(crate) const PURCHASE: usize = 1;

const MEDIA: [(&str, &str, &str); 4] = [
    ("cpc", "google", "Paid Search"),
    ("email", "newsletter", "Email"),
    ("social", "linkedin", "Organic Social"),
    ("affiliate", "partners", "Affiliates"),
];
const CAMPAIGNS: usize = 40;

/// A list of texts with the weights by which they are drawn.
pub(crate) struct Choice {
    pub(crate) texts: Vec<Text>,
    weights: Weighted,
}

impl Choice {
    fn new(texts: impl IntoIterator<Item = String>, weights: Weighted) -> Self {
        Self { texts: texts.into_iter().map(clean).collect(), weights }
    }

    pub(crate) fn draw(&self, stream: &mut Stream) -> u32 {
        self.weights.draw(stream)
    }
}

/// All lists.
pub(crate) struct Texts {
    pub(crate) paths: Choice,
    pub(crate) referrers: Choice,
    /// For each referrer its source and its channel.
    pub(crate) sources: Vec<(Text, Text)>,
    pub(crate) countries: Choice,
    pub(crate) campaigns: Choice,
    machines: Weighted,
}

impl Texts {
    pub(crate) fn new() -> Self {
        let country_weights: Vec<f64> = COUNTRIES.iter().map(|country| country.1).collect();
        let countries = COUNTRIES.iter().map(|country| country.0.to_owned());
        let machine_weights: Vec<f64> = MACHINES.iter().map(|machine| machine.weight).collect();
        Self {
            paths: Choice::new((0..PATHS).map(path), Weighted::zipf(PATHS)),
            referrers: Choice::new((0..REFERRERS).map(referrer), Weighted::zipf(REFERRERS)),
            sources: (0..REFERRERS).map(source).collect(),
            countries: Choice::new(countries, Weighted::new(&country_weights)),
            campaigns: Choice::new(
                (0..CAMPAIGNS).map(|n| format!("campaign-{n}")),
                Weighted::zipf(CAMPAIGNS),
            ),
            machines: Weighted::new(&machine_weights),
        }
    }

    /// Draws where a visitor lives.
    pub(crate) fn location(&self, stream: &mut Stream) -> Location {
        let country = self.countries.draw(stream);
        let region = stream.below(REGIONS);
        let city = stream.below(CITIES);
        let code = &self.countries.texts[country as usize];
        Location {
            country: code.clone(),
            region: clean(format!("{code}-{}", region + 1)),
            city: clean((2_500_000 + (country * REGIONS + region) * CITIES + city).to_string()),
        }
    }

    /// Draws what a visitor in `country` looks with; `age_days` before the end of the data it was younger.
    pub(crate) fn software(&self, stream: &mut Stream, country: &str, age_days: u32) -> Software {
        let machine = &MACHINES[self.machines.draw(stream) as usize];
        // Browsers bring out a version every four weeks; some people are up to three behind.
        let behind = age_days / 28 + stream.below(4) * stream.below(2);
        let pick =
            |stream: &mut Stream, texts: &[&str]| clean(texts[stream.below(texts.len() as u32) as usize]);
        let language = COUNTRIES.iter().find(|known| known.0 == country).map_or("en-US", |known| known.2);
        Software {
            browser: clean(machine.browser),
            browser_version: clean(format!("{}.0", machine.newest - behind)),
            os: clean(machine.os),
            os_version: pick(stream, machine.os_versions),
            device: clean(machine.device),
            screen: pick(stream, machine.screens),
            language: clean(if stream.happens(0.15) { "en-US" } else { language }),
        }
    }

    /// Draws where a visit comes from.
    pub(crate) fn referral(&self, stream: &mut Stream) -> (Referral, Campaign) {
        if stream.happens(0.10) {
            return self.tagged(stream);
        }
        if stream.happens(0.33) {
            let direct = Referral { channel: clean("Direct"), ..Referral::default() };
            return (direct, Campaign::default());
        }
        let rank = self.referrers.draw(stream) as usize;
        let (source, channel) = self.sources[rank].clone();
        let referral = Referral { referrer: self.referrers.texts[rank].clone(), source, channel };
        (referral, Campaign::default())
    }

    fn tagged(&self, stream: &mut Stream) -> (Referral, Campaign) {
        let (medium, source, channel) = MEDIA[stream.below(MEDIA.len() as u32) as usize];
        let term = if medium == "cpc" { format!("keyword {}", stream.below(30)) } else { String::new() };
        let campaign = Campaign {
            medium: clean(medium),
            source: clean(source),
            campaign: self.campaigns.texts[self.campaigns.draw(stream) as usize].clone(),
            content: clean(format!("variant {}", stream.below(4))),
            term: clean(term),
        };
        let referral = Referral { referrer: Text::default(), source: clean(source), channel: clean(channel) };
        (referral, campaign)
    }
}

fn clean(text: impl AsRef<str>) -> Text {
    Text::clean(text.as_ref(), domain::limits::PATH_BYTES)
}

const WORDS: [&str; 32] = [
    "pricing", "guide", "release", "notes", "install", "account", "privacy", "report", "winter", "summer",
    "coffee", "garden", "engine", "paper", "travel", "update", "review", "camera", "kitchen", "school",
    "market", "bridge", "island", "forest", "museum", "letter", "window", "yellow", "silver", "harbour",
    "river", "cloud",
];

fn path(rank: usize) -> String {
    let word = |at: usize| WORDS[(rank / 32_usize.pow(at as u32) + at * 7) % 32];
    match rank {
        0 => "/".to_owned(),
        1..32 => format!("/{}", WORDS[rank]),
        _ if rank.is_multiple_of(3) => format!("/blog/{}/{}-{}-{rank}", 2018 + rank % 8, word(0), word(1)),
        _ if rank % 3 == 1 => format!("/docs/{}/{}/{rank}", word(0), word(1)),
        _ => format!("/shop/{}/{}-{}-{}-{rank}", word(1), word(0), word(2), word(1)),
    }
}

fn referrer_host(rank: usize) -> String {
    match KNOWN.get(rank) {
        Some(known) => known.0.to_owned(),
        // Three pages of each unknown host link to the site.
        None => format!("{}-{}.example", WORDS[rank / 3 % 32], rank / 3),
    }
}

fn referrer(rank: usize) -> String {
    match KNOWN.get(rank) {
        Some(known) => known.0.to_owned(),
        None => format!("{}/{}/{rank}", referrer_host(rank), WORDS[rank / 7 % 32]),
    }
}

fn source(rank: usize) -> (Text, Text) {
    match KNOWN.get(rank) {
        Some(known) => (clean(known.1), clean(known.2)),
        None => (clean(referrer_host(rank)), clean("Referral")),
    }
}
