/**
 * Counts what a browser fetches until the dashboard is complete, nothing clicked, and fails beyond the budget:
 * the scripts the page names, what they import, and what the dashboard loads by itself after that.
 * Each further screen may fetch so much besides, before anything on it is pressed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const JS_KIB_MAX = 210;
const CSS_KIB_MAX = 25;
const SCREEN_KIB_MAX = 60;
/** These two carry the list of time zones that is searched by typing, which is React Aria's whole combo box. */
const WITH_ZONES_KIB_MAX = 85;
const WITH_ZONES = ['site-pages', 'sites-page'];
/** Loaded without a click. The map's shapes are data and counted apart. */
const SCREEN = /^([a-z-]+-pages?)-[\w-]+\.js$/;
const BY_ITSELF = /^world-map-.*\.js$/;

if (!existsSync(join(DIST, 'index.html'))) {
  console.error('There is no build to measure: run `npm run build -w app` first.');
  process.exit(2);
}
const read = (file) => readFileSync(join(DIST, file), 'utf8');
const page = read('index.html');
const OPERATORS_KIB_MAX = 125;
const named = (pattern, text) => [...text.matchAll(pattern)].map(([, name]) => `assets/${name}`);
const scripts = new Set();

/** With what it imports; what is in `known` is there already. */
function collect(file, into = scripts, known = scripts) {
  if (known.has(file) || into.has(file)) return;
  into.add(file);
  // Minified code quotes with backticks too.
  for (const next of named(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g, read(file))) collect(next, into, known);
}

named(/src="\/assets\/([^"]+\.js)"/g, page).forEach((file) => void collect(file));
const later = readdirSync(join(DIST, 'assets')).filter((file) => BY_ITSELF.test(file));
if (later.length !== 1) throw new Error('the map is not a file of its own any more: correct BY_ITSELF');
for (const file of later) collect(`assets/${file}`);
const styles = named(/href="\/assets\/([^"]+\.css)"/g, page);

const kib = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1024;
const sum = (files) => [...files].reduce((total, file) => total + kib(file), 0);

const results = [
  ['JavaScript of the dashboard', sum(scripts), JS_KIB_MAX],
  ['CSS', sum(styles), CSS_KIB_MAX],
];
const operators = new Set();
named(/src="\/assets\/([^"]+\.js)"/g, read('operators.html')).forEach((file) => void collect(file, operators, new Set()));
results.push(['JavaScript of the operators’ console', sum(operators), OPERATORS_KIB_MAX]);
for (const file of readdirSync(join(DIST, 'assets'))) {
  const [, name] = SCREEN.exec(file) ?? [];
  if (!name) continue;
  const own = new Set();
  collect(`assets/${file}`, own);
  results.push([name, sum(own), WITH_ZONES.includes(name) ? WITH_ZONES_KIB_MAX : SCREEN_KIB_MAX]);
}
for (const file of scripts) console.log(`${kib(file).toFixed(1).padStart(8)} KiB  ${file}`);
for (const [name, size, limit] of results) console.log(`${name}: ${size.toFixed(1)} KiB gzip of ${limit}`);
process.exit(results.some(([, size, limit]) => size > limit) ? 1 : 0);
