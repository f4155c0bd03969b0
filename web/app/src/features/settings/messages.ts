/** What the settings mean, in plain words. */
import type { Site } from '../../lib/api.ts';

type Identity = Site['settings']['identity'];

export const IDENTITIES: { value: Identity; label: string; text: string }[] = [
  {
    value: 'consent',
    label: 'Ask first',
    text: 'Nothing is stored in the browser, and a visitor is a new one each day, until your page calls candor("consent", "granted"). From then on a random number in the browser recognises them. Denied consent removes it.',
  },
  {
    value: 'cookieless',
    label: 'Never store anything',
    text: 'No cookie, no storage, ever. A visitor who returns on another day counts as a new one. Nothing to ask consent for on our account.',
  },
  {
    value: 'always',
    label: 'Always recognise',
    text: 'A random number is stored in the browser from the first visit, so returning visitors are recognised. In many countries you must ask for consent before; this setting assumes that you have a right to.',
  },
];

export const SIGNALS = {
  label: 'Honour GPC and DNT',
  help: 'When a browser says that its owner does not want to be tracked, nothing of the visit is kept; only a count of how often that happened.',
};

export const HASH = {
  label: 'Pages behind #',
  help: 'For apps whose addresses look like example.com/#/inbox: what follows the # becomes part of the page.',
};

export const WORDS = {
  identity: 'Who a visitor is',
  counted: 'What is counted',
  time: 'Time',
  zoneHelp: 'Days of the reports begin at midnight here; past days move with it.',
  snippet: 'Snippet',
  snippetLead:
    'Goes into the head of every page. Renew it on your pages after changing a setting above; the server keeps to the settings either way.',
  closed: 'Your role lets you look at these settings; an owner or admin changes them.',
} as const;

export const WRITE_KEY = {
  title: 'Write key',
  lead: 'Servers and apps that speak the Segment API send to this site by it. It is no secret: who has it can send, and see nothing.',
  replace: 'Replace …',
  warning: 'The one of now is good no longer: whatever still sends by it is refused until it is given the new one.',
  submit: 'Replace it',
} as const;

export const REMOVE = {
  title: 'Remove the site',
  lead: 'Its reports and all events ever counted are erased, backups included. Nobody can bring them back.',
  open: 'Remove …',
  ask: (domain: string) => `Remove ${domain}?`,
  type: 'Type the domain to go on',
  submit: 'Erase all of it',
  removed: (domain: string) => `${domain} is removed.`,
} as const;
