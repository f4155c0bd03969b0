/** One entry as a sentence: who did what to what; below it from where, and what else was written. Names are text and nothing else. */
import { nameNetwork } from '../../lib/devices.ts';
import { formatInstant } from '../../lib/format.ts';
import type { AuditEntry, AuditParty, Role } from '../../lib/people-schema.ts';
import { roleLabel } from '../../lib/roles.ts';
import { describeAct, nameActor, nameObject, WORDS } from './messages.ts';

interface EntryProps {
  entry: AuditEntry;
  /** The log itself knows persons by numbers alone. */
  names: ReadonlyMap<string, string>;
}

export function Entry({ entry, names }: EntryProps) {
  const { details } = entry;
  const named = (party: AuditParty) => ({ ...party, name: party.name || names.get(String(party.id)) });
  const actor = named(entry.actor);
  const object = entry.object && named(entry.object);
  const facts = Object.entries(details ?? {}).map(([name, value]) => describeFact(name, value));
  if (entry.network) facts.unshift(`${WORDS.from} ${nameNetwork(entry.network)}`);
  // What was only made by the act has no number in its entry, and the sentence says it all.
  const nameless = object && object.id === '' && !object.name;
  const other = object && !nameless && !(object.kind === actor.kind && object.id === actor.id);
  const at = new Date(entry.at).toISOString();
  return (
    <li className="grid gap-x-6 border-line border-b py-2.5 text-sm sm:grid-cols-[9.5rem_minmax(0,1fr)_auto]">
      <time dateTime={at} className="numerals text-faint">
        {formatInstant(at)}
      </time>
      <div className="min-w-0">
        <p className="wrap-anywhere">
          <span className="font-medium">{nameActor(actor)}</span> {describeAct(entry.act)}
          {other && (
            <>
              {': '}
              <span className="font-medium">{nameObject(object)}</span>
            </>
          )}
        </p>
        {facts.length > 0 && <p className="wrap-anywhere text-faint text-xs">{facts.join(' · ')}</p>}
      </div>
      <span className="numerals text-faint text-xs max-sm:hidden" title={WORDS.number(entry.number)}>
        {entry.number}
      </span>
    </li>
  );
}

/** An act that was begun and of which no end was written. */
const isInterrupted = (name: string, value: string) => name === 'outcome' && value === 'interrupted';

function describeFact(name: string, value: string): string {
  return isInterrupted(name, value) ? WORDS.interrupted : `${name.replaceAll('_', ' ')}: ${write(name, value)}`;
}

const DIGEST = 'hmac-sha256:';
/** Enough of a digest to see that two are the same. */
const DIGEST_SIGNS = 8;

function write(name: string, value: string): string {
  if (value.startsWith(DIGEST)) return `${WORDS.digest} ${value.slice(DIGEST.length, DIGEST.length + DIGEST_SIGNS)}…`;
  return name === 'role' || name === 'before' ? roleLabel(value as Role) : value;
}
