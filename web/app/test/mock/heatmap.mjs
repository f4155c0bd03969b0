/**
 * Made-up heatmaps of the made-up recordings: what docs/heatmaps.md says the server answers, for the pages that `recording.mjs`
 * builds and a few that show what may be missing. For tests and development only.
 */
import { createRandom } from './history.mjs';

const GRID = 40;
const BANDS = 20;
const SCREENS = ['phone', 'tablet', 'desktop'];
/** Of views; of a page that only phones see, and of one that an old recorder recorded. */
const PAGES = {
  '/': { phone: 210, tablet: 34, desktop: 696 },
  '/kitchen': { phone: 96, tablet: 12, desktop: 310 },
  '/cart': { phone: 40, tablet: 0, desktop: 122 },
  '/blog/*': { phone: 55, tablet: 0, desktop: 0 },
  '/old': { phone: 0, tablet: 0, desktop: 18 },
};
/** No page has it any more. */
export const GONE = 'body:1>aside:1>a:2';

export function numberOf(address) {
  let number = 2166136261;
  for (const byte of new TextEncoder().encode(address)) number = Math.imul(number ^ byte, 16777619);
  return number >>> 0;
}

const screenOf = (width) => (width < 640 ? 'phone' : width < 1024 ? 'tablet' : 'desktop');

function fits(pattern, path) {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`).test(path);
}

/** Elements by address, how often they are clicked of a hundred views, and how. */
function elementsOf(path) {
  const main = 'body:1>main:1';
  const nav = [1, 2, 3].map((at) => [`body:1>header:1>nav:1>span:${at}`, 22 / at, {}]);
  const title = [`${main}>h1:1`, 9, { dead: 0.8, rage: 0.4 }];
  const gone = [GONE, 1.6, {}];
  if (path === '/cart') return [...nav, title, [`${main}>form:1>button:1`, 48, {}], [`${main}>form:1>input:1`, 30, {}], gone];
  const cards = [1, 2, 3, 4, 5, 6].flatMap((at) => [
    [`${main}>div:1>div:${at}>button:1`, 44 / at, {}],
    [`${main}>div:1>div:${at}>img:1`, 12 / at, { dead: 0.9, rage: at === 2 ? 0.6 : 0.1 }],
  ]);
  return [...nav, title, ...cards, gone];
}

const cell = (value) => Math.round(((Math.floor(Math.min(0.999, Math.max(0, value)) * GRID) + 0.5) * 1000) / GRID);

function scatter(elements, views, random) {
  const clicks = new Map();
  const moves = new Map();
  const near = (middle) => middle + (random() + random() + random() - 1.5) * 0.4;
  for (const [address, perHundred, { dead = 0.05, rage = 0 }] of elements) {
    const element = numberOf(address);
    const middle = [0.3 + random() * 0.4, 0.3 + random() * 0.4];
    for (let count = Math.round((perHundred * views) / 100); count > 0; count -= 1) {
      const [x, y] = middle.map((each) => cell(near(each)));
      const key = `${element} ${x} ${y}`;
      const place = clicks.get(key) ?? { element, x, y, clicks: 0, rage: 0, dead: 0 };
      clicks.set(key, place);
      place.clicks += 1;
      if (random() < dead) place.dead += 1;
      else if (random() < rage) place.rage += 1;
      const moved = moves.get(key) ?? { element, x, y, ms: 0 };
      moves.set(key, moved);
      moved.ms += Math.round(random() * 900);
    }
  }
  return { clicks: [...clicks.values()], moves: [...moves.values()] };
}

function answerMap(recordings, query) {
  const [pattern, screen] = [query.get('page'), query.get('screen')];
  const pages = Object.entries(PAGES).filter(([path]) => fits(pattern, path) || path === pattern);
  const screens = Object.fromEntries(SCREENS.map((each) => [each, pages.reduce((sum, [, counts]) => sum + counts[each], 0)]));
  const views = screens[screen] ?? 0;
  const whole = { recordings: Math.ceil(views * 0.87), matching: Math.ceil(views * 0.87), views, screens };
  const nothing = { clicks: [], moves: [], reached: Array(BANDS).fill(0), attention: Array(BANDS).fill(0) };
  const path = pages[0]?.[0] ?? '';
  if (views === 0 || path === '/old') return { ...whole, ...nothing };
  const random = createRandom(numberOf(path + screen));
  const reached = Array.from({ length: BANDS }, (_, at) => Math.round(views * Math.max(0.06, 1 - (at / BANDS) ** 1.3)));
  const attention = reached.map((each, at) => Math.round(each * (at === 0 ? 2800 : 9000 / (1 + Math.abs(at - 4)))));
  const background = findBackground(recordings, path, screen);
  return { ...whole, ...(background && { background }), ...scatter(elementsOf(path), views, random), reached, attention };
}

function findBackground(recordings, path, screen) {
  for (const id of recordings.ids()) {
    const { index } = recordings.find(id);
    const page = index.pages.find((each) => each.path === path && screenOf(each.width) === screen);
    const scene = page && index.scenes.find((each) => each.page === page.id);
    if (scene) return { recording: id, at: scene.from, width: page.width, height: page.height };
  }
  return undefined;
}

function answerSpot(recordings, query) {
  const found = recordings.ids().flatMap((id) => {
    const { line, index } = recordings.find(id);
    const page = index.pages.find((each) => each.path === query.get('page') && screenOf(each.width) === query.get('screen'));
    const { visitor, country, started_at } = line;
    return page ? [{ id, at: page.from + 12_000, started_at, visitor, country }] : [];
  });
  return { recordings: found.slice(0, 100) };
}

/** Answers what lies under `/api/sites/DOMAIN/heatmap`. */
export function answerHeatmap(recordings, part, query) {
  const filters = JSON.parse(query.get('filters') ?? '[]');
  const none = filters.some(([, , values]) => values.includes('XX'));
  if (part === 'pages') {
    const sum = (counts) => SCREENS.reduce((all, each) => all + counts[each], 0);
    return { pages: none ? [] : Object.entries(PAGES).map(([path, counts]) => ({ path, recordings: sum(counts) })) };
  }
  if (part === 'recordings') return answerSpot(recordings, query);
  return answerMap(recordings, query);
}
