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
  // Where the script is reached from outside is the server's to know.
  const source = /\bsrc="([^"]+)c\.js"/.exec(snippet)?.[1] ?? `${origin}/`;
  const load = (script: string, also: string[] = []) =>
    `<script defer ${[...attributes, ...also].join(' ')} src="${source}${script}"></script>`;
  const tracker = load('c.js', settings.recording.on ? ['data-recording'] : []);
  // Only pages of a site that keeps anything of its visitors load what says it, and before the tracker.
  return settings.identified.attributes.length > 0 ? `${load('i.js')}\n${tracker}` : tracker;
}
