/**
 * Changes a site's settings: shown before the server confirms it, and taken back when it does not. Texts that follow settings are
 * asked for again. Whatever says itself what the server refused is shown once it is confirmed: taken back, it would be gone with what it says.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ApiError, client, expectData, type Site, type SiteChange, sitesQuery } from './api.ts';

const WORDS = {
  notSaved: (reason: string) => `Not saved: ${reason}`,
  saving: 'Saving …',
  saved: 'Saved',
  ready: 'Changes are saved as you make them.',
};

export function useSiteChange(site: Site, { once = 'asked' }: { once?: 'asked' | 'confirmed' } = {}) {
  const { domain } = site;
  const queries = useQueryClient();
  const put = (next: Site) =>
    queries.setQueryData(sitesQuery.queryKey, (known) => known?.map((each) => (each.domain === domain ? next : each)));
  const mutation = useMutation<Site, ApiError, SiteChange, Site | undefined>({
    mutationFn: (body) => expectData(client.PATCH('/api/sites/{domain}', { params: { path: { domain } }, body })),
    onMutate: ({ timezone = site.timezone, recording, identified, ...settings }) => {
      if (once === 'confirmed') return undefined;
      const known = { ...site.settings, ...settings };
      const { attributes, addresses } = { ...known.identified, ...identified };
      const nested = { recording: { ...known.recording, ...recording }, identified: { attributes, addresses } };
      put({ ...site, timezone, settings: { ...known, ...nested } });
      return site;
    },
    onSuccess: async (next) => {
      put(next);
      await Promise.all(['privacy-text', 'retention'].map((what) => queries.invalidateQueries({ queryKey: [what, domain] })));
    },
    onError: (_error, _change, before) => before && put(before),
  });
  const words = mutation.isError
    ? WORDS.notSaved(mutation.error.message)
    : mutation.isPending
      ? WORDS.saving
      : mutation.isSuccess
        ? WORDS.saved
        : WORDS.ready;
  return { change: mutation.mutate, changeNow: mutation.mutateAsync, state: { words, bad: mutation.isError } };
}
