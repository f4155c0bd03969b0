/**
 * Made-up recordings: a visitor of a small shop who looks, scrolls, presses what does not answer, loses patience and comes back after
 * a pause. The events are of our dialect, as the recorder writes them. For tests and development only.
 */
import { createRandom } from './history.mjs';

const MINUTE = 60_000;
const SNAPSHOT_EVERY = 2 * MINUTE;
const WINDOWS = [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];

const STYLE = `body{margin:0;font:16px/1.5 Georgia,serif;color:#222;background:#fbf8f2}header{display:flex;gap:24px;align-items:center;padding:18px 40px;border-bottom:1px solid #ddd3c0}header b{font-size:22px;margin-right:auto}nav span{margin-left:20px}main{max-width:960px;margin:0 auto;padding:36px 24px}h1{font-size:38px;margin:0 0 8px}.grid{display:grid;grid-template-columns:repeat(3,1fr);gap:20px;margin-top:28px}.card{background:#fff;border:1px solid #e6dcc9;border-radius:8px;padding:16px}.card img{width:100%;height:130px;display:block;margin-bottom:12px}.card button{background:#7a3b1d;color:#fff;border:0;border-radius:4px;padding:8px 14px;font:inherit}.card.in button{background:#3c6b3c}form{display:grid;gap:12px;max-width:420px;margin-top:28px}input{font:inherit;padding:8px 10px;border:1px solid #bba}footer{height:900px;background:linear-gradient(#fbf8f2,#efe6d4);margin-top:48px}@media(max-width:900px){.grid{grid-template-columns:repeat(2,1fr)}}@media(max-width:640px){header{padding:14px 16px}nav span{margin-left:10px}main{padding:24px 16px}.grid{grid-template-columns:1fr}}`;
const GOODS = ['Juniper kettle', 'Two-litre pot', 'Linen for four', 'Oak board', 'Winter honey', 'Candle, long'];

function makeTree(path) {
  let next = 1;
  const ids = {};
  const element = (tagName, attributes, childNodes = [], name) => {
    const id = next++;
    if (name) ids[name] = id;
    return { type: 2, id, tagName, attributes, childNodes };
  };
  const text = (textContent) => ({ type: 3, id: next++, textContent });
  const words = (tag, content, attributes = {}, name) => element(tag, attributes, [text(content)], name);
  const makeCards = () =>
    GOODS.map((name, at) =>
      element(
        'div',
        { class: 'card' },
        [
          element('img', { rr_width: '275px', rr_height: '130px' }),
          words('p', name),
          words('button', '***', { type: 'button' }, `buy${at}`),
        ],
        `card${at}`,
      ),
    );
  const makeForm = () =>
    element('form', {}, [
      words('label', 'Where to'),
      element('input', { type: 'text', value: '***' }, [], 'field'),
      element('input', { type: 'email', value: '***' }),
      words('button', '***', { type: 'submit' }, 'order'),
    ]);
  const body = element(
    'body',
    {},
    [
      element('header', {}, [
        words('b', 'Northwind'),
        element(
          'nav',
          {},
          ['Kitchen', 'Table', 'Gifts'].map((each) => words('span', each)),
        ),
      ]),
      element('main', {}, [
        words('h1', path === '/cart' ? 'Your basket' : path === '/' ? 'Things that last' : 'Kitchen', {}, 'title'),
        words('p', 'Made by people we know, sent on Tuesdays.', {}, 'lead'),
        path === '/cart' ? makeForm() : element('div', { class: 'grid' }, makeCards()),
      ]),
      element('footer', {}, []),
    ],
    'body',
  );
  const head = element('head', {}, [element('style', { _cssText: STYLE })]);
  const html = element('html', { lang: 'en' }, [head, body]);
  const node = { type: 0, id: next++, childNodes: [{ type: 1, id: next++, name: 'html', publicId: '', systemId: '' }, html] };
  return { node, ids, last: next };
}

