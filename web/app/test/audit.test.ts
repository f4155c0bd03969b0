/** The words of the audit log are the server's: none is shown raw, and none is told that there is not. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTS } from '../src/features/audit/messages.ts';

const SERVER = new URL('../../../crates/domain/src/audit/words.rs', import.meta.url);

test('the audit log has a sentence for each act that the server writes, and for no other', () => {
  const [, acts = ''] = readFileSync(SERVER, 'utf8').split('impl Act {');
  const words = [...acts.matchAll(/=> "(\w+)"/g)].map(([, word]) => word);
  expect(words.length).toBeGreaterThan(80);
  expect(Object.keys(ACTS).sort()).toEqual(words.sort());
});
