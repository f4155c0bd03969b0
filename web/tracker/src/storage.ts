/** First-party storage, which a browser may refuse altogether: then nothing is remembered and nothing breaks. */

export function recall<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
