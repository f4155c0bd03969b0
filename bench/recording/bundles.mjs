/** Makes the scripts of the pages and of the recorders beside ours, each as its makers would serve it. */

import { build } from "esbuild";

const FILES = {
  "orders.js": "pages/orders.jsx",
  "plain.js": "recorders/plain.mjs",
  "alone.js": "recorders/alone.mjs",
  "posthog.js": "recorders/posthog.mjs",
  "sentry.js": "recorders/sentry.mjs",
  "sentry-without.js": "recorders/sentry-without.mjs",
};

/** {name: bytes} of every script. */
export async function bundles() {
  const made = Object.entries(FILES).map(async ([name, entry]) => {
    const { outputFiles } = await build({
      entryPoints: [new URL(entry, import.meta.url).pathname],
      bundle: true,
      minify: true,
      format: "iife",
      target: "es2022",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      legalComments: "none",
      charset: "utf8",
      write: false,
      logLevel: "error",
    });
    return [name, Buffer.from(outputFiles[0].contents)];
  });
  return Object.fromEntries(await Promise.all(made));
}
