/** Operators of a server: their SSH keys, made and used by OpenSSH, and their way into the console in a browser. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Authenticator } from "./codes";
import type { Look } from "./dashboard";
import { Missing } from "./missing";
import { provideBinary, type Server } from "./server";
import { Somebody } from "./somebody";

const KEYS = "ssh-keygen";

export function provideSshKeys(): string {
  try {
    // It has no word for its version, and says so.
    execFileSync("ssh", ["-V"], { stdio: "ignore" });
    return KEYS;
  } catch (error) {
    throw new Missing("OpenSSH's ssh-keygen", "apt-get install openssh-client", error);
  }
}

export class Operator {
  /** Shows codes from the first sign-in on. */
  app?: Authenticator;

  private constructor(
    readonly name: string,
    private readonly server: Server,
    /** The file of the private key. */
    private readonly key: string,
  ) {}

  /** Somebody with a key, whom the server does not know yet. */
  static of(server: Server, name: string): Operator {
    // Beside the data, and gone with it.
    const folder = join(server.data, "test-keys");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = join(folder, name);
    execFileSync(KEYS, ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key]);
    return new Operator(name, server, key);
  }

  /** The first operator, enrolled from the server's account. */
  static first(server: Server, name: string): Operator {
    const operator = Operator.of(server, name);
    run("operator", "enrol", `${operator.key}.pub`, "--data", server.data);
    return operator;
  }

  get publicKey(): string {
    return readFileSync(`${this.key}.pub`, "utf8").trim();
  }

  /** What the command that the console shows prints, run with this operator's key. */
  sign(command: string): string {
    const [, challenge = ""] = /--challenge (\S+)/.exec(command) ?? [];
    return run("operator", "login", "--key", this.key, "--challenge", challenge);
  }

  /** A browser of theirs at the console, nobody signed in. */
  async at(browser: Browser, look?: Look): Promise<Somebody> {
    const console = await Somebody.at(browser, this.server.operators, look);
    await console.goTo("/");
    return console;
  }

  /** Signs in at the console; the first time their app takes the secret that is shown. */
  async signIn(console: Somebody): Promise<void> {
    await console.field("Operator").fill(this.name);
    await console.press("Go on");
    await console.field("Signature").fill(this.sign(await challengeOn(console)));
    await console.press("Go on");
    if (this.app) await console.field("Code from your authenticator app").fill(await this.app.code());
    else {
      this.app = new Authenticator(await secretOn(console));
      await console.field("Code that the app shows").fill(await this.app.code());
    }
    await console.press("Sign in");
    await console.button("Sign out").waitFor();
  }

  async signedIn(browser: Browser, look?: Look): Promise<Somebody> {
    const console = await this.at(browser, look);
    await this.signIn(console);
    return console;
  }
}

/** The command that the console shows. */
export const challengeOn = (console: Somebody): Promise<string> => console.page.locator("pre").innerText();

/** The secret that the console shows as text, beside its picture. */
export async function secretOn(console: Somebody): Promise<string> {
  await console.page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  return (await console.page.locator("dl dd").first().innerText()).replaceAll(/\s/g, "");
}

export function run(...words: string[]): string {
  return execFileSync(provideBinary(), words, { encoding: "utf8", stdio: "pipe" });
}
