/** The dashboard in a browser, as its reader sees it, watched for harm. */

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { FLAGS, provideBrowser } from "./browser";
import { Watch } from "./harm";
import { COOKIE } from "./owner";
import type { Server } from "./server";

export interface Look {
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: provideBrowser(), args: FLAGS });
}

/** Whoever uses this browser holds a sign-in from before. */
export function signIn(context: BrowserContext, origin: string, held: string): Promise<void> {
  const cookie = { name: COOKIE, value: held, url: origin.replace("http:", "https:") };
  return context.addCookies([{ ...cookie, secure: true, httpOnly: true, sameSite: "Lax" }]);
}

export class Dashboard {
  private constructor(
    readonly page: Page,
    readonly watch: Watch,
  ) {}

  /** Opens an address of a server as its owner. */
  static async open(browser: Browser, server: Server, path: string, { width = 1280, height = 900, scheme = "light" }: Look = {}): Promise<Dashboard> {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, timezoneId: "UTC" });
    await signIn(context, server.origin, server.owner.signIn);
    const page = await context.newPage();
    const watch = await Watch.over(page, server.origin);
    await page.goto(server.origin + path);
    return new Dashboard(page, watch);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** Waits until the report has been drawn. */
  async drawn(): Promise<void> {
    await this.page.getByRole("group", { name: /Headline/ }).waitFor();
    await this.row("Pages", /./).first().waitFor();
  }

  /** A headline number as it is written. */
  async headline(label: string): Promise<string> {
    const figure = this.page.getByRole("group", { name: /Headline/ }).getByRole("button", { name: new RegExp(`^${label}`) });
    const [, value] = (await figure.innerText()).split("\n");
    return value?.trim() ?? "";
  }

  /** The names in a panel, top down, with the number at the end of each row. */
  async rows(panel: string): Promise<[string, number][]> {
    const rows = await this.panel(panel).locator("tbody tr").all();
    return Promise.all(
      rows.map(async (row) => {
        const name = (await row.getByRole("button").first().innerText()).trim();
        const number = (await row.getByRole("cell").last().locator("span").last().innerText()).trim();
        return [name, Number(number)] as [string, number];
      }),
    );
  }

  /** Addresses of links on the page that are neither of the web nor of the page itself. */
  strangeLinks(): Promise<string[]> {
    return this.page.locator("a[href]").evaluateAll((links) =>
      links.map((link) => (link as HTMLAnchorElement).href).filter((address) => !/^https?:/.test(address)),
    );
  }

  panel(label: string) {
    return this.page.getByRole("region", { name: label, exact: true });
  }

  row(panel: string, name: string | RegExp) {
    return this.panel(panel).locator("tbody").getByRole("button", { name, exact: typeof name === "string" });
  }

  choose(panel: string, tab: string): Promise<void> {
    return this.panel(panel).getByRole("tab", { name: tab, exact: true }).click();
  }
}
