/** A site's settings. Each change is kept at once and can be changed back; the snippet follows. */
import { Radio, RadioGroup } from 'react-aria-components';
import type { Site } from '../../lib/api.ts';
import { may } from '../../lib/may.ts';
import { writeSnippet } from '../../lib/snippet.ts';
import { membershipAt, useMembership } from '../../lib/use-membership.ts';
import { useSiteChange } from '../../lib/use-site-change.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Section } from '../../ui/section.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { HASH, IDENTITIES, SIGNALS, WORDS } from './messages.ts';
import { RecordingSettings } from './recording-settings.tsx';
import { RemoveSite } from './remove-site.tsx';
import { WriteKey } from './write-key.tsx';

export function SettingsPage({ site }: { site: Site }) {
  const { change, state } = useSiteChange(site);
  const { session } = useMembership();
  const membership = membershipAt(session, site);
  const closed = session !== undefined && !may(membership, 'change:site');
  const { identity, honour_signals, hash_routing, recording } = site.settings;
  return (
    <div>
      <p role="status" className={`-mt-6 mb-4 min-h-5 text-sm ${state.bad ? 'text-bad' : 'text-faint'}`}>
        {closed ? WORDS.closed : state.words}
      </p>
      <Section title={WORDS.identity}>
        <RadioGroup
          aria-label={WORDS.identity}
          value={identity}
          isDisabled={closed}
          onChange={(value) => change({ identity: value as Site['settings']['identity'] })}
          className="grid gap-2"
        >
          {IDENTITIES.map((each) => (
            <Radio key={each.value} value={each.value} className={CHOICE}>
              <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-edge group-data-[selected]:border-accent">
                <span className="size-2 rounded-full bg-accent opacity-0 group-data-[selected]:opacity-100" />
              </span>
              <span>
                <span className="block font-medium text-sm">{each.label}</span>
                <span className="block text-soft text-sm">{each.text}</span>
              </span>
            </Radio>
          ))}
        </RadioGroup>
      </Section>
      <Section title={WORDS.counted}>
        <div className="grid gap-5">
          <SwitchLine {...SIGNALS} disabled={closed} on={honour_signals} onChange={(on) => change({ honour_signals: on })} />
          <SwitchLine {...HASH} disabled={closed} on={hash_routing} onChange={(on) => change({ hash_routing: on })} />
        </div>
      </Section>
      {recording && <RecordingSettings settings={recording} closed={closed} onChange={(next) => change({ recording: next })} />}
      <Section title={WORDS.time}>
        <ZoneField value={site.timezone} disabled={closed} help={WORDS.zoneHelp} onChange={(timezone) => change({ timezone })} />
      </Section>
      <Section title={WORDS.snippet} lead={WORDS.snippetLead}>
        <CopyBlock code={writeSnippet(site, location.origin)} />
      </Section>
      <WriteKey site={site} closed={closed} onReplace={() => change({ identified: { replace_write_key: true } })} />
      {may(membership, 'remove:site') && <RemoveSite domain={site.domain} />}
    </div>
  );
}

const CHOICE =
  'group flex cursor-pointer gap-3 rounded-md border border-line p-4 outline-none transition-colors duration-100 hover:border-edge data-[disabled]:cursor-default data-[selected]:border-accent data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[focus-visible]:outline-offset-2';
