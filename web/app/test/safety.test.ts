/** Walls of the UI's source: what strangers send stays text, features do not know each other, files stay short. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkToPage } from '../src/lib/links.ts';
import { writeKnowing, writeSnippet } from '../src/lib/snippet.ts';

const SOURCE = new URL('../src', import.meta.url).pathname;
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(SOURCE, file), 'utf8') }));

test.each([
  '//evil.example/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'pricing',
  '@evil.example/',
  ':8080/x',
  '\\\\evil.example',
])('a page called %j is no link', (path) => {
  expect(linkToPage('example.com', path) ?? 'https://example.com/').toMatch(/^https:\/\/example\.com\//);
});

test('a page is a link to the measured site', () => {
  expect(linkToPage('example.com', '/a b?x=<b>')).toBe('https://example.com/a%20b?x=%3Cb%3E');
});

test('nothing is ever written as markup', () => {
  for (const { file, text } of files) {
    expect(text, file).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|\beval\(/);
  }
});

test('every link that opens elsewhere lets go of this page', () => {
  for (const { file, text } of files) {
    const opening = text.match(/target="_blank"/g)?.length ?? 0;
    expect(text.match(/rel="noopener noreferrer"/g)?.length ?? 0, file).toBe(opening);
  }
});

test('features do not know each other', () => {
  for (const { file, text } of files) {
    if (/^(lib|ui)\//.test(file)) expect(text, file).not.toMatch(/from '[^']*\/(features|app)\//);
    if (file.startsWith('features/')) expect(text, file).not.toMatch(/(from|import\() ?'\.\.\/(?!\.\.\/(lib|ui)\/)/);
  }
});

test('no file is longer than 300 lines', () => {
  for (const { file, text } of files) expect(text.split('\n').length, file).toBeLessThanOrEqual(300);
});

test('the snippet says what differs from the default and keeps the address the server gave', () => {
  const recording = {
    on: false,
    sample: 100,
    text: 'starred' as const,
    retention_days: 30,
    idle_minutes: 5,
    length_minutes: 60,
    in_backups: false,
    shown_to_viewers: false,
  };
  const identified = { attributes: [], addresses: false };
  const settings = { identity: 'consent' as const, honour_signals: true, hash_routing: false, recording, identified };
  const site = {
    domain: 'example.com',
    settings,
    snippet: '<script defer data-site="example.com" src="https://stats.example.com/c.js"></script>',
  };
  expect(writeSnippet(site, 'http://localhost:7400')).toBe(site.snippet);
  expect(writeKnowing(site, 'http://localhost:7400')).toBe(
    '<script defer data-site="example.com" src="https://stats.example.com/i.js"></script>',
  );
  const recorded = { ...recording, on: true };
  const changed = {
    ...site,
    settings: { identity: 'always' as const, honour_signals: false, hash_routing: true, recording: recorded, identified },
    snippet: '',
  };
  expect(writeSnippet(changed, 'http://localhost:7400')).toBe(
    '<script defer data-site="example.com" data-identity="always" data-signals="ignore" data-hash data-recording src="http://localhost:7400/c.js"></script>',
  );
  const known = {
    ...site,
    settings: { ...settings, identified: { attributes: [{ name: 'plan', kind: 'text' as const }], addresses: false } },
  };
  expect(writeSnippet(known, 'http://localhost:7400')).toBe(
    `<script defer data-site="example.com" src="https://stats.example.com/i.js"></script>\n${site.snippet}`,
  );
});
