import { expect, test } from 'vitest';
import { Disarmer, Unplayable } from '../src/disarm.ts';
import { disarmCss } from '../src/disarm/css.ts';
import { readOrder, readReport } from '../src/protocol.ts';

const AT = 1_700_000_000_000;
const element = (tagName: string, attributes: object = {}, childNodes: object[] = [], more: object = {}) => ({
  type: 2,
  id: 9,
  tagName,
  attributes,
  childNodes,
  ...more,
});
const snapshot = (node: object) => ({
  type: 2,
  timestamp: AT,
  data: { node: { type: 0, id: 1, childNodes: [node] }, initialOffset: { left: 0, top: 0 } },
});
const change = (data: object) => ({ type: 3, timestamp: AT, data });
/** What is built of one element. */
function build(node: object): Record<string, unknown> {
  const event = new Disarmer().disarm(snapshot(node)) as unknown as { data: { node: { childNodes: Record<string, unknown>[] } } };
  return event.data.node.childNodes[0]!;
}

test.each(['script', 'SCRIPT', 'base', 'meta', 'noscript', 'template', 'link', 'svg:script', 'x y', ''])(
  'a %s keeps its place in the tree and nothing else',
  (tag) => {
    const built = build(element(tag, { src: 'x', href: 'x', content: '0;url=x' }, [{ type: 3, id: 10, textContent: 'trip()' }]));
    expect(built).toEqual({ type: 2, id: 9, tagName: 'candor-gone', attributes: { hidden: '' }, childNodes: [] });
  },
);

test.each(['iframe', 'object', 'embed', 'frame', 'frameset', 'applet', 'IFRAME'])('a page in an %s is an empty box', (tag) => {
  const built = build(element(tag, { src: 'x', srcdoc: 'x', data: 'x', rr_width: '30px' }, [element('p')]));
  expect(built).toMatchObject({ tagName: 'candor-box', attributes: { rr_width: '30px' }, childNodes: [] });
});

test('attributes that run, ask or lead somewhere are not built', () => {
  const attributes = {
    onclick: 'x', ONLOAD: 'x', href: 'javascript:x', src: 'x', srcset: 'x', action: 'x', formaction: 'x', ping: 'x',
    background: 'x', poster: 'x', autofocus: '', autocomplete: 'on', name: 'x', is: 'x', 'http-equiv': 'refresh', rr_dataURL: 'data:,', rr_mediaState: 'played',
    target: '_top', nonce: 'x', 'xlink:href': 'x', ['__proto__x']: 'x',
  };
  for (const tag of ['a', 'div', 'img', 'form', 'input', 'button', 'video', 'canvas', 'body']) {
    expect(build(element(tag, attributes)).attributes).toEqual({});
  }
});

test('inside drawings references stay within the page', () => {
  const use = (href: string) => build(element('use', { href, 'xlink:href': href }, [], { isSVG: true })).attributes;
  expect(use('#arrow')).toEqual({ href: '#arrow', 'xlink:href': '#arrow' });
  for (const href of ['javascript:x', 'data:,', '//x', ' #a', '#a b', 'http://x#a']) expect(use(href)).toEqual({});
});

test('drawings cannot animate what they refer to', () => {
  expect(build(element('set', { attributeName: 'href', to: 'javascript:x', begin: '0s' }, [], { isSVG: true })).attributes).toEqual({});
});

test('nothing typed is shown, whatever a gate let pass', () => {
  expect(build(element('input', { type: 'text', value: 'secret' })).attributes).toEqual({ type: 'text', value: '***' });
  expect(new Disarmer().disarm(change({ source: 5, id: 9, text: 'secret', isChecked: true }))?.data).toEqual({
    source: 5, id: 9, text: '***', isChecked: false,
  });
});

