/**
 * Counts what a browser fetches until the dashboard is complete, nothing clicked, and fails beyond the budget.
 * Read from the build's manifest: the entry with all its static imports, and what it loads by itself after that.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const JS_KIB_MAX = 210;
const CSS_KIB_MAX = 25;
/** Loaded without a click. The map's shapes are data and counted apart. */
const BY_ITSELF = ['index.html', 'src/features/places/world-map.tsx'];

if (!existsSync(join(DIST, 'manifest.json'))) {
  console.error('There is no build to measure: run `npm run build -w app` first.');
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8'));
const scripts = new Set();
const styles = new Set();

function collect(name) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`the build has no ${name}`);
  if (scripts.has(chunk.file)) return;
  scripts.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const imported of chunk.imports ?? []) collect(imported);
}

const kib = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1024;
const sum = (files) => [...files].reduce((total, file) => total + kib(file), 0);

for (const name of BY_ITSELF) collect(name);
for (const [, theme] of readFileSync(join(DIST, 'index.html'), 'utf8').matchAll(/src="\/(assets\/theme-[^"]+)"/g))
  scripts.add(theme);
const results = [
  ['JavaScript of the dashboard', sum(scripts), JS_KIB_MAX],
  ['CSS', sum(styles), CSS_KIB_MAX],
];
for (const file of scripts) console.log(`${kib(file).toFixed(1).padStart(8)} KiB  ${file}`);
for (const [name, size, limit] of results) console.log(`${name}: ${size.toFixed(1)} KiB gzip of ${limit}`);
process.exit(results.some(([, size, limit]) => size > limit) ? 1 : 0);
