// Makes one script of an entry file, as small as the two tools make it together.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";

const here = import.meta.dirname;

/**
 * The library without what it reads canvases with: a script that has no such code cannot be told to use it. The cut is
 * made by what stands at its ends, and a version of the library in which they are not found once each does not build.
 */
const withoutCanvas = {
  name: "without canvas",
  setup(build) {
    build.onLoad({ filter: /@rrweb[/]record[/]dist[/]record[.]js$/ }, ({ path }) => {
      const [before, from] = cutAt(readFileSync(path, "utf8"), "\nconst canvasVarMap = ");
      const [canvas, after] = cutAt(from, "\nclass StylesheetManager {");
      for (const [, name] of canvas.matchAll(/^(?:function|class|const) (\w+)/gm)) {
        if (name !== "CanvasManager" && name !== "blob" && new RegExp(`\\b${name}\\b`).test(before + after))
          throw new Error(`${name} is used elsewhere`);
      }
      return {
        contents: `${before}\nclass CanvasManager { reset() {} freeze() {} unfreeze() {} lock() {} unlock() {} }${after}`,
      };
    });
  },
};

function cutAt(text, mark) {
  const parts = text.split(mark);
  if (parts.length !== 2) throw new Error(`${mark.trim()} is there ${parts.length - 1} times`);
  return [parts[0], mark + parts[1]];
}

export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    format: "iife",
    // Browsers that compress streams know it all.
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [withoutCanvas],
  });
  const { code } = await minify(outputFiles[0].text, {
    compress: { passes: 3, drop_console: true, toplevel: true, pure_getters: true, ecma: 2020 },
    mangle: { toplevel: true },
  });
  return Buffer.from(code);
}
