/** Whoever owns a server under test, made by its setup token as a browser would. */

export const EMAIL = "owner@example.com";
export const PASSWORD = "correct horse battery staple";
export const ORGANIZATION = "Example";

/** The cookie of a sign-in, which browsers keep for one host and never send in the clear. */
export const COOKIE = "__Host-candor";
/** Everything that a key may do. */
const SCOPES = ["read", "write", "manage", "export", "audit"];

export interface Owner {
  /** What the cookie of their sign-in holds. */
  signIn: string;
  /** An API key for everything. */
  key: string;
  recoveryCodes: string[];
}

export async function becomeOwner(origin: string, token: string): Promise<Owner> {
  const post = async (path: string, body: object, cookie?: string) => {
    const headers = { "content-type": "application/json", ...(cookie && { cookie }) };
    const answer = await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const made = await post("/api/setup", { token, email: EMAIL, password: PASSWORD, organization: ORGANIZATION });
  const [cookie = ""] = made.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  const { recovery_codes } = (await made.json()) as { recovery_codes: string[] };
  const { key } = (await (await post("/api/keys", { scopes: SCOPES, name: "tests" }, cookie)).json()) as { key: string };
  return { signIn: cookie.slice(cookie.indexOf("=") + 1), key, recoveryCodes: recovery_codes };
}
