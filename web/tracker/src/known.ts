/**
 * The script of pages that know their visitors: `candor("identify", …)`, and consents with a receipt. It comes before the
 * tracker, which pages without any of this load alone, and passes on to it whatever is not its own. It tells nothing of a
 * visitor who has no id: whoever did not consent is not known by name either.
 */

import { visitorId } from "./identity";
import { isSilent } from "./silence";
import { endpoint, site } from "./snippet";
import { recall } from "./storage";

const RECEIPT = "candor_receipt";
const RETRIES_MAX = 6;

interface Given {
  /** Words of lower-case letters, digits, `_` or `-`. */
  purposes?: string[];
  /** Which text the visitor was shown. */
  version?: string;
  /** Told the receipt. */
  then?: (receipt: string) => void;
}
type Command = unknown[];
interface Candor {
  (...command: Command): void;
  q?: ArrayLike<unknown>[];
  on?: 1;
  /** Set by this script: a second copy on the page keeps still. */
  knows?: 1;
}

const page = window as unknown as { candor?: Candor };

/** What came before the tracker was there; nothing once it is. */
let held: Command[] | undefined = [];
let tracker: Candor;

/** Sends to an address beside that of events, until it is heard. */
async function post(name: string, body: object, attempt = 0): Promise<Response | undefined> {
  try {
    const url = new URL(name, new URL(endpoint, location.href));
    const answer = await fetch(url, { method: "POST", keepalive: true, body: JSON.stringify(body) });
    if (answer.status < 500 && answer.status != 429) return answer;
  } catch {
    // No network, or no server: the same as one that is not ready.
  }
  if (attempt == RETRIES_MAX) return undefined;
  await new Promise((due) => setTimeout(due, 4 ** attempt * 500 * (1 + Math.random())));
  return post(name, body, attempt + 1);
}

/** The sites that the page is of, each of which knows its own visitors. */
const sites = () => (site || location.hostname).split(",").map((domain) => domain.trim());

function identify(id: unknown, attributes: unknown): void {
  const visitor = visitorId();
  if (!visitor || isSilent()) return;
  const receipt = recall((storage) => storage[RECEIPT]);
  for (const d of sites()) post("identify", { d, visitor, id: String(id), attributes, receipt });
}

async function consent(answer: unknown, given?: Given): Promise<void> {
  // A refusal takes the id away, and what is withdrawn is withdrawn by it.
  const before = visitorId();
  tracker("consent", answer);
  const visitor = visitorId();
  if (visitor && given?.purposes && !isSilent()) {
    for (const d of sites()) {
      const { purposes, version } = given;
      const { receipt } = (await (await post("consent", { d, visitor, purposes, version }))?.json()) ?? {};
      if (!receipt) continue;
      recall((storage) => (storage[RECEIPT] = receipt));
      given.then?.(receipt);
    }
  } else if (before && !visitor) {
    recall((storage) => storage.removeItem(RECEIPT));
    for (const d of sites()) post("consent", { d, visitor: before });
  }
}

function candor(...command: Command): void {
  const [what, first, second] = command;
  if (held) held.push(command);
  else if (what == "identify") identify(first, second);
  else if (what == "consent") void consent(first, second as Given);
  else tracker(...command);
}

if (!page.candor?.knows) {
  held.push(...Array.from(page.candor?.q ?? [], (command) => Array.from(command)));
  const before = page.candor;
  const shown = candor as Candor;
  shown.knows = 1;
  const take = (script: Candor): void => {
    tracker = script;
    const early = held;
    held = undefined;
    early?.forEach((command) => candor(...command));
  };
  Object.defineProperty(page, "candor", { configurable: true, get: () => shown, set: take });
  if (before?.on) {
    shown.on = 1;
    take(before);
  }
}
