/**
 * Style sheets that the server has of this site already are named instead of sent: by SHA-256 (FIPS 180-4) of what would be sent,
 * to the last sign. It runs in the worker that packs, which has it as text: nothing in it may stand outside of it.
 */

/** A chunk as JSON, with names for the sheets that the server has. */
export function nameSheets(chunk: string, names: readonly string[]): string {
  const root = (by: number) => {
    const roots: number[] = [];
    for (let next = 2; roots.length < 64; next += 1) {
      let prime = true;
      for (let other = 2; other * other <= next; other += 1) prime &&= next % other > 0;
      // The first 32 bits behind the point.
      if (prime) roots.push((next ** by % 1) * 2 ** 32);
    }
    return Uint32Array.from(roots);
  };
  const [constants, begin] = [root(1 / 3), root(1 / 2)];
  const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by));

  const digest = (bytes: Uint8Array) => {
    // A one, zeros, and the length in bits.
    const whole = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) + 1) << 6));
    new Uint8Array(whole.buffer).set(bytes);
    whole.setUint8(bytes.length, 128);
    whole.setUint32(whole.byteLength - 4, bytes.length * 8);
    const state = begin.slice(0, 8);
    const words = new Uint32Array(64);
    for (let at = 0; at < whole.byteLength; at += 64) {
      const now = Array.from(state);
      for (let round = 0; round < 64; round += 1) {
        const [two, fifteen] = [words[round - 2]!, words[round - 15]!];
        words[round] =
          round < 16
            ? whole.getUint32(at + round * 4)
            : words[round - 16]! +
              words[round - 7]! +
              (turn(fifteen, 7) ^ turn(fifteen, 18) ^ (fifteen >>> 3)) +
              (turn(two, 17) ^ turn(two, 19) ^ (two >>> 10));
        const [a, b, c, , e, f, g] = now as [number, number, number, number, number, number, number];
        const first =
          now.pop()! + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[round]! + words[round]!;
        now[3] = (now[3]! + first) | 0;
        now.unshift((first + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0);
      }
      now.forEach((word, place) => {
        state[place]! += word;
      });
    }
    const view = new DataView(new ArrayBuffer(32));
    state.forEach((word, place) => {
      view.setUint32(place * 4, word);
    });
    return btoa(String.fromCharCode(...new Uint8Array(view.buffer, 0, 16)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .slice(0, 22);
  };

  // Inside a string the quotes of the key would be escaped. The server keeps no smaller ones.
  return chunk.replace(/"_cssText":"([^"\\]*(?:\\.[^"\\]*)*)"/g, (whole, sheet: string) => {
    const name = sheet.length < 4096 ? undefined : digest(new TextEncoder().encode(sheet));
    return name && names.includes(name) ? `"_cssText":"@sheet ${name}"` : whole;
  });
}
