/** A server, and people who visit the sites it measures. Each has an address, a browser and an internet of their own. */

import { Internet } from "./internet";
import { type Habits, Visitor } from "./browser";
import { until } from "./waiting";

/** A site of documentation, and the same pages as an application that keeps its place in the fragment. */
export const DOCS = "docs.example";
export const APP = "app.example";

export const SNIPPETS = {
  [DOCS]: `data-site="${DOCS}"`,
  [APP]: `data-site="${APP}" data-hash`,
};

export interface Person {
  visitor: Visitor;
  internet: Internet;
}

/** Lets a person visit and gives back what left their browser, once they have gone. */
export async function visit(
  server: string,
  address: string,
  act: (person: Person) => Promise<void>,
  habits: Omit<Habits, "port"> = {},
): Promise<Internet> {
  const internet = await Internet.open(server, address, SNIPPETS);
  try {
    const visitor = await Visitor.open({ ...habits, port: internet.port });
    try {
      await act({ visitor, internet });
    } finally {
      await visitor.close();
    }
    await until("every event to be answered", () => internet.heard.every(({ status }) => status !== undefined));
    return internet;
  } finally {
    internet.close();
  }
}

/** What a person's browser said, as lines a reader can count: the name and the path of each event but engagement. */
export function told(internet: Internet): string[] {
  return internet.heard
    .filter(({ body }) => body.n !== "engagement")
    .map(({ body }) => {
      const { pathname, hash } = new URL(body.u as string);
      return `${body.n} ${pathname}${body.h ? hash : ""}`;
    });
}
