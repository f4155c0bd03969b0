/** The piece of HTML an owner puts on their pages. The script cannot ask for the site's settings, so they travel as attributes. */
import type { Site } from './api.ts';

type Measured = Pick<Site, 'domain' | 'settings' | 'snippet'>;

export function writeSnippet(site: Measured, origin: string): string {
  const { recording, identified } = site.settings;
  const tracker = writeScript(site, origin, 'c.js', recording.on ? ['data-recording'] : []);
  // Only pages of a site that keeps anything of its visitors load what says it, and before the tracker.
  return identified.attributes.length > 0 ? `${writeKnowing(site, origin)}\n${tracker}` : tracker;
}

/** What keeps the receipts of consents as well; a site that declares nothing has it on its pages by its own choice. */
export const writeKnowing = (site: Measured, origin: string): string => writeScript(site, origin, 'i.js');

function writeScript({ domain, settings, snippet }: Measured, origin: string, script: string, also: string[] = []): string {
  const attributes = [`data-site="${domain}"`];
  if (settings.identity !== 'consent') attributes.push(`data-identity="${settings.identity}"`);
  if (!settings.honour_signals) attributes.push('data-signals="ignore"');
  if (settings.hash_routing) attributes.push('data-hash');
  // Where the script is reached from outside is the server's to know.
  const source = /\bsrc="([^"]+)c\.js"/.exec(snippet)?.[1] ?? `${origin}/`;
  return `<script defer ${[...attributes, ...also].join(' ')} src="${source}${script}"></script>`;
}
