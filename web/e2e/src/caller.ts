/** Asks the API as a program with somebody's sign-in would, for what a test needs and is not about. */

import { COOKIE } from "./owner";
import type { Server } from "./server";

export class Caller {
  constructor(
    private readonly origin: string,
    /** What the cookie of the sign-in holds; nothing for nobody. */
    public signIn = "",
  ) {}

  static owner(server: Server): Caller {
    return new Caller(server.origin, server.owner.signIn);
  }

  async ask<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.tryAsk(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text && JSON.parse(text)) as T;
  }

  async tryAsk(method: string, path: string, body?: object): Promise<Response> {
    const headers = { "content-type": "application/json", ...(this.signIn && { cookie: `${COOKIE}=${this.signIn}` }) };
    const answer = await fetch(this.origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const set = answer.headers.getSetCookie().find((line) => line.startsWith(`${COOKIE}=`));
    if (set) this.signIn = set.slice(COOKIE.length + 1, set.indexOf(";"));
    return answer;
  }
}

export interface Newcomer {
  email: string;
  role: "owner" | "admin" | "organization_viewer" | "site_viewer";
  sites?: string[];
  name?: string;
}

/** Has somebody invited and join, with a password, as a program. */
export async function join(server: Server, { email, role, sites, name }: Newcomer, password: string): Promise<Caller> {
  const invited = await Caller.owner(server).ask<{ url: string }>("POST", "/api/invitations", { email, role, ...(sites && { sites }) });
  const caller = new Caller(server.origin);
  const token = new URL(invited.url).hash.slice(1);
  await caller.ask("POST", "/api/invitations/accept", { token, password, ...(name && { name }) });
  return caller;
}
