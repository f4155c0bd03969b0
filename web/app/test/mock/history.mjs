/** Ninety-odd days of made-up visits to a made-up shop, the same for the same seed. For tests and development only. */

const PATHS = [
  '/',
  '/pricing',
  '/docs/getting-started',
  '/blog/why-we-left-the-cloud',
  '/docs/self-hosting',
  '/changelog',
  '/blog/the-cost-of-a-cookie',
  '/about',
  '/docs/api/query',
  '/customers',
  '/blog/postmortem-2026-08',
  '/docs/api/events',
  '/contact',
  '/security',
  '/careers',
  '/docs/tracker',
];
const SOURCES = [
  ['', 'Direct', 34],
  ['Google', 'Organic Search', 30],
  ['Hacker News', 'Organic Social', 9],
  ['GitHub', 'Organic Social', 7],
  ['DuckDuckGo', 'Organic Search', 5],
  ['newsletter', 'Email', 5],
  ['Bing', 'Organic Search', 3],
  ['lobste.rs', 'Referral', 3],
  ['chatgpt.com', 'AI Assistants', 3],
  ['Reddit', 'Organic Social', 2],
  ['Mastodon', 'Organic Social', 1.4],
  ['heise.de', 'Referral', 1.2],
  ['perplexity', 'AI Assistants', 1],
];
const COUNTRIES = [
  ['US', 28],
  ['DE', 17],
  ['GB', 9],
  ['FR', 7],
  ['NL', 5],
  ['IN', 5],
  ['CA', 4],
  ['SE', 3],
  ['CH', 3],
  ['AU', 3],
  ['BR', 2.5],
  ['PL', 2.4],
  ['JP', 2],
  ['ES', 2],
  ['SG', 1.2],
  ['AT', 1.6],
  ['IT', 1.6],
  ['NO', 1.2],
  ['DK', 1.2],
  ['CZ', 1],
  ['ZA', 0.6],
  ['MX', 0.8],
  ['KR', 0.7],
  ['UA', 0.7],
  ['MT', 0.2],
  ['KE', 0.2],
  ['AR', 0.6],
];
const LANGUAGES = {
  US: 'en-US',
  DE: 'de',
  GB: 'en-GB',
  FR: 'fr',
  NL: 'nl',
  IN: 'en-IN',
  CA: 'en-CA',
  SE: 'sv',
  CH: 'de-CH',
  AU: 'en-AU',
  BR: 'pt-BR',
  PL: 'pl',
  JP: 'ja',
  ES: 'es',
  AT: 'de-AT',
  IT: 'it',
};
const BROWSERS = [
  ['Chrome', 47],
  ['Safari', 21],
  ['Firefox', 19],
  ['Edge', 7],
  ['Mobile Safari', 14],
  ['Samsung Internet', 2],
  ['Brave', 2],
  ['Vivaldi', 1],
];
const SYSTEMS = {
  Desktop: [
    ['macOS', 36],
    ['Windows', 34],
    ['GNU/Linux', 26],
    ['Chrome OS', 2],
  ],
  Mobile: [
    ['iOS', 52],
    ['Android', 48],
  ],
  Tablet: [
    ['iPadOS', 70],
    ['Android', 30],
  ],
};
const SCREENS = {
  Desktop: [
    ['1920x1080', 34],
    ['2560x1440', 18],
    ['1440x900', 14],
    ['1512x982', 12],
    ['3840x2160', 6],
    ['1366x768', 7],
  ],
  Mobile: [
    ['390x844', 30],
    ['393x852', 24],
    ['412x915', 22],
    ['360x800', 15],
  ],
  Tablet: [
    ['820x1180', 60],
    ['1024x1366', 40],
  ],
};
const DEVICES = [
  ['Desktop', 66],
  ['Mobile', 30],
  ['Tablet', 4],
];
const CAMPAIGNS = [
  ['autumn-launch', 5],
  ['self-hosting-week', 3],
  ['podcast-changelog', 2],
];
const EVENTS = [
  ['Signup', 2.2],
  ['Download', 5],
  ['Outbound Link: Click', 6],
  ['Demo requested', 0.8],
  ['<img src=x onerror=alert(1)>', 0.4],
];
const BY_HOUR = [2, 1.4, 1, 0.9, 1, 1.5, 2.6, 4, 6, 7.6, 8, 7.8, 7, 7.4, 8, 8.2, 7.6, 6.6, 5.6, 5.2, 5, 4.6, 3.8, 2.8];

export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function pick(random, weighted) {
  let at = random() * weighted.reduce((sum, [, ...rest]) => sum + rest.at(-1), 0);
  for (const entry of weighted) {
    at -= entry.at(-1);
    if (at <= 0) return entry;
  }
  return weighted[0];
}

export function makeVisit(random, start, returning) {
  const [source, channel] = pick(random, SOURCES);
  const [country] = pick(random, COUNTRIES);
  const [device] = pick(random, DEVICES);
  const [campaign] = source === 'newsletter' || random() < 0.02 ? pick(random, CAMPAIGNS) : [''];
  const count = random() < 0.46 ? 1 : 1 + Math.floor(-Math.log(1 - random()) * 2.3);
  const pages = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const zipf = Math.floor(PATHS.length ** random()) - 1;
    const page = i === 0 && source !== '' && random() < 0.4 ? PATHS[3 + Math.floor(random() * 4)] : PATHS[zipf];
    const deep = random() < 0.12 ? `/docs/reference/${Math.floor(4000 ** random())}` : page;
    pages.push({
      name: 'pageview',
      page: deep,
      at,
      seconds: Math.round(8 + random() * 160),
      depth: Math.round(20 + random() * 80),
    });
    at += (6 + random() * 170) * 1000;
  }
  const events = EVENTS.filter(([, chance]) => random() * 100 < chance).map(([name]) => ({
    name,
    page: pages.at(-1).page,
    at: at - 3000,
  }));
  return {
    visitor: returning,
    start,
    events: [...pages, ...events],
    source: source || 'Direct / None',
    channel,
    campaign: campaign || '(not set)',
    country,
    language: LANGUAGES[country] ?? 'en',
    device,
    browser: pick(random, BROWSERS)[0],
    os: pick(random, SYSTEMS[device])[0],
    screen: pick(random, SCREENS[device])[0],
  };
}

/** Visits from `days` ago to now, oldest first: busier on workdays and by day, growing, with one day of fame. */
export function makeHistory({ now, days, seed, perDay }) {
  const random = createRandom(seed);
  const visits = [];
  const midnight = Math.floor(now / 86_400_000) * 86_400_000;
  for (let back = days; back >= 0; back--) {
    const day = midnight - back * 86_400_000;
    const weekend = [0, 6].includes(new Date(day).getUTCDay()) ? 0.55 : 1;
    const fame = back === 17 ? 2.6 : back === 16 ? 1.7 : 1;
    const count = Math.round(perDay * weekend * fame * (1 + (days - back) / days / 2) * (0.88 + random() * 0.24));
    for (let i = 0; i < count; i++) {
      const hour = pick(
        random,
        BY_HOUR.map((weight, h) => [h, weight]),
      )[0];
      const start = day + hour * 3_600_000 + Math.floor(random() * 3_600_000);
      const known =
        random() < 0.24 && visits.length > 50 ? visits[Math.floor(random() * visits.length)].visitor : `v${visits.length}`;
      if (start <= now) visits.push(makeVisit(random, start, known));
    }
  }
  return visits.sort((a, b) => a.start - b.start);
}
