/** The generated types must follow the server's document; `npm run generate -w api-client` refreshes them. */
import { readFileSync } from 'node:fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

test('schema.ts is what openapi.json says', async () => {
  const document = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
  const generated = COMMENT_HEADER + astToString(await openapiTS(document));
  expect(readFileSync(new URL('./schema.ts', import.meta.url), 'utf8')).toBe(generated);
});
