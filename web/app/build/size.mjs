/**
 * Counts what a browser fetches until the dashboard is complete, nothing clicked, and fails beyond the budget:
 * the scripts the page names, what they import, and what the dashboard loads by itself after that.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const JS_KIB_MAX = 210;
const CSS_KIB_MAX = 25;
/** Loaded without a click. The map's shapes are data and counted apart. */
const BY_ITSELF = /^world-map-.*\.js$/;

if (!existsSync(join(DIST, 'index.html'))) {
  console.error('There is no build to measure: run `npm run build -w app` first.');
  process.exit(2);
}
const read = (file) => readFileSync(join(DIST, file), 'utf8');
const page = read('index.html');
const named = (pattern, text) => [...text.matchAll(pattern)].map(([, name]) => `assets/${name}`);
const scripts = new Set();

function collect(file) {
  if (scripts.has(file)) return;
  scripts.add(file);
  named(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g, read(file)).forEach(collect);
}

named(/src="\/assets\/([^"]+\.js)"/g, page).forEach(collect);
const later = readdirSync(join(DIST, 'assets')).filter((file) => BY_ITSELF.test(file));
if (later.length !== 1) throw new Error('the map is not a file of its own any more: correct BY_ITSELF');
later.map((file) => `assets/${file}`).forEach(collect);
const styles = named(/href="\/assets\/([^"]+\.css)"/g, page);

const kib = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1024;
const sum = (files) => [...files].reduce((total, file) => total + kib(file), 0);

const results = [
  ['JavaScript of the dashboard', sum(scripts), JS_KIB_MAX],
  ['CSS', sum(styles), CSS_KIB_MAX],
];
for (const file of scripts) console.log(`${kib(file).toFixed(1).padStart(8)} KiB  ${file}`);
for (const [name, size, limit] of results) console.log(`${name}: ${size.toFixed(1)} KiB gzip of ${limit}`);
process.exit(results.some(([, size, limit]) => size > limit) ? 1 : 0);
