/** What is recorded and replayed: a real documentation site, Candor's own screens, and web apps that nobody here wrote. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { provideDocumentation } from "../documentation";
import { StandIn } from "../stand-in";
import { serveFolders } from "./folder";
import type { Subject } from "./measure";
import type { Moment } from "./visit";

const ROOT = join(import.meta.dirname, "../../../..");
const SITES = join(import.meta.dirname, "../../sites/node_modules");
const API = join(ROOT, "web/api-client/openapi.json");

const loaded: Moment = { name: "after load" };
const scrolled: Moment = { name: "after scroll", act: (page) => page.mouse.wheel(0, 900) };
const press = (page: Page, selector: string) => page.locator(selector).filter({ visible: true }).first().click({ timeout: 10_000 });
const presses = (name: string, selector: string): Moment => ({ name, act: (page) => press(page, selector) });
const goes = (name: string, selector: string): Moment => ({
  name,
  act: async (page) => {
    await press(page, selector);
    await page.waitForLoadState("load");
  },
});
const opens = (name: string, path: string): Moment => ({ name, act: (page) => page.goto(new URL(path, page.url()).href) });
const waits = (name: string, selector: string): Moment => ({ name, act: (page) => page.locator(selector).first().waitFor() });

/** What a clean checkout has without installing more. */
export const QUICK: readonly Subject[] = [
  {
    name: "SQLite documentation",
    open: () => serveFolders([provideDocumentation()]),
    path: "/lang_select.html",
    moments: [loaded, presses("after folding a part", "button"), scrolled, goes("after a route change", "a[href='about.html']")],
  },
  {
    name: "Candor's dashboard",
    open: async () => {
      const mock = await StandIn.start();
      return { origin: mock.origin, close: () => mock.stop() };
    },
    path: "/northwind.example",
    moments: [waits("after load", "main"), scrolled, goes("after a route change", "a[href*='recordings']")],
  },
];

/** Of `sites/`, which is installed by itself. */
export const WHOLE: readonly Subject[] = [
  ...QUICK,
  {
    name: "Candor's documentation",
    open: openDocumentation,
    path: "/recordings.html",
    moments: [loaded, scrolled, goes("after a route change", ".VPSidebar a[href^='/metrics']"), presses("after opening a menu", "button.VPSwitchAppearance")],
  },
  {
    name: "Swagger UI",
    open: () => {
      const api = readFileSync(API, "utf8");
      const start = readFileSync(join(SITES, "swagger-ui-dist/swagger-initializer.js"), "utf8").replace(/url: ".*"/, 'url: "/openapi.json"');
      return serveFolders([join(SITES, "swagger-ui-dist")], { "/openapi.json": api, "/swagger-initializer.js": start });
    },
    path: "/",
    moments: [waits("after load", ".opblock"), presses("after opening a section", ".opblock-summary"), scrolled],
  },
  {
    name: "Redoc",
    open: () => {
      const html = '<!doctype html><html><head><title>API</title></head><body><redoc spec-url="/openapi.json"></redoc><script src="/redoc.standalone.js"></script></body></html>';
      return serveFolders([join(SITES, "redoc/bundles")], { "/index.html": html, "/openapi.json": readFileSync(API, "utf8") });
    },
    path: "/",
    moments: [waits("after load", "h2"), scrolled, presses("after a route change", "li[data-item-id] label")],
  },
  {
    name: "Scalar",
    open: () => {
      const html = `<!doctype html><html><head><title>API</title></head><body><div id="app"></div><script src="/standalone.js"></script>
        <script>Scalar.createApiReference("#app", { url: "/openapi.json", withDefaultFonts: false, telemetry: false })</script></body></html>`;
      return serveFolders([join(SITES, "@scalar/api-reference/dist/browser")], { "/index.html": html, "/openapi.json": readFileSync(API, "utf8") });
    },
    path: "/",
    moments: [waits("after load", ".scalar-app"), scrolled],
  },
  {
    name: "SB Admin 2",
    open: () => serveFolders([join(SITES, "startbootstrap-sb-admin-2")]),
    path: "/index.html",
    moments: [loaded, presses("after opening a menu", "#alertsDropdown"), goes("after a route change", "a[href='tables.html']"), scrolled],
  },
  {
    name: "Gentelella",
    open: () => serveFolders([join(SITES, "gentelella/dist")]),
    path: "/production/index.html",
    moments: [loaded, scrolled, opens("after a route change", "general_elements.html"), opens("after another", "profile.html")],
  },
  ...["react", "vue"].map(
    (framework): Subject => ({
      name: `TodoMVC, ${framework}`,
      open: () => serveFolders([join(SITES, "todomvc")]),
      path: `/examples/${framework}/index.html`,
      moments: [loaded, { name: "after three entries", act: enterTodos }, presses("after a choice", ".toggle"), presses("after a route change", "#filters a[href='#/active']")],
    }),
  ),
];

async function enterTodos(page: Page): Promise<void> {
  for (const entry of ["Descale the kettle", "Order gaskets", "Write to Ada"]) {
    await page.locator("#new-todo").fill(entry);
    await page.keyboard.press("Enter");
  }
}

/** The pages of `docs/`, made into a site by VitePress with its own theme. */
async function openDocumentation() {
  const folder = mkdtempSync(join(tmpdir(), "candor-docs-"));
  cpSync(join(ROOT, "docs"), folder, { recursive: true });
  // Pictures are served as they are, by the addresses that the pages name.
  cpSync(join(ROOT, "docs/images"), join(folder, "public/images"), { recursive: true });
  symlinkSync(SITES, join(folder, "node_modules"));
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md")).map((name) => name.slice(0, -3));
  const sidebar = pages.map((name) => ({ text: name.replaceAll("-", " "), link: `/${name}` }));
  mkdirSync(join(folder, ".vitepress"));
  writeFileSync(join(folder, ".vitepress/config.mjs"), `export default ${JSON.stringify({ title: "Candor", ignoreDeadLinks: true, vue: { template: { transformAssetUrls: false } }, themeConfig: { sidebar } })}`);
  execFileSync(process.execPath, [join(SITES, "vitepress/bin/vitepress.js"), "build", folder], { stdio: "pipe" });
  const served = await serveFolders([join(folder, ".vitepress/dist")]);
  const close = () => {
    served.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...served, close };
}
