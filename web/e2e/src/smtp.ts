/**
 * A mail server nobody here wrote: Debian's Exim, on a port of its own, which keeps every mail in a folder, one a file.
 * It is on this machine, where mail needs no TLS; how Candor does TLS with it is tested beside the server.
 */

import type { ChildProcess } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnChild } from "./children";
import { Missing } from "./missing";
import { findPorts } from "./ports";
import { until } from "./waiting";

export function provideMailServer(): string {
  const path = process.env.EXIM_BIN ?? "/usr/sbin/exim4";
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    throw new Missing(`the mail server Exim at ${path}`, "apt-get install exim4-daemon-light", error);
  }
  return path;
}

export class MailServer {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<MailServer> {
    const exim = provideMailServer();
    const folder = mkdtempSync(join(tmpdir(), "candor-mail-"));
    const port = await findPorts();
    // It delivers as an account without rights, which must get there.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "mail"));
    chmodSync(join(folder, "mail"), 0o777);
    writeFileSync(join(folder, "exim.conf"), configure(folder, port));
    const child = spawnChild(exim, ["-C", join(folder, "exim.conf"), "-bdf"], "ignore");
    const server = new MailServer(folder, port, child);
    await until("the mail server to answer", () => answers(port));
    return server;
  }

  /** Settings of `candor serve` that reach it. */
  get settings(): string[] {
    return ["--mail-from", "candor@stats.example", "--smtp", `smtp://localhost:${this.port}`];
  }

  /** The text of the mail to an address that says this, once it is there. */
  async textFor(address: string, said: RegExp): Promise<string> {
    return until(`mail to ${address} about ${said}`, () => this.all().find((mail) => mail.includes(`Envelope-to: ${address}`) && said.test(mail)));
  }

  /** How many mails came for an address. */
  countFor(address: string): number {
    return this.all().filter((mail) => mail.includes(`Envelope-to: ${address}`)).length;
  }

  async stop(): Promise<void> {
    const ended = new Promise((end) => this.child.once("exit", end));
    if (this.child.exitCode === null && this.child.kill("SIGKILL")) await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private all(): string[] {
    const folder = join(this.folder, "mail/new");
    try {
      return readdirSync(folder).map((file) => decode(readFileSync(join(folder, file), "utf8")));
    } catch {
      // Exim makes the folder with the first mail.
      return [];
    }
  }
}

/** The link of a mail's text that leads to this screen. */
export function linkIn(mail: string, path: string): string {
  const [link] = new RegExp(`https?://[^\\s"<>]*/${path}#[\\w-]{43}`).exec(mail) ?? [];
  if (!link) throw new Error(`No link to ${path} in:\n${mail}`);
  return link;
}

/** With folded lines joined and encoded characters as themselves: enough to find words and links. */
function decode(raw: string): string {
  const joined = raw.replaceAll("\r\n", "\n").replaceAll("=\n", "");
  return joined.replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => done(false));
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
  });
}

function configure(folder: string, port: number): string {
  const own = process.getuid?.() ?? 0;
  // It hands nothing over to root.
  const [account, receiver] = own === 0 ? ["root", "mail"] : [own, own];
  return `
primary_hostname = mail.test
spool_directory = ${folder}/spool
log_file_path = ${folder}/log-%s
pid_file_path =
exim_user = ${account}
exim_group = ${account}
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
local_interfaces = 127.0.0.1.${port}
tls_advertise_hosts =
acl_smtp_rcpt = accept
acl_smtp_data = accept
begin routers
all:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  maildir_format
  directory = ${folder}/mail
  envelope_to_add
  user = ${receiver}
  group = ${receiver}
`;
}
