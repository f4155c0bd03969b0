/** Links made from data. Only http and https come out; everything else comes out as nothing. */

/** The page on the measured site, or nothing when the text does not stay on that site. */
export function linkToPage(domain: string, path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const base = `${domain === 'localhost' ? 'http' : 'https'}://${domain}`;
  let url: URL;
  try {
    url = new URL(base + path);
  } catch {
    return undefined;
  }
  const safe = (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname === domain && url.username === '';
  return safe ? url.href : undefined;
}
