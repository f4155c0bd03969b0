/**
 * A stand-in for the server, for tests and development only: it serves the built UI under the real policy and answers
 * the API over made-up visits. `node test/mock/server.mjs [port]`; POST /mock/state {"storage", "failing"} changes its mood.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { answerQuery } from './answer.mjs';
import { answerHeatmap } from './heatmap.mjs';
import { createRandom, makeHistory, makeVisit } from './history.mjs';
import { answerOperator, makeOperators } from './operator.mjs';
import { answerPeople, makeWorld } from './people.mjs';
import { answerRecordings, makeRecordings } from './recording.mjs';

const DIST = new URL('../../dist', import.meta.url).pathname;
const PLAYER = new URL('../../../player/', import.meta.url).pathname;
const policyWith = (replay) =>
  `default-src 'none'; frame-src ${replay}; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

function makeSite(domain, timezone = 'UTC') {
  const recording = {
    on: domain === 'northwind.example',
    sample: 100,
    text: 'clear',
    retention_days: 30,
    idle_minutes: 5,
    length_minutes: 60,
    in_backups: false,
    shown_to_viewers: false,
  };
  const settings = { identity: 'consent', honour_signals: true, hash_routing: false, recording };
  return { domain, organization: 1, timezone, created_at: new Date().toISOString(), settings };
}

function show(site, origin) {
  const { identity, honour_signals, hash_routing, recording } = site.settings;
  const extra = `${identity === 'consent' ? '' : ` data-identity="${identity}"`}${honour_signals ? '' : ' data-signals="ignore"'}${hash_routing ? ' data-hash' : ''}${recording.on ? ' data-recording' : ''}`;
  return { ...site, snippet: `<script defer data-site="${site.domain}"${extra} src="${origin}/c.js"></script>` };
}

export function createMock({ perDay = 260, days = 120, seed = 7, live = true } = {}) {
  const sites = new Map([
    ['northwind.example', makeSite('northwind.example')],
    ['docs.northwind.example', makeSite('docs.northwind.example')],
    ['new.example', makeSite('new.example', 'Europe/Berlin')],
  ]);
  const visits = new Map([
    ['northwind.example', makeHistory({ now: Date.now(), days, seed, perDay })],
    ['docs.northwind.example', makeHistory({ now: Date.now(), days: 40, seed: seed + 1, perDay: 40 })],
  ]);
  const recordings = makeRecordings(Date.now());
  const state = { storage: 'ok', failing: false, refusedNew: 3, replay: true, recordingsFail: undefined };
  const world = makeWorld();
  const operators = makeOperators();
  const streams = new Set();
  const random = createRandom(seed);

  const current = (domain) =>
    (visits.get(domain) ?? []).filter((visit) =>
      visit.events.some((event) => event.at > Date.now() - 300_000 && event.at <= Date.now()),
    ).length + (visits.has(domain) ? 9 : 0);
  const emit = (stream, event, data) => stream.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const arrive = (domain) => {
    const known = visits.get(domain) ?? [];
    visits.set(domain, known);
    known.push(makeVisit(random, Date.now() - 1000, `live${known.length}`));
    for (const stream of streams) {
      if (stream.domain !== domain) continue;
      emit(stream, 'visitors', { current: current(domain) });
      emit(stream, 'data', { at: new Date().toISOString() });
    }
  };
  const timer = live ? setInterval(() => arrive('northwind.example'), 4000) : undefined;

  const json = (response, body, status = 200, headers = {}) => {
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const answerOfPeople = async (request, url, origin) => {
    // The body is read only where it is for us; reports read their own.
    const body = /^\/api\/(v2|sites)/.test(url.pathname) ? undefined : await readBody(request);
    const asked = { method: request.method, path: url.pathname, query: url.searchParams, body, origin };
    return answerOperator(operators, { ...asked, grants: world.grants, health: health() }) ?? answerPeople(world, asked);
  };
  const health = () => ({
    status: 'ok',
    processes: { edge: 'serving', app: 'serving', worker: 'serving', keeper: 'serving' },
    storage: state.storage,
    promises: 'kept',
  });
  const readBody = async (request) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    return text ? JSON.parse(text) : undefined;
  };

  async function answerApi(request, response, url, origin) {
    if (url.pathname === '/mock/state') return json(response, Object.assign(state, await readBody(request)));
    if (url.pathname === '/mock/world') return json(response, Object.assign(world.state, await readBody(request)));
    if (url.pathname === '/mock/arrive') return json(response, arrive(url.searchParams.get('site')) ?? {});
    if (url.pathname === '/api/replay') return json(response, { origin: state.replay ? replayOrigin() : null });
    if (url.pathname === '/api/health') return json(response, health());
    const ofPeople = await answerOfPeople(request, url, origin);
    if (ofPeople) return json(response, ofPeople.body, ofPeople.status, ofPeople.headers);
    if (state.failing && url.pathname.startsWith('/api/v2/'))
      return json(response, { error: 'The report process is restarting.' }, 503);
    if (url.pathname === '/api/v2/queries') {
      const queries = await readBody(request);
      return json(
        response,
        queries.map((query) => answerQuery(visits.get(query.site_id) ?? [], query, Date.now())),
      );
    }
    if (url.pathname === '/api/v2/query') {
      const query = await readBody(request);
      return json(response, answerQuery(visits.get(query.site_id) ?? [], query, Date.now()));
    }
    const [, , , domain, part] = url.pathname.split('/');
    if (!domain && request.method === 'GET')
      return json(response, { sites: [...sites.values()].map((site) => show(site, origin)) });
    if (!domain) {
      const body = await readBody(request);
      if (!/^[a-z0-9.-]+$/.test(body.domain))
        return json(
          response,
          {
            error: `\`${body.domain}\` is not a domain: letters, digits, hyphens and dots only, such as example.com`,
            field: 'domain',
          },
          400,
        );
      if (sites.has(body.domain))
        return json(response, { error: `There is a site ${body.domain} already.`, field: 'domain' }, 409);
      sites.set(body.domain, makeSite(body.domain, body.timezone));
      return json(response, show(sites.get(body.domain), origin), 201);
    }
    const site = sites.get(domain);
    if (!site) return json(response, { error: `There is no site ${domain}.` }, 404);
    if (part === 'recordings') {
      if (state.recordingsFail) return json(response, { error: 'the recordings cannot be read' }, state.recordingsFail);
      const [id, below] = url.pathname.split('/').slice(5);
      const none = domain !== 'northwind.example' && !id;
      const { status = 200, body = '' } = none
        ? { body: { recordings: [] } }
        : answerRecordings(recordings, { method: request.method, id, part: below, query: url.searchParams });
      return status === 204 ? response.writeHead(204).end() : json(response, body, status);
    }
    if (part === 'heatmap') {
      if (state.recordingsFail) return json(response, { error: 'the recordings cannot be read' }, state.recordingsFail);
      const below = url.pathname.split('/')[5];
      if (domain !== 'northwind.example' && below === 'pages') return json(response, { pages: [] });
      return json(response, answerHeatmap(recordings, below, url.searchParams));
    }
    if (part === 'refusals') {
      const busy = visits.has(domain);
      return json(response, {
        refused: busy
          ? [
              { reason: 'opt_out', count: 1284, last_day: day(0) },
              { reason: 'no_visit', count: 216, last_day: day(0) },
              { reason: 'prefetch', count: 77, last_day: day(1) },
              { reason: 'date', count: 3, last_day: day(4) },
            ]
          : [{ reason: 'opt_out', count: state.refusedNew, last_day: day(0) }],
        set_aside: busy
          ? [
              { reason: 'user_agent', count: 5120, last_day: day(0) },
              { reason: 'automation', count: 342, last_day: day(0) },
              { reason: 'referrer_spam', count: 18, last_day: day(6) },
            ]
          : [],
        unknown_site: busy ? 12 : 2,
      });
    }
    if (part === 'live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const stream = { domain, response };
      streams.add(stream);
      emit(stream, 'visitors', { current: current(domain) });
      return request.on('close', () => streams.delete(stream));
    }
    if (request.method === 'DELETE') {
      const { confirm } = await readBody(request);
      if (confirm !== domain) return json(response, { error: 'type the domain to remove it', field: 'confirm_domain' }, 422);
      sites.delete(domain);
      return response.writeHead(204).end();
    }
    if (request.method === 'PATCH') {
      const { timezone = site.timezone, recording, ...settings } = await readBody(request);
      const recorded = { recording: { ...site.settings.recording, ...recording } };
      Object.assign(site, { timezone, settings: { ...site.settings, ...settings, ...recorded } });
    }
    return json(response, show(site, origin));
  }

  function serveFile(response, pathname) {
    const path = join(DIST, normalize(pathname));
    const file =
      pathname.startsWith('/assets/') && existsSync(path)
        ? path
        : join(DIST, pathname === '/operators' ? 'operators.html' : 'index.html');
    const zipped = existsSync(`${file}.br`);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'text/plain',
      'content-security-policy': policyWith(replayOrigin()),
      ...(zipped && { 'content-encoding': 'br' }),
    });
    response.end(readFileSync(zipped ? `${file}.br` : file));
  }

  /** The replay frame's own listener: its page, its script and its policy, and nothing else. */
  const replay = createServer(({ url }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    const known = /^(index\.html|frame-[\w-]+\.js)$/.test(name) && existsSync(join(PLAYER, 'dist', name));
    if (!known) return response.writeHead(404).end();
    const app = `http://localhost:${server.address().port}`;
    response.writeHead(200, {
      'content-type': TYPES[extname(name)],
      'content-security-policy': readFileSync(join(PLAYER, 'policy.txt'), 'utf8').trim().replace('{app}', app),
    });
    response.end(readFileSync(join(PLAYER, 'dist', name), 'utf8').replace('{app}', app));
  });
  const replayOrigin = () => `http://127.0.0.1:${replay.address().port}`;

  const server = createServer((request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`);
    if (!/^\/(api|mock)\//.test(url.pathname)) return serveFile(response, url.pathname);
    return answerApi(request, response, url, url.origin).catch((error) => json(response, { error: error.message }, 400));
  });
  return {
    arrive,
    state,
    recordings,
    world,
    operators,
    listen: async (port) => {
      await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
      await new Promise((resolve) => replay.listen(port && port + 3, '127.0.0.1', resolve));
      return `http://localhost:${server.address().port}`;
    },
    close: () => {
      clearInterval(timer);
      for (const stream of streams) stream.response.end();
      const end = (each) => {
        each.closeAllConnections();
        return new Promise((resolve) => each.close(resolve));
      };
      return Promise.all([end(server), end(replay)]);
    },
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  console.log(`mock server on ${await createMock().listen(Number(process.argv[2] ?? 7490))}`);
}
