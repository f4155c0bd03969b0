// Builds dist/c.js, the one file a measured page loads, and its two compressed forms.
// It must never pull in a dependency: everything in the file was written here.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const here = import.meta.dirname;
const { outputFiles } = await build({
  entryPoints: [join(here, "src/main.ts")],
  bundle: true,
  minify: true,
  format: "iife",
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  // The oldest syntax of browsers that also keep a request alive when its page goes away.
  target: ["es2021"],
  charset: "utf8",
  legalComments: "none",
  write: false,
});

// Terser inlines what esbuild leaves as functions and constants; the two together are the smallest.
const { code } = await minify(outputFiles[0].text, {
  compress: { passes: 4, toplevel: true, unsafe_arrows: true, pure_getters: true, ecma: 2020 },
  mangle: { toplevel: true },
});
const script = Buffer.from(code);
const forms = {
  "c.js": script,
  "c.js.br": brotliCompressSync(script, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: script.length,
    },
  }),
  "c.js.gz": gzipSync(script, { level: constants.Z_BEST_COMPRESSION }),
};

mkdirSync(join(here, "dist"), { recursive: true });
for (const [name, bytes] of Object.entries(forms)) {
  writeFileSync(join(here, "dist", name), bytes);
  console.log(`dist/${name.padEnd(8)} ${bytes.length} bytes`);
}
