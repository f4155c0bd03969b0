/** The piece of HTML an owner puts on their pages. The script cannot ask for the site's settings, so they travel as attributes. */
import type { Site } from './api.ts';

export function writeSnippet(
  { domain, settings, snippet }: Pick<Site, 'domain' | 'settings' | 'snippet'>,
  origin: string,
): string {
  const attributes = [`data-site="${domain}"`];
  if (settings.identity !== 'consent') attributes.push(`data-identity="${settings.identity}"`);
  if (!settings.honour_signals) attributes.push('data-signals="ignore"');
  if (settings.hash_routing) attributes.push('data-hash');
  if (settings.recording.on) attributes.push('data-recording');
  // Where the script is reached from outside is the server's to know.
  const source = /\bsrc="([^"]+)"/.exec(snippet)?.[1] ?? `${origin}/c.js`;
  return `<script defer ${attributes.join(' ')} src="${source}"></script>`;
}
