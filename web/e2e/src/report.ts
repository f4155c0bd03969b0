/** Questions to the reports, over the days a test may have touched. */

import type { Row, Server } from "./server";

/** Yesterday and today in UTC: a test may begin before midnight and end after it. */
export function days(): [string, string] {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  return [day(1), day(0)];
}

export async function report(server: Server, site: string, metrics: string[], more: object = {}): Promise<Row[]> {
  const { results } = await server.query({ site_id: site, date_range: days(), metrics, ...more });
  return results;
}

/** The same entries in one order, for comparing. */
export function sorted(entries: Record<string, unknown>): [string, unknown][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
