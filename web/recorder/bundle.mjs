// Makes one script of an entry file, as small as the two tools make it together.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";

const here = import.meta.dirname;

/**
 * What of the library is never asked for, and what stands there instead: what reads pictures, frames, films and selections. A
 * script that has no such code cannot be told to use it, and is smaller. Each cut is made by what stands at its ends.
 */
const CUTS = [
  ["\nfunction is2DCanvasBlank(", "\nfunction getInputType(", ""],
  ["\nfunction getAbsoluteSrcsetString(", "\nconst cachedDocument = ", "const getAbsoluteSrcsetString = () => '';"],
  ['\n  if (tagName === "canvas" && recordCanvas) {', "\n  if (!newlyAddedElement) {", ""],
  [
    "\nfunction initMediaInteractionObserver(",
    "\nfunction initObservers(",
    "const unseen = () => () => {}; const initMediaInteractionObserver = unseen, initFontObserver = unseen, initSelectionObserver = unseen, initCustomElementObserver = unseen, mergeHooks = unseen;",
  ],
  [
    "\nclass CrossOriginIframeMirror {",
    "\nclass ShadowDomManager {",
    "class IframeManager { addIframe() {} addLoadListener() {} attachIframe() {} }",
  ],
  [
    "\nconst canvasVarMap = ",
    "\nclass StylesheetManager {",
    "class CanvasManager { reset() {} freeze() {} unfreeze() {} lock() {} unlock() {} }",
  ],
];

/** A version of the library in which an end is not found once, or in which something that was cut is used elsewhere, does not build. */
const onlyWhatIsUsed = {
  name: "only what is used",
  setup(build) {
    build.onLoad({ filter: /@rrweb[/]record[/]dist[/]record[.]js$/ }, ({ path }) => {
      let contents = readFileSync(path, "utf8");
      const names = new Set();
      for (const [first, last, stub] of CUTS) {
        const [before, from] = cutAt(contents, first);
        const end = from.indexOf(last);
        if (end < 0) throw new Error(`${last.trim()} does not follow on ${first.trim()}`);
        for (const [, name] of from.slice(0, end).matchAll(/^(?:function|class|const) (\w+)/gm)) names.add(name);
        for (const [name] of stub.matchAll(/\w+/g)) names.delete(name);
        contents = `${before}\n${stub}${from.slice(end)}`;
      }
      for (const name of names) if (new RegExp(`\\b${name}\\b(?!:)`).test(contents)) throw new Error(`${name} is used elsewhere`);
      return { contents };
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
    plugins: [onlyWhatIsUsed],
  });
  const { code } = await minify(outputFiles[0].text, {
    compress: { passes: 3, drop_console: true, toplevel: true, pure_getters: true, ecma: 2020 },
    mangle: { toplevel: true },
  });
  return Buffer.from(code);
}
