/** Devices and networks as the lists name them. */
import { expect, test } from 'vitest';
import { nameDevice, nameNetwork } from '../src/lib/devices.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari on Mac',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['Mozilla/5.0 <script>', 'Mozilla/5.0 <script>'],
  ['', 'Unknown device'],
])('%s', (agent, name) => {
  expect(nameDevice(agent)).toBe(name);
});

test('the machine of the server itself is no network', () => {
  expect(nameNetwork('127.0.0.0')).toBe(nameNetwork('::'));
  expect(nameNetwork('203.0.113.0')).toBe('203.0.113.0');
});
