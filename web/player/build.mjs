// Builds the replay frame: one page with its styles inside, and one script. It must never need a second request for anything else.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = import.meta.dirname;

/** Every file of the frame by its name. */
export async function makeFrame(options = {}) {
  const shared = { bundle: true, minify: true, write: false, charset: 'utf8', legalComments: 'none' };
  const [script, style] = await Promise.all([
    build({ ...shared, entryPoints: [join(here, 'src/main.ts')], format: 'iife', target: ['es2022'], ...options }),
    build({ ...shared, entryPoints: [join(here, 'src/frame.css')] }),
  ]);
  const code = script.outputFiles[0].contents;
  const name = `frame-${createHash('sha256').update(code).digest('base64url').slice(0, 8)}.js`;
  const page = readFileSync(join(here, 'index.html'), 'utf8')
    .replace('{style}', () => style.outputFiles[0].text.trim())
    .replace('{script}', () => name);
  return { 'index.html': Buffer.from(page), [name]: Buffer.from(code) };
}

if (process.argv[1] === import.meta.filename) {
  const dist = join(here, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  for (const [name, bytes] of Object.entries(await makeFrame())) {
    writeFileSync(join(dist, name), bytes);
    const gzip = gzipSync(bytes, { level: 9 });
    console.log(`dist/${name.padEnd(20)} ${bytes.length} bytes, ${gzip.length} gzip`);
    // The page is finished by the server, who writes into it where it is embedded.
    if (!name.endsWith('.js')) continue;
    writeFileSync(join(dist, `${name}.gz`), gzip);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
}
