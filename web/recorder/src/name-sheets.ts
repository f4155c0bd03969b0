/**
 * Style sheets that the server has of this site already are named instead of sent: by SHA-256 of what would be sent, to the last
 * sign. It runs in the worker that packs, which has it as text: nothing in it may stand outside of it.
 */

/** A chunk as JSON, with names for the sheets that the server has. Pages that browsers do not call secure have no digests, and name none. */
export async function nameSheets(chunk: string, names: readonly string[]): Promise<string> {
  const { subtle } = crypto;
  if (!subtle) return chunk;
  let named = "";
  let from = 0;
  // Inside a string the quotes of the key would be escaped. The server keeps no smaller sheets.
  for (const found of chunk.matchAll(/"_cssText":"([^"\\]*(?:\\.[^"\\]*)*)"/g)) {
    const sheet = found[1]!;
    if (sheet.length < 4096) continue;
    const digest = new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(sheet)));
    const name = btoa(String.fromCharCode(...digest.subarray(0, 16)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .slice(0, 22);
    if (!names.includes(name)) continue;
    named += `${chunk.slice(from, found.index)}"_cssText":"@sheet ${name}"`;
    from = found.index + found[0].length;
  }
  return named + chunk.slice(from);
}
