/** The machine words for refused and set-aside events, and what they mean to a site's owner. */
interface Reason {
  label: string;
  text: string;
}

const REFUSED: Record<string, Reason> = {
  opt_out: {
    label: 'Visitor opted out',
    text: 'The browser said GPC or DNT, and this site honours it. Nothing but this count was kept.',
  },
  no_visit: {
    label: 'Engagement without a visit',
    text: 'A page reported reading time after its visit had ended. It belongs to nothing.',
  },
  prefetch: { label: 'Loaded in advance', text: 'The browser fetched the page before anyone looked at it.' },
  date: {
    label: 'Time out of range',
    text: 'The sender gave a time more than 7 days back or more than 10 minutes ahead. Check its clock.',
  },
  scheme: { label: 'Not a web address', text: 'The page was opened from a file or another address that is not measured.' },
  unknown_site: { label: 'Unknown site', text: 'The snippet named a domain that this server does not have. Check data-site.' },
  malformed: {
    label: 'Not what it must be',
    text: 'A call of the Segment API had no id, no name, or a value of the wrong type. Check what the sender sends.',
  },
  too_large: { label: 'Too large', text: 'An event of a batch had more than 32 KB.' },
  too_many: { label: 'Too many at once', text: 'A batch had more than 2,500 events; none of it was kept.' },
  cookieless: { label: 'No ids here', text: 'A visitor was to be known by name, and this site keeps no ids.' },
  withdrawn: { label: 'Consent withdrawn', text: 'Something was said of a visitor who withdrew their consent. It was not kept.' },
  address_not_allowed: {
    label: 'Address not allowed',
    text: 'An address was to be kept as an attribute, which this site does not allow. Nothing of the call was kept.',
  },
  no_agreement: {
    label: 'No agreement',
    text: 'An address was to be kept, and the organization has not accepted the data-processing agreement in force.',
  },
  no_consent: {
    label: 'No consent on record',
    text: 'An address was to be kept without the receipt of a consent that stands. Nothing of the call was kept.',
  },
  subscription_ended: {
    label: 'Subscription ended',
    text: 'The subscription has ended. What was measured is kept for 60 days, and nothing is added to it.',
  },
  objected: { label: 'Objected', text: 'The visitor objected to being measured. Nothing of it was kept.' },
  full: { label: 'Storage was full', text: 'The disk had no room. The sender was told to try again.' },
};

const SET_ASIDE: Record<string, Reason> = {
  user_agent: { label: 'Known bots', text: 'The user agent names a crawler, a monitor or another machine.' },
  automation: { label: 'Driven browsers', text: 'The browser carried the marks of automation.' },
  referrer_spam: { label: 'Referrer spam', text: 'The referrer is on the public list of known spammers.' },
};

const unknown = (word: string): Reason => ({ label: word, text: '' });

export const describeRefusal = (word: string) => (Object.hasOwn(REFUSED, word) ? REFUSED[word]! : unknown(word));
export const describeSuspicion = (word: string) => (Object.hasOwn(SET_ASIDE, word) ? SET_ASIDE[word]! : unknown(word));
