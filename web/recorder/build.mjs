// Builds dist/r.js, the one file that a recorded page loads after the tracker, and its two compressed forms.
// Its size is a promise: a build that is too large fails.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";

const BROTLI_BYTES_MAX = 32 * 1_024;

const here = import.meta.dirname;
const script = await bundle("src/main.ts");
const packed = brotliCompressSync(script, {
  params: {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: script.length,
  },
});
const forms = {
  "r.js": script,
  "r.js.br": packed,
  "r.js.gz": gzipSync(script, { level: constants.Z_BEST_COMPRESSION }),
};

mkdirSync(join(here, "dist"), { recursive: true });
for (const [name, bytes] of Object.entries(forms)) {
  writeFileSync(join(here, "dist", name), bytes);
  console.log(`dist/${name.padEnd(8)} ${bytes.length} bytes`);
}
if (packed.length > BROTLI_BYTES_MAX) {
  console.error(`dist/r.js.br is larger than ${BROTLI_BYTES_MAX} bytes`);
  process.exitCode = 1;
}
