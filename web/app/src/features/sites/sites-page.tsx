/** All sites, and the form that adds one. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type ApiError, client, expectData, type Site, sitesQuery } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { FIELD } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { WORDS } from './messages.ts';

export default function SitesPage({ sites }: { sites: Site[] }) {
  return (
    <>
      <h1 className="mb-8 font-semibold text-title tracking-[-0.02em]">{sites.length > 0 ? WORDS.sites : WORDS.addFirst}</h1>
      {sites.length > 0 && (
        <ul className="mb-12 border-line border-t">
          {sites.map((site) => (
            <li key={site.domain} className="border-line border-b">
              <Link to="/$domain" params={{ domain: site.domain }} className="flex h-12 items-center gap-3 hover:bg-wash">
                <span className="min-w-0 flex-1 truncate font-medium">{site.domain}</span>
                <span className="text-faint text-xs">{site.timezone}</span>
                <Icon name="right" className="size-3.5 text-faint" />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <AddSite first={sites.length === 0} />
    </>
  );
}

function AddSite({ first }: { first: boolean }) {
  const [domain, setDomain] = useState('');
  const [timezone, setTimezone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation<Site, ApiError>({
    mutationFn: () => expectData(client.POST('/api/sites', { body: { domain: domain.trim(), timezone } })),
    onSuccess: async (site) => {
      queries.setQueryData(sitesQuery.queryKey, (known) => [
        ...(known ?? []).filter((each) => each.domain !== site.domain),
        site,
      ]);
      await navigate({ to: '/$domain', params: { domain: site.domain } });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (domain.trim()) add.mutate();
  }
  return (
    <form onSubmit={submit} noValidate>
      {!first && <h2 className="mb-4 font-semibold text-lg">{WORDS.add}</h2>}
      <div className="grid gap-5">
        <label className="block">
          <span className="mb-1 block font-medium text-sm">{WORDS.domain}</span>
          <input
            value={domain}
            placeholder={WORDS.example}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={add.isError || undefined}
            aria-describedby="domain-help"
            className={FIELD}
            onChange={(event) => {
              setDomain(event.target.value);
              add.reset();
            }}
          />
          <span id="domain-help" className={`mt-1 block text-xs ${add.isError ? 'text-bad' : 'text-faint'}`}>
            {add.isError ? add.error.message : WORDS.domainHelp}
          </span>
        </label>
        <ZoneField value={timezone} onChange={setTimezone} help={WORDS.zoneHelp} />
        <div>
          <Button type="submit" kind="solid" disabled={!domain.trim() || add.isPending}>
            {add.isPending ? WORDS.submitting : WORDS.submit}
          </Button>
        </div>
      </div>
    </form>
  );
}
