/** All sites, and the form that adds one. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type ApiError, client, expectData, type Site, sitesQuery } from '../../lib/api.ts';
import { lacksFactor, may } from '../../lib/may.ts';
import type { Membership } from '../../lib/people-schema.ts';
import { useMembership } from '../../lib/use-membership.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { FIELD } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { WORDS } from './messages.ts';

export default function SitesPage({ sites }: { sites: Site[] }) {
  const { session, membership } = useMembership();
  const adding = session?.memberships.filter((each) => may(each, 'add:site')) ?? [];
  if (!session) return null;
  if (sites.length === 0 && adding.length === 0) {
    const lacking = session.memberships.find(lacksFactor);
    return lacking ? <Lacking name={lacking.organization.name} /> : <Title text={WORDS.none} lead={WORDS.noneLead} />;
  }
  const first = adding.find((each) => each.organization.id === membership?.organization.id) ?? adding[0];
  return (
    <>
      <Title text={sites.length > 0 ? WORDS.sites : WORDS.addFirst} />
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
      {first && <AddSite first={sites.length === 0} adding={adding} initial={first.organization.id} />}
    </>
  );
}

function Title({ text, lead }: { text: string; lead?: string }) {
  return (
    <>
      <h1 className={`${lead ? 'mb-2' : 'mb-8'} font-semibold text-title tracking-[-0.02em]`}>{text}</h1>
      {lead && <p className="mb-6 text-soft">{lead}</p>}
    </>
  );
}

function Lacking({ name }: { name: string }) {
  return (
    <>
      <Title text={WORDS.lacking} lead={WORDS.lackingLead(name)} />
      <Link to="/settings/security" className={buttonClass('solid')}>
        {WORDS.security}
      </Link>
    </>
  );
}

interface AddSiteProps {
  first: boolean;
  /** Where the person may add one. */
  adding: Membership[];
  initial: number;
}

function AddSite({ first, adding, initial }: AddSiteProps) {
  const [organization, setOrganization] = useState(initial);
  const [domain, setDomain] = useState('');
  const [timezone, setTimezone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  // A server of one organization takes a site without its name.
  const several = adding.length > 1 ? { organization } : {};
  const queries = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation<Site, ApiError>({
    mutationFn: () => expectData(client.POST('/api/sites', { body: { domain: domain.trim(), timezone, ...several } })),
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
        {adding.length > 1 && (
          <SelectNative
            label={WORDS.organization}
            value={String(organization)}
            options={adding.map((each) => ({ value: String(each.organization.id), label: each.organization.name }))}
            onChange={(id) => setOrganization(Number(id))}
          />
        )}
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
