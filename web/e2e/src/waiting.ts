/** Waiting for something to become true, bounded, without guessing how long it takes. */

const LIMIT_MS = 15_000;
const STEP_MS = 20;

export async function until<T>(what: string, read: () => Promise<T> | T, limitMs = LIMIT_MS): Promise<NonNullable<T>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await new Promise((next) => setTimeout(next, STEP_MS));
  }
}
