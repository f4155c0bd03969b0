/** The screen of heatmaps in a browser, what it asks, and what is drawn in the frame of another origin. */

import type { Browser, Frame, Locator, Page } from "playwright-core";

interface Look {
  width?: number;
  scheme?: "light" | "dark";
}

export interface Measured {
  warmest: [number, number];
  point: [number, number];
}

/** In the frame that builds pages: where its picture is warmest, and where a point of an element is, in pixels of the page. */
export function measureIn(frame: Frame, selector: string, [x, y]: readonly [number, number]): Promise<Measured> {
  // As text, since what turns TypeScript into functions leaves marks in them that no page knows.
  return frame.evaluate(`(() => {
    const canvas = document.querySelector('.layer canvas');
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let best = [0, 0, 0];
    for (let at = 0; at < width * height; at += 1) {
      const heat = data[at * 4] + data[at * 4 + 1];
      if (data[at * 4 + 3] > 0 && heat > best[0]) best = [heat, at % width, Math.floor(at / width)];
    }
    const layer = canvas.parentElement;
    let found = document.querySelector('.scene:not(.waiting) iframe').contentDocument;
    for (const part of ${JSON.stringify(selector)}.split(' >> ')) found = (found.shadowRoot ?? found).querySelector(part);
    const box = found.getBoundingClientRect();
    return {
      warmest: [(best[1] + 0.5) * layer.offsetWidth / width, (best[2] + 0.5) * layer.offsetHeight / height],
      point: [box.left + box.width * ${x} / 1000, box.top + box.height * ${y} / 1000],
    };
  })()`);
}

/** The rows of a table as they are read, cell by cell. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  const rows = await table.locator("tbody tr").all();
  return Promise.all(rows.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => text.trim().replaceAll(/\s+/g, " "))));
}

export class Heatmaps {
  readonly complaints: string[] = [];
  /** Every question about heatmaps. */
  readonly asked: URL[] = [];

  private constructor(readonly page: Page) {
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => request.url().includes("/heatmap") && request.url().includes("/api/") && this.asked.push(new URL(request.url())));
  }

  static async open(browser: Browser, url: string, { width = 1400, scheme = "light" }: Look = {}): Promise<Heatmaps> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const heatmaps = new Heatmaps(await context.newPage());
    await heatmaps.page.goto(url);
    return heatmaps;
  }

  /** Waits until so many pages stand with something drawn over them. */
  async drawn(sides = 1): Promise<void> {
    await this.page.waitForFunction((wanted) => document.querySelectorAll("[data-scene=stands][data-drawn]").length === wanted, sides);
  }

  /** Changes what the server says of a page from now on. */
  async answer(change: (answer: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    await this.page.route(/\/heatmap\?/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change(await response.json()) });
    });
  }

  choose(name: string | RegExp): Promise<void> {
    return this.page.getByRole("button", { name, exact: typeof name === "string" }).first().click();
  }

  get table(): Locator {
    return this.page.getByRole("table", { name: /^Elements with most/ });
  }

  /** The frame's own page. */
  inside(): Frame {
    return this.page.frames().find((frame) => frame.parentFrame() === this.page.mainFrame())!;
  }

  measure(selector: string, place: readonly [number, number]): Promise<Measured> {
    return measureIn(this.inside(), selector, place);
  }

  /** A press in the picture, in the middle of an element of the rebuilt page. */
  async press(selector: string): Promise<void> {
    const rebuilt = this.inside().frameLocator(".scene:not(.waiting) iframe").locator(selector).first();
    const box = (await rebuilt.boundingBox())!;
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
