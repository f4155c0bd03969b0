/** The people of an organization: who they are, what they may, when they were last seen; and who is invited. */
import { useQuery } from '@tanstack/react-query';
import { client, expectData } from '../../lib/api.ts';
import { formatDate, formatSince } from '../../lib/format.ts';
import { grantable, may } from '../../lib/may.ts';
import { invitationsQuery, peopleQuery } from '../../lib/people-api.ts';
import type { Invitation, Membership, PersonLine, Role, SignedIn } from '../../lib/people-schema.ts';
import { roleLabel } from '../../lib/roles.ts';
import { useAct } from '../../lib/use-act.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

const MINUTE_MS = 60_000;
const loadInvite = () => import('./invite-dialog.tsx');
const loadPerson = () => import('./person-dialog.tsx');

interface PeoplePageProps {
  session: SignedIn;
  membership: Membership;
}

export default function PeoplePage({ session, membership }: PeoplePageProps) {
  const id = membership.organization.id;
  const people = useQuery(peopleQuery(id));
  const invite = useLazyOverlay<{ membership: Membership }>(loadInvite);
  const roles = grantable(membership);
  return (
    <>
      <Section
        title={WORDS.people}
        action={
          may(membership, 'add:people') && (
            <Button {...invite.trigger} aria-haspopup="dialog" kind="solid">
              <Icon name="plus" />
              {WORDS.invite}
            </Button>
          )
        }
      >
        <Lines label={WORDS.people} query={people} none={WORDS.alone}>
          {(person) => (
            <Person
              key={person.id}
              person={person}
              isSelf={person.id === session.person.id}
              roles={roles}
              membership={membership}
            />
          )}
        </Lines>
      </Section>
      {invite.render({ membership })}
      <Invitations membership={membership} />
    </>
  );
}

interface PersonProps {
  person: PersonLine;
  isSelf: boolean;
  roles: Role[];
  membership: Membership;
}

function Person({ person, isSelf, roles, membership }: PersonProps) {
  const now = useNow(MINUTE_MS).getTime();
  const dialog = useLazyOverlay<{ person: PersonLine; membership: Membership }>(loadPerson);
  const name = person.name || person.email;
  return (
    <>
      <Line
        name={name}
        dim={person.disabled}
        marks={
          <>
            {isSelf && <Mark>{WORDS.you}</Mark>}
            {person.disabled && <Mark tone="bad">{WORDS.disabled}</Mark>}
          </>
        }
        below={person.name ? person.email : undefined}
        facts={
          <>
            <span className="block text-ink">{describeRole(person)}</span>
            <span className="block text-xs">
              <Mark tone={person.second_factor ? 'good' : 'warn'}>{person.second_factor ? WORDS.second : WORDS.noSecond}</Mark>
              {' · '}
              {person.last_seen ? WORDS.seen(formatSince(person.last_seen, now)) : WORDS.never}
            </span>
          </>
        }
        actions={
          !isSelf &&
          roles.includes(person.role) && (
            <Button {...dialog.trigger} aria-haspopup="dialog" aria-label={WORDS.changeOf(name)}>
              {WORDS.change}
            </Button>
          )
        }
      />
      {dialog.render({ person, membership })}
    </>
  );
}

const describeRole = ({ role, sites }: Pick<PersonLine, 'role' | 'sites'>) =>
  role === 'site_viewer' ? `${roleLabel(role)}: ${sites?.join(', ') || WORDS.noSites}` : roleLabel(role);

function Invitations({ membership }: { membership: Membership }) {
  const query = invitationsQuery(membership.organization.id);
  const invitations = useQuery(query);
  const remove = useAct(
    ({ id }: Invitation) => expectData(client.DELETE('/api/invitations/{id}', { params: { path: { id } } })),
    { refresh: [query.queryKey], done: WORDS.takenBack },
  );
  return (
    <Section title={WORDS.invitations} lead={WORDS.invitationsLead}>
      <Lines label={WORDS.invitations} query={invitations} none={WORDS.noInvitations}>
        {(invitation) => (
          <Line
            key={invitation.id}
            name={invitation.email}
            facts={
              <>
                <span className="block text-ink">{describeRole(invitation)}</span>
                <span className="block text-faint text-xs">{WORDS.until(formatDate(invitation.expires_at))}</span>
              </>
            }
            actions={
              may(membership, 'change:people') && (
                <Button
                  aria-label={WORDS.takeBackOf(invitation.email)}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(invitation)}
                >
                  {WORDS.takeBack}
                </Button>
              )
            }
          />
        )}
      </Lines>
    </Section>
  );
}