/** One recording of so many minutes: its index, and the events of each stretch as lines of JSON. */
export function makeRecording({ id, started, minutes = 5, seed = 1, perSecond = 4, window = WINDOWS[0] }) {
  const random = createRandom(seed);
  const stretches = [];
  const pages = [];
  let clicks = 0;
  let at = started;
  const ended = started + minutes * MINUTE;
  const paths = ['/', '/kitchen', '/cart'];
  const put = (type, data, moment = at) =>
    stretches.at(-1).events.push(JSON.stringify({ type, timestamp: Math.round(moment), data }));
  for (let page = 0; at < ended; page += 1) {
    const path = paths[page % paths.length];
    const leaves = Math.min(ended, at + (minutes * MINUTE) / 3);
    pages.push({ at, path });
    const { node, ids } = makeTree(path);
    let snapshot = Number.NEGATIVE_INFINITY;
    let [x, y] = [400, 300];
    let said = 0;
    const press = (target, moment = at) => {
      clicks += 1;
      for (const kind of [1, 0, 2]) put(3, { source: 2, type: kind, id: target, x: Math.round(x), y: Math.round(y) }, moment);
    };
    while (at < leaves) {
      if (at - snapshot >= SNAPSHOT_EVERY) {
        snapshot = at;
        stretches.push({ at, events: [] });
        put(4, { href: `https://northwind.example${path}`, ...window });
        put(2, { node, initialOffset: { left: 0, top: 0 } });
      }
      x = Math.min(window.width - 40, Math.max(30, x + (random() - 0.5) * 260));
      y = Math.min(window.height - 40, Math.max(30, y + (random() - 0.5) * 180));
      const positions = [-400, -300, -200, -100, 0].map((timeOffset) => ({
        x: Math.round(x + timeOffset / 20),
        y: Math.round(y),
        id: ids.body,
        timeOffset,
      }));
      put(3, { source: 1, positions });
      for (let each = 0; each < perSecond; each += 1) {
        said += 1;
        put(
          3,
          {
            source: 0,
            adds: [],
            removes: [],
            attributes: [],
            texts: [{ id: ids.lead - 1, value: `Made by people we know, sent on Tuesdays. ${said} looked today.` }],
          },
          at + each * (900 / perSecond),
        );
      }
      const chance = random();
      if (chance < 0.08) put(3, { source: 3, id: node.id, x: 0, y: Math.round(random() * 160) });
      if (chance > 0.9 && ids.card0) {
        press(ids.buy0);
        put(
          3,
          { source: 0, adds: [], removes: [], texts: [], attributes: [{ id: ids.card0, attributes: { class: 'card in' } }] },
          at + 200,
        );
      }
      at += 1000;
    }
    if (page % 3 === 1 && at < ended) {
      // Nothing answers, three times and once more; an error; then a pause, in which the page stands still.
      for (const later of [0, 300, 600, 900]) press(ids.title, at + later);
      at += 1000;
      put(5, { tag: 'error', payload: {} });
      at += 4000;
      press(ids.title);
      at += 28_000;
      put(3, { source: 1, positions: [{ x: 300, y: 300, id: ids.body, timeOffset: 0 }] });
    }
    if (ids.field) put(3, { source: 5, id: ids.field, text: '***', isChecked: false }, at - 500);
    put(5, { tag: 'left', payload: {} }, at - 100);
  }
  const line = {
    id,
    visitor: `7b1c5f0e-8f4f-4d0e-9a53-${String(seed % 7).padStart(12, '0')}`,
    started_at: new Date(started).toISOString(),
    ended_at: new Date(at).toISOString(),
    pages: pages.length,
    clicks,
    bytes: stretches.reduce((sum, { events }) => sum + events.join('\n').length, 0),
    gaps: minutes > 3 ? 2 : 0,
    ...pickVisitor(random),
  };
  const ends = [...pages.slice(1).map(({ at: next }) => next - 500), at];
  const pageAt = (moment) => pages.findLastIndex((page) => page.at <= moment);
  return {
    line,
    index: {
      recording: line,
      pages: pages.map((page, number) => ({
        id: `page${number}`,
        path: page.path,
        from: page.at,
        to: ends[number],
        ...window,
        ended: true,
      })),
      scenes: stretches.map(({ at: from, events }) => ({
        page: `page${pageAt(from)}`,
        from,
        to: JSON.parse(events.at(-1)).timestamp,
        bytes: 1,
        playable: true,
      })),
      gaps: minutes > 3 ? [{ page: 'page1', first: 3, last: 4 }] : [],
      checked: { version: 1, counts: {} },
    },
    eventsFrom: (from) => stretches.findLast((each) => each.at <= from)?.events.join('\n'),
  };
}

