/**
 * Compresses chunks, in a worker where the page's policy lets one be made from a text, else on the page's own thread,
 * where the browser's stream does it piece by piece. Without the stream there is no recording.
 */

import { nameSheets } from "./name-sheets";

const WORKER = `onmessage=async({data:[n,t,s]})=>{postMessage([n,await new Response(new Blob([s[0]?await(${nameSheets})(t,s):t]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer()])}`;

export const canPack = (): boolean => typeof CompressionStream === "function";

export class Packer {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, { text: string; packed: (bytes: Promise<ArrayBuffer> | ArrayBuffer) => void }>();
  private count = 0;

  /** `sheets` are the names of style sheets that the server has; the page's own thread does not look for them. */
  constructor(private sheets: readonly string[]) {
    try {
      this.worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" })));
      this.worker.onmessage = ({ data: [number, bytes] }) => {
        this.waiting.get(number)?.packed(bytes);
        this.waiting.delete(number);
      };
      this.worker.onerror = () => this.giveUp();
    } catch {
      this.giveUp();
    }
  }

  pack(text: string): Promise<ArrayBuffer> {
    const { worker } = this;
    if (!worker) return packHere(text);
    return new Promise((packed) => {
      this.count += 1;
      this.waiting.set(this.count, { text, packed });
      worker.postMessage([this.count, text, this.sheets]);
    });
  }

  /** The server has let go of one. */
  forgetSheets(): void {
    this.sheets = [];
  }

  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  /** A policy that forbids the worker says so only once it was asked for. */
  private giveUp(): void {
    this.stop();
    for (const { text, packed } of this.waiting.values()) packed(packHere(text));
    this.waiting.clear();
  }
}

function packHere(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
