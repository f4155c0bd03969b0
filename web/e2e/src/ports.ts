/** Ports of loopback that nobody uses. */

import { createServer } from "node:net";
import { until } from "./waiting";

/** A port that is free together with the three after it: a server's metrics, its operators, and where recordings play. */
export async function findPorts(): Promise<number> {
  return until("four free ports in a row", async () => {
    const port = await bindOnce(0);
    return port && (await bindOnce(port + 1)) && (await bindOnce(port + 2)) && (await bindOnce(port + 3)) ? port : undefined;
  });
}

function bindOnce(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const { port: bound } = probe.address() as { port: number };
      probe.close(() => done(bound));
    });
  });
}