test.each([
  ['a{background:url(//x)}', 'a{background:candor-nothing(//x)}'],
  ['a{background:URL( "x" )}', 'a{background:candor-nothing( "x" )}'],
  ['a{fill:url(#g)}', 'a{fill:url(#g)}'],
  ['a{fill:url("#g")}', 'a{fill:url("#g")}'],
  ['a{background:u\\72l(//x)}', 'a{background:candor-nothing(//x)}'],
  ['a{background:\\000075\\000072\\00006c(//x)}', 'a{background:candor-nothing(//x)}'],
  ['a{background:\\75 rl(//x)}', 'a{background:candor-nothing(//x)}'],
  ['a{background:u\\rl(//x)}', 'a{background:candor-nothing(//x)}'],
  ['@import "//x";', '@candor-nothing "//x";'],
  ['@\\69mport "//x";', '@candor-nothing "//x";'],
  ['@font-face{src:url(x)}', '@candor-nothing{src:candor-nothing(x)}'],
  ['a{background:image-set("x" 1x)}', 'a{background:candor-nothing("x" 1x)}'],
  ['a{background:-webkit-image-set(url(x) 1x)}', 'a{background:candor-nothing(candor-nothing(x) 1x)}'],
  ['a{background:cross-fade(url(x),red)}', 'a{background:candor-nothing(candor-nothing(x),red)}'],
  ['.sm\\:flex{color:red}', '.sm\\:flex{color:red}'],
  ['.\\41b{color:red}', '.\\41b{color:red}'],
  ['a:hover{color:rgb(1 2 3)}', 'a:hover{color:rgb(1 2 3)}'],
])('of the style %s is left %s', (before, after) => expect(disarmCss(before)).toBe(after));

test('a style element’s text is a style sheet, in snapshots, additions and edits alike', () => {
  const disarmer = new Disarmer();
  const evil = { type: 3, id: 10, textContent: '@import "//x"' };
  const first = disarmer.disarm(snapshot(element('style', {}, [evil])));
  const added = disarmer.disarm(change({ source: 0, adds: [{ parentId: 9, nextId: null, node: { ...evil, id: 11 } }], removes: [], texts: [], attributes: [] }));
  const edited = disarmer.disarm(change({ source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 10, value: '@import "//x"' }, { id: 11, value: 'a{b:url(x)}' }] }));
  for (const event of [first, added, edited]) expect(JSON.stringify(event)).not.toMatch(/@import|url\(/);
});

test('rules are of a style element or an adopted sheet, and of nothing else', () => {
  const disarmer = new Disarmer();
  disarmer.disarm(snapshot(element('style')));
  const rule = { rule: '@import "//x"', index: 0 };
  expect(disarmer.disarm(change({ source: 8, id: 9, adds: [rule] }))?.data).toEqual({ source: 8, id: 9, adds: [{ rule: '@candor-nothing "//x"', index: 0 }] });
  const declared = disarmer.disarm(change({ source: 13, styleId: 3, index: [0], set: { property: 'fill', value: 'url(x)', priority: undefined } }));
  expect(declared?.data).toEqual({ source: 13, styleId: 3, index: [0], set: { property: 'fill', value: 'candor-nothing(x)', priority: '' } });
  for (const data of [{ source: 8, id: 1, adds: [rule] }, { source: 13, id: 77, index: [0], remove: { property: 'fill' } }, { source: 8, adds: [rule] }]) {
    expect(disarmer.disarm(change(data))).toBeUndefined();
  }
});

test('changed attributes are judged by what the element is', () => {
  const disarmer = new Disarmer();
  disarmer.disarm(snapshot(element('p')));
  const event = disarmer.disarm(
    change({
      source: 0, adds: [], removes: [], texts: [],
      attributes: [
        { id: 9, attributes: { onclick: 'x', class: 'big', style: { color: 'red', '--a': ['url(x)', 'important'], top: false } } },
        { id: 77, attributes: { class: 'unknown' } },
      ],
    }),
  );
  expect(event?.data.attributes).toEqual([
    { id: 9, attributes: { class: 'big', style: { color: 'red', '--a': ['candor-nothing(x)', 'important'], top: false } } },
  ]);
});

test.each([
  ['canvas', { source: 9, id: 1, type: 0, commands: [] }],
  ['fonts', { source: 10, family: 'x', fontSource: 'url(x)', buffer: false }],
  ['logs', { source: 11, payload: [] }],
  ['media', { source: 7, id: 1, type: 0 }],
  ['selections', { source: 14, ranges: [] }],
  ['custom elements', { source: 16, define: { name: 'x-y' } }],
])('%s are never played', (_, data) => expect(new Disarmer().disarm(change(data))).toBeUndefined());

test('plugins, assets and words of strangers are never played', () => {
  for (const type of [0, 1, 6, 7, 8]) expect(new Disarmer().disarm({ type, timestamp: AT, data: {} })).toBeUndefined();
  expect(new Disarmer().disarm({ type: 5, timestamp: AT, data: { tag: 'eval', payload: { a: 1 } } })).toBeUndefined();
  expect(new Disarmer().disarm({ type: 5, timestamp: AT, data: { tag: 'error', payload: { a: 1 } } })?.data).toEqual({ tag: 'error', payload: {} });
});

