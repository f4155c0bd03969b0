/** The recorder as it is shipped, and without its veil, each built from the sources as they are now. */

const BUNDLE = new URL("../../../recorder/bundle.mjs", import.meta.url).href;

export const recorder = (): Promise<Buffer> => bundle("src/main.ts");
export const unveiled = (): Promise<Buffer> => bundle("test/unveiled.ts");

async function bundle(entry: string): Promise<Buffer> {
  const { bundle } = (await import(BUNDLE)) as { bundle: (entry: string) => Promise<Buffer> };
  return bundle(entry);
}