function pickVisitor(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  return {
    country: pick(['DE', 'FR', 'US', 'NL', 'JP', 'A1']),
    browser: pick(['Firefox', 'Chrome', 'Safari', 'Edge']),
    os: pick(['Linux', 'Windows', 'macOS', 'Android']),
    device: pick(['Desktop', 'Desktop', 'Mobile', 'Tablet']),
  };
}

const PAGE = 12;

/** The recordings of a site, the latest first, and what the API answers about them. */
export function makeRecordings(now, seed = 3, count = 30) {
  const id = (at) => at.toString(16).padStart(16, '0');
  const made = new Map();
  const added = new Map();
  const starts = Array.from({ length: count }, (_, at) => now - (at * 97 + 12) * MINUTE);
  const find = (wanted) => {
    if (added.has(wanted)) return added.get(wanted);
    const at = starts.findIndex((_, each) => id(each) === wanted);
    if (at < 0) return undefined;
    const known =
      made.get(wanted) ??
      makeRecording({
        id: wanted,
        started: starts[at],
        minutes: [5, 1, 12, 3, 60][at % 5],
        seed: seed + at,
        window: WINDOWS[[0, 0, 1, 2, 0][at % 5]],
      });
    made.set(wanted, known);
    return known;
  };
  return {
    list: (query) => {
      const after = query.get('after');
      const all = starts.flatMap((start, at) => (start === undefined ? [] : [id(at)]));
      // Of filters it knows what is in a line.
      const known = JSON.parse(query.get('filters') ?? '[]').filter(([operator]) => operator === 'is');
      const value = (each, dimension) => find(each).line[dimension.replace('visit:', '')];
      const fits = all.filter(
        (each) =>
          (!query.get('visitor') || find(each).line.visitor === query.get('visitor')) &&
          known.every(([, dimension, values]) => values.includes(value(each, dimension) ?? values[0])),
      );
      const begin = after ? fits.indexOf(after) + 1 : 0;
      const shown = fits.slice(begin, begin + PAGE);
      return { recordings: shown.map((each) => find(each).line), ...(begin + PAGE < fits.length && { next: shown.at(-1) }) };
    },
    find,
    /** Of all that are there, the latest first. */
    ids: () => starts.flatMap((start, at) => (start === undefined ? [] : [id(at)])),
    /** One that was recorded elsewhere; it is in no list. */
    add: (id, recording) => void added.set(id, recording),
    remove: (wanted) => {
      const at = starts.findIndex((_, each) => id(each) === wanted);
      starts[at] = undefined;
      return made.delete(wanted);
    },
  };
}

/** Answers what lies under `/api/sites/DOMAIN/recordings`. */
export function answerRecordings(recordings, { method, id, part, query }) {
  if (!id && method === 'DELETE') {
    const theirs = recordings.ids().filter((each) => recordings.find(each).line.visitor === query.get('visitor'));
    for (const each of theirs) recordings.remove(each);
    return { body: { removed: theirs.length } };
  }
  if (!id) return { body: recordings.list(query) };
  const found = recordings.find(id);
  if (!found) return { status: 404, body: { error: 'There is no such recording.' } };
  if (method === 'DELETE') {
    recordings.remove(id);
    return { status: 204 };
  }
  if (part !== 'events') return { body: found.index };
  const events = found.eventsFrom(Number(query.get('from')));
  return events === undefined ? { status: 404, body: { error: 'There is no such stretch.' } } : { body: events };
}