test('a page that took another address goes on from the snapshot before it', () => {
  const meta = { type: 4, timestamp: AT, data: { href: 'https://example.com/', width: 800, height: 600 } };
  const events = [meta, snapshot(element('p')), meta, change({ source: 0, adds: [], removes: [], texts: [], attributes: [] })];
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  const kinds = [4, 2, 3, 3];
  expect(new Disarmer().read(lines).map(({ type }) => type)).toEqual(kinds);
  expect(new Disarmer().readStill(lines, AT).map(({ type }) => type)).toEqual(kinds);
  expect(new Disarmer().read(lines)[2]!.data).toEqual({ source: 4, width: 800, height: 600 });
});

test('a document is not put into a frame', () => {
  const node = { type: 0, id: 20, childNodes: [] };
  const event = new Disarmer().disarm(change({ source: 0, isAttachIframe: true, adds: [{ parentId: 9, nextId: null, node }], removes: [], texts: [], attributes: [] }));
  expect(event?.data).toEqual({ source: 0, adds: [], removes: [], texts: [], attributes: [] });
});

test('what no document can hold is not put into one', () => {
  const doctype = { type: 1, id: 3, name: 'html [<!ENTITY x SYSTEM "x">]', publicId: '', systemId: '"><script>' };
  const node = { type: 0, id: 1, childNodes: [{ type: 5, id: 2, textContent: 'x' }, doctype, doctype, { type: 3, id: 4, textContent: 'x' }, element('html', {}, [doctype]), element('html')] };
  const event = new Disarmer().disarm({ type: 2, timestamp: AT, data: { node, initialOffset: { left: 0, top: 0 } } });
  const nothing = { type: 5, textContent: '' };
  expect(event?.data.node).toEqual({
    type: 0,
    id: 1,
    childNodes: [
      { ...nothing, id: 2 },
      { type: 1, id: 3, name: 'html', publicId: '', systemId: '' },
      { type: 2, id: 9, tagName: 'html', attributes: {}, childNodes: [{ ...nothing, id: 3 }] },
    ],
  });
});

test('a tree deeper than a recorder writes is not built', () => {
  const nest = (depth: number): object => (depth === 0 ? { type: 3, id: 5, textContent: '' } : element('p', {}, [nest(depth - 1)]));
  expect(() => build(nest(127))).not.toThrow();
  expect(() => build(nest(128))).toThrow(Unplayable);
});

test.each(['{', '[]', '1', '{"type":2}', '{"type":2,"timestamp":-1,"data":{}}', '{"type":2,"timestamp":1,"data":{"node":{"type":2}}}'])(
  'the line %s is not played',
  (line) => expect(() => new Disarmer().read(line)).toThrow(Unplayable),
);

test('an order or a report that is none is not heard', () => {
  expect(readOrder({ do: 'open', turn: 1, events: '', at: 0, playing: true })).toBeDefined();
  expect(readOrder({ do: 'speed', speed: 8 })).toEqual({ do: 'speed', speed: 8 });
  for (const data of [null, 1, {}, { do: 'open', events: '' }, { do: 'speed', speed: 3 }, { do: 'go', turn: 1, at: Number.NaN, playing: true }, { do: 'add', events: 1 }]) {
    expect(readOrder(data)).toBeUndefined();
  }
  expect(readReport({ is: 'at', at: 5, more: '<b>' })).toEqual({ is: 'at', at: 5 });
  for (const data of [null, '', { is: 'at' }, { is: 'shown', turn: '1' }, { is: 'ran' }]) expect(readReport(data)).toBeUndefined();
});

test('where something happened is read over: heatmaps count it, nobody plays it', () => {
  const disarmer = new Disarmer();
  disarmer.disarm(snapshot(element('p')));
  const place = { el: 4_294_967_295, ex: 0, ey: 1000 };
  const point = { id: 9, x: 1, y: 2 };
  const played = (data: object) => disarmer.disarm(change(data))?.data;
  expect(played({ source: 2, type: 2, ...point, ...place })).toEqual({ source: 2, type: 2, ...point });
  expect(played({ source: 1, positions: [{ ...point, timeOffset: -5, ...place }] })).toEqual({
    source: 1,
    positions: [{ ...point, timeOffset: -5 }],
  });
  expect(played({ source: 3, ...point, h: 5210 })).toEqual({ source: 3, ...point });
  const meta = { type: 4, timestamp: AT, data: { href: 'https://example.com/', width: 800, height: 600, h: 5210 } };
  expect(disarmer.disarm(meta)?.data).toEqual({ href: '', width: 800, height: 600 });
});
