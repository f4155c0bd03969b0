/** A site of articles: long prose of packages that are pinned here, under a style sheet that sites are really made with. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { marked } from "marked";

const require = createRequire(import.meta.url);
const read = (path) => readFileSync(new URL(`../node_modules/${path}`, import.meta.url), "utf8");

/** The articles by the last piece of their path. */
export const ARTICLES = {
  compression: "fflate/README.md",
  sanitizing: "dompurify/README.md",
  vitals: "web-vitals/README.md",
  capture: "@rrweb/record/README.md",
};
export const SHEET = readFileSync(require.resolve("@picocss/pico/css/pico.min.css"), "utf8");

const OWN_SHEET = `
  .site { display: grid; grid-template-columns: 15rem 1fr; gap: 2rem }
  .site nav ul { display: block } .site nav li { padding: .2rem 0 }
  .site article { max-width: 48rem } .site pre { overflow-x: auto }
  .banner { position: sticky; top: 0; background: var(--pico-background-color); z-index: 2 }
  .banner a:hover { text-decoration: underline } .fold { transition: opacity .2s }`;

const links = Object.keys(ARTICLES)
  .map((name) => `<li><a href="/articles/${name}">${name}</a></li>`)
  .join("");

/** A whole page; `head` stands where a site's owner would put a snippet. */
export function article(name, head) {
  const prose = marked.parse(read(ARTICLES[name])).replace(/<img[^>]*>/g, "");
  return `<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>${name}</title>
<link rel="stylesheet" href="/pico.css"><style>${OWN_SHEET}</style>${head}</head><body>
<header class="container banner"><nav><ul><li><strong>Articles</strong></li></ul><ul>${links}
<li><a class="to-app" href="/orders">Orders</a></li></ul></nav></header>
<main class="container site"><nav><ul>${links}</ul><button class="outline" id="fold">Contents</button></nav>
<article>${prose}</article></main>
<footer class="container"><form><label>Search <input type="search" name="q"></label></form></footer>
<script>document.getElementById("fold").onclick = () => document.querySelector(".site nav ul").toggleAttribute("hidden")</script>
</body></html>`;
}
