/** The design language on one sheet, drawn with the built styles themselves: mark, colours, type, rules and strokes. */

const COLOURS = [
  'paper',
  'raised',
  'wash',
  'line',
  'edge',
  'ink',
  'soft',
  'faint',
  'accent',
  'accent-wash',
  'good',
  'warn',
  'warn-wash',
  'bad',
  'bad-wash',
];
const TYPE = [
  ['figure', '8,426', 'figure 30/36, 580: headline numbers'],
  ['title', 'Site settings', 'title 26/32, 600: the name of a screen'],
  ['lg', 'Who a visitor is', 'lg 16/24, 600: a section'],
  ['base', 'In the head of every page.', 'base 14/20: prose'],
  ['sm', '/docs/first-site', 'sm 13/20: rows, buttons, fields'],
  ['xs', 'Updated just now', 'xs 12/16: columns, hints, axes'],
];
const ROWS = [
  ['/docs', '3,118', 1],
  ['/pricing', '1,515', 0.486],
  ['/blog/clean-at-the-door', '671', 0.215],
];

const mark = (size) =>
  `<svg width="${size}" height="${size}" viewBox="0 0 32 32" fill="none"><path d="M24.1 7.9A11.5 11.5 0 1 0 24.1 24.1" stroke="var(--color-ink)" stroke-width="4" stroke-linecap="round"/><circle cx="26.6" cy="16" r="3.4" fill="var(--color-accent)"/></svg>`;
const swatch = (name) =>
  `<div style="width:104px"><div style="height:52px;border-radius:6px;background:var(--color-${name});box-shadow:inset 0 0 0 1px var(--color-line)"></div><p style="font-size:12px;color:var(--color-soft);margin-top:6px">${name}</p></div>`;
const sample = ([size, text, words]) =>
  `<div style="display:flex;align-items:baseline;gap:24px;border-top:1px solid var(--color-line);padding:10px 0"><span style="width:250px;font-size:var(--text-${size});line-height:var(--text-${size}--line-height);font-weight:${{ figure: 580, title: 600, lg: 600 }[size] ?? 400};letter-spacing:${{ figure: '-.028em', title: '-.02em' }[size] ?? 0};font-variant-numeric:tabular-nums">${text}</span><span style="font-size:12px;color:var(--color-faint)">${words}</span></div>`;
const row = ([name, count, share]) =>
  `<div style="position:relative;display:flex;justify-content:space-between;height:36px;align-items:center;border-bottom:1px solid var(--color-line);font-size:13px;font-variant-numeric:tabular-nums"><span>${name}</span><b style="font-weight:500">${count}</b><i style="position:absolute;left:0;bottom:-1px;height:2px;width:${share * 100}%;background:var(--color-accent)"></i></div>`;
const stroke = (style, words) =>
  `<p style="display:flex;align-items:center;gap:12px;font-size:12px;color:var(--color-soft);height:28px"><svg width="64" height="4"><path d="M1 2H63" fill="none" ${style}/></svg>${words}</p>`;

export const SPECIMEN = `
  <section style="padding:48px">
    <div style="display:flex;align-items:center;gap:28px;margin-bottom:36px">${mark(72)}${mark(32)}${mark(16)}<span style="font-size:26px;font-weight:600;letter-spacing:-.02em">Candor</span></div>
    <div style="display:flex;flex-wrap:wrap;gap:14px;margin-bottom:36px">${COLOURS.map(swatch).join('')}</div>
    <div style="margin-bottom:36px">${TYPE.map(sample).join('')}</div>
    <div style="display:grid;grid-template-columns:1fr 230px;gap:40px"><div>${ROWS.map(row).join('')}</div><div>${stroke('stroke="var(--color-accent)" stroke-width="2"', 'the period')}${stroke('stroke="var(--color-edge)" stroke-width="1.25"', 'what it is compared with')}${stroke('stroke="var(--color-accent)" stroke-width="2" stroke-dasharray="3 5" stroke-linecap="round"', 'what is still filling')}${stroke('stroke="var(--color-line)" stroke-width="1"', 'a hairline, and never a box')}</div></div>
  </section>`;
