// Builds dist/c.js, the one file a measured page loads, and dist/i.js, which pages that know their visitors load before it, each
// with its two compressed forms. They must never pull in a dependency: everything in the files was written here.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const here = import.meta.dirname;
mkdirSync(join(here, "dist"), { recursive: true });

/** Builds one script and its compressed forms. */
async function bundle(entry, script) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
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
  const bytes = Buffer.from(code);
  const forms = {
    [script]: bytes,
    [`${script}.br`]: brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    [`${script}.gz`]: gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
  };
  for (const [name, form] of Object.entries(forms)) {
    writeFileSync(join(here, "dist", name), form);
    console.log(`dist/${name.padEnd(8)} ${form.length} bytes`);
  }
}

await bundle("main.ts", "c.js");
await bundle("known.ts", "i.js");
