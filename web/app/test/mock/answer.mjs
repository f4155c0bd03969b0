/** Answers Stats API v2 queries over made-up visits by plain counting. Days are UTC. For tests and development only. */

const VISIT_FIELDS = {
  source: 'source',
  channel: 'channel',
  utm_campaign: 'campaign',
  country: 'country',
  language: 'language',
  browser: 'browser',
  os: 'os',
  device: 'device',
  screen: 'screen',
};
const DAY = 86_400_000;
const iso = (ms) => new Date(ms).toISOString();

function readValue(dimension, visit, event) {
  const [scope, name] = dimension.split(':');
  if (dimension === 'event:page') return event.page;
  if (dimension === 'event:name') return event.name;
  const pages = visit.events.filter((each) => each.name === 'pageview');
  if (name === 'entry_page') return pages[0].page;
  if (name === 'exit_page') return pages.at(-1).page;
  if (scope === 'visit' && VISIT_FIELDS[name]) return visit[VISIT_FIELDS[name]];
  throw new Error(`unknown dimension ${dimension}`);
}

const TESTS = {
  is: (value, wanted) => wanted.includes(value),
  is_not: (value, wanted) => !wanted.includes(value),
  contains: (value, wanted) => wanted.some((each) => value.toLowerCase().includes(each.toLowerCase())),
  contains_not: (value, wanted) => !wanted.some((each) => value.toLowerCase().includes(each.toLowerCase())),
  matches: (value, wanted) => wanted.some((each) => new RegExp(each).test(value)),
};

function passes(filters, visit, event) {
  return filters.every(([operator, dimension, values, options]) => {
    const fold = (text) => (options?.case_sensitive === false ? text.toLowerCase() : text);
    return TESTS[operator](fold(readValue(dimension, visit, event)), values.map(fold));
  });
}

function readRange(range, now) {
  if (range === 'all') return [0, now];
  const [from, to] = range;
  const start = Date.parse(from);
  return [start, to.length === 10 ? Date.parse(to) + DAY - 1 : Date.parse(to)];
}

function labelOf(interval, ms, from) {
  const text = iso(ms);
  if (interval === 'hour') return `${text.slice(0, 10)} ${text.slice(11, 13)}:00:00`;
  if (interval === 'month') return `${text.slice(0, 7)}-01`;
  if (interval === 'week') return iso(Math.max(from, ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY)).slice(0, 10);
  return text.slice(0, 10);
}

function labelsOf(interval, from, to) {
  const labels = new Set();
  for (let at = from; at <= to; at += interval === 'hour' ? 3_600_000 : DAY) labels.add(labelOf(interval, at, from));
  return [...labels];
}

function measure(metrics, group, all) {
  const visits = [...group.visits.values()];
  const visitors = new Set(visits.map((visit) => visit.visitor)).size;
  const views = visits.map((visit) => visit.events.filter((event) => event.name === 'pageview'));
  const average = (values) => (values.length ? Math.round(values.reduce((sum, value) => sum + value, 0) / values.length) : null);
  const values = {
    visitors: () => visitors,
    visits: () => visits.length,
    pageviews: () => group.events.filter((event) => event.name === 'pageview').length,
    events: () => group.events.length,
    views_per_visit: () => (visits.length ? Math.round((views.flat().length / visits.length) * 100) / 100 : null),
    bounce_rate: () =>
      visits.length ? Math.round((visits.filter((visit) => visit.events.length === 1).length / visits.length) * 100) : null,
    visit_duration: () => average(visits.map((visit) => (visit.events.at(-1).at - visit.events[0].at) / 1000)),
    percentage: () => (all ? Math.round((visitors / all) * 1000) / 10 : 0),
    time_on_page: () => average(group.events.filter((event) => event.seconds).map((event) => event.seconds)),
    scroll_depth: () => average(group.events.filter((event) => event.depth).map((event) => event.depth)),
  };
  return metrics.map((name) => values[name]());
}

export function answerQuery(visits, query, now) {
  const [from, to] = readRange(query.date_range, now);
  const start = query.date_range === 'all' ? Math.floor((visits[0]?.start ?? now) / DAY) * DAY : from;
  const [dimension] = query.dimensions ?? [];
  const interval = dimension?.startsWith('time:') ? dimension.slice(5) : undefined;
  const groups = new Map();
  const everyone = new Set();
  for (const visit of visits) {
    if (visit.start < from || visit.start > to) continue;
    for (const event of visit.events) {
      if (event.at > now || !passes(query.filters ?? [], visit, event)) continue;
      everyone.add(visit.visitor);
      const key = interval
        ? labelOf(interval, Math.min(event.at, to), start)
        : dimension
          ? readValue(dimension, visit, event)
          : '';
      if (key === '(not set)') continue;
      const group = groups.get(key) ?? { visits: new Map(), events: [] };
      groups.set(key, group);
      group.visits.set(visit, visit);
      group.events.push(event);
    }
  }
  if (!dimension && groups.size === 0) groups.set('', { visits: new Map(), events: [] });
  let rows = [...groups].map(([key, group]) => ({
    dimensions: dimension ? [key] : [],
    metrics: measure(query.metrics, group, everyone.size),
  }));
  const [by, direction] = query.order_by?.[0] ?? [interval ? dimension : query.metrics[0], interval ? 'asc' : 'desc'];
  const column = query.metrics.indexOf(by);
  const read = (row) => (column < 0 ? row.dimensions[0] : (row.metrics[column] ?? -1));
  const sign = direction === 'asc' ? 1 : -1;
  rows.sort((a, b) => (read(a) < read(b) ? -sign : read(a) > read(b) ? sign : a.dimensions[0] < b.dimensions[0] ? -1 : 1));
  const meta = {};
  if (query.include?.total_rows) meta.total_rows = rows.length;
  if (query.include?.time_labels && interval) meta.time_labels = labelsOf(interval, start, to);
  const { limit = 10_000, offset = 0 } = query.pagination ?? {};
  rows = rows.slice(offset, offset + limit);
  return { results: rows, meta, query: { ...query, date_range: [iso(start), iso(to)] } };
}
