/** The people of the truth test and what they do, each a story that can be counted by hand. */

import { APP, DOCS, type Person } from "./world";
import { until } from "./waiting";

const page = (path: string) => `http://${DOCS}/${path}`;

/** Goes one page back. The page leaves after the call has answered: a call under way when its page goes is an error. */
const leaveBack = (tab: Person["visitor"]["page"]): Promise<void> =>
  tab.evaluate(() => {
    setTimeout(() => history.back());
  });

/** How long the reader looks at the first page: just over the 3 s from which time alone is worth an event. */
export const READING_MS = 3_200;

/**
 * Comes from a search, reads a page to its end, clicks through, goes back, and opens two pages behind the others of
 * which only one is ever looked at.
 */
export async function readerReads({ visitor, internet }: Person): Promise<{ aboutDepth: number }> {
  const tab = visitor.page;
  await tab.goto("http://search.example/");
  await tab.click(`text=${DOCS}`);
  await internet.hears("pageview");
  await tab.mouse.move(400, 400);
  await until("the end of the page", async () => {
    await tab.mouse.wheel(0, 20_000);
    return tab.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1);
  });
  // Reading is nothing but time that passes.
  await tab.waitForTimeout(READING_MS);
  await tab.click('a[href="about.html"] >> visible=true');
  await internet.hears("pageview", 2);
  const aboutDepth = await tab.evaluate(() => {
    const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
    return Math.round(((scrollTop + clientHeight) / scrollHeight) * 100);
  });
  await tab.click('a[href="docs.html"] >> visible=true');
  await internet.hears("pageview", 3);
  await leaveBack(tab);
  await internet.hears("pageview", 4);
  const seen = await visitor.openBehind(tab, 'a[href="copyright.html"] >> visible=true');
  const unseen = await visitor.openBehind(tab, 'a[href="support.html"] >> visible=true');
  await unseen.close();
  await seen.bringToFront();
  await internet.hears("pageview", 5);
  return { aboutDepth };
}

/** Moves inside one page, as applications do: by new places in the history, by going back, and by the fragment. */
export async function appMoves({ visitor, internet }: Person): Promise<void> {
  const tab = visitor.page;
  await tab.goto(`http://${APP}/cli.html`);
  await internet.hears("pageview");
  await tab.evaluate(() => {
    history.pushState(null, "", "/cli.html/a");
    history.replaceState(null, "", "/cli.html/a?tab=2");
    history.replaceState(null, "", "/cli.html/b");
    history.back();
  });
  await internet.hears("pageview", 4);
  await tab.evaluate(() => {
    location.hash = "#/inbox";
  });
  await internet.hears("pageview", 5);
}

/** Clicks what can be clicked: a link out in a new tab, a file, a link out, a button that is marked; and buys. */
export async function clickerClicks({ visitor, internet }: Person): Promise<void> {
  const tab = visitor.page;
  await tab.goto(page("faq.html"));
  await internet.hears("pageview");
  const out = tab.locator('a[href="http://valgrind.org"]').first();
  const opened = visitor.context.waitForEvent("page");
  await out.click({ button: "middle" });
  await (await opened).close();
  await tab.evaluate(() => {
    document.body.insertAdjacentHTML("afterbegin", '<button data-candor-event="Sign up" data-candor-prop-plan="team">Join</button>');
  });
  await tab.click("text=Join");
  await tab.evaluate(() => {
    const { candor } = window as unknown as { candor: (...command: unknown[]) => void };
    candor("event", "Purchase", { revenue: { amount: "12.50", currency: "EUR" }, properties: { item: "book" } });
  });
  await tab.click('a[href$="EECS-2006-1.pdf"]');
  await tab.waitForURL(/EECS/);
  await leaveBack(tab);
  await internet.hears("pageview", 2);
  await out.click();
  await tab.waitForURL(/valgrind/);
  await internet.hears("Outbound Link: Click", 2);
}

/** Follows a link to a page that is not there. */
export async function lostFindsNothing({ visitor, internet }: Person): Promise<void> {
  await visitor.page.goto(page("no/such/page.html"));
  await internet.hears("404");
}

/** Two pages, a click and a look away, of somebody who is not to be measured. */
export async function browse({ visitor }: Person): Promise<void> {
  const tab = visitor.page;
  await tab.goto(page("index.html"));
  await tab.click('a[href="about.html"] >> visible=true');
  await tab.waitForURL(/about/);
  await tab.goto("http://elsewhere.example/");
}

/** Is asked and says yes on the second page, takes it back on the third. Gives what the browser kept after each page. */
export async function consenterDecides({ visitor, internet }: Person): Promise<(string | null)[]> {
  const tab = visitor.page;
  const answer = (word: string) =>
    tab.evaluate((said) => (window as unknown as { candor: (...command: string[]) => void }).candor("consent", said), word);
  const kept = () =>
    tab.evaluate(() => {
      if (document.cookie || sessionStorage.length) throw new Error("Something else is kept.");
      return localStorage.length ? localStorage.getItem("candor_visitor") : null;
    });
  const memory: (string | null)[] = [];
  await tab.goto(page("index.html"));
  await internet.hears("pageview");
  memory.push(await kept());
  await answer("granted");
  memory.push(await kept());
  await tab.goto(page("about.html"));
  await internet.hears("pageview", 2);
  await answer("denied");
  memory.push(await kept());
  await tab.goto(page("docs.html"));
  await internet.hears("pageview", 3);
  memory.push(await kept());
  return memory;
}

/** Visits while the way to the server fails: first the answers are lost, then nothing gets through. */
export async function patientTriesAgain({ visitor, internet }: Person): Promise<void> {
  const tab = visitor.page;
  const attempts = (path: string) => internet.heard.filter(({ body }) => body.n === "pageview" && String(body.u).endsWith(path));
  internet.weather = "answers-lost";
  await tab.goto(page("lang.html"));
  await until("a second attempt", () => attempts("lang.html").length >= 2);
  internet.weather = "fair";
  await until("an attempt that was answered", () => attempts("lang.html").length >= 3 || attempts("lang.html")[1]?.status);
  internet.weather = "down";
  await tab.goto(page("json1.html"));
  await until("an attempt", () => attempts("json1.html").length >= 1);
  internet.weather = "fair";
  await until("an attempt that got through", () => attempts("json1.html").some(({ status }) => status));
}

/** What somebody does before they browse. */
export type Preparation = (person: Person) => Promise<unknown>;

/** Chromium does not have the signal; extensions add it as this does. */
export const turnOnPrivacyControl: Preparation = ({ visitor }) =>
  visitor.context.addInitScript({
    content: 'Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })',
  });

/** The owner of the site sets the flag, on a page of it that is not measured. */
export const optOut: Preparation = async ({ visitor }) => {
  await visitor.page.goto(page("sqlite.css"));
  await visitor.page.evaluate(() => localStorage.setItem("candor_ignore", "true"));
};
