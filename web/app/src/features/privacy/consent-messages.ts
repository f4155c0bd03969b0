/** The words about consent, about wording for a site's policy, and about what is kept of visitors beside what they did. */
import type { Schemas } from '@candor/api-client';
import type { Language } from '../../lib/privacy-api.ts';

export const CONSENT = {
  title: 'Consent',
  modes: {
    consent:
      'This site asks first: a visitor is a new one each day until your page says that they consented, and nothing is stored in the browser.',
    cookieless:
      'This site never stores anything in a browser, so there is nothing to ask for on its account. Consents are still kept as receipts where your server tells of them.',
    always:
      'This site recognises visitors from their first page on. In many countries you must ask before: then choose “Ask first” in the settings of the site.',
  } satisfies Record<Schemas['IdentityMode'], string>,
  settings: 'Site settings',
  page: 'What your page says once a visitor answered. The version is that of the wording below, as it is now.',
  knowing:
    'Receipts need one more script. The snippet of your site has it once an attribute is declared; until then put this line before it:',
  later:
    'Whoever withdraws their last consent is measured without an id from the next event on. A receipt is looked up by its visitor: find them above.',
} as const;

export const snippetOf = (version: string) =>
  `candor("consent", "granted", {
  purposes: ["analytics"],
  version: "${version}",
  then: (receipt) => {},
});
candor("consent", "denied"); // withdraws everything`;

export const WORDING = {
  title: 'Wording for your privacy policy',
  lead: 'Made of the settings as they are now: change one, and it changes. It is no legal advice.',
  language: 'Language',
  languages: { en: 'English', de: 'Deutsch' } satisfies Record<Language, string>,
  form: 'To copy as',
  forms: { markdown: 'Text (Markdown)', html: 'HTML' },
  version: (version: string) => `Version ${version}`,
  copy: 'Copy',
  copied: 'Copied.',
  notCopied: 'The browser did not allow it: select the text and copy it by hand.',
} as const;

export const DECLARED = {
  title: 'What is kept of visitors by name',
  lead: 'Attributes that this site declares, said by identify on a page or by the Segment API. Of others nothing is kept but how often their names came.',
  none: 'None are declared: nothing is kept of anybody beside what they did.',
  kinds: {
    text: 'Text',
    number: 'Number',
    boolean: 'Yes or no',
    date: 'Date',
    address: 'Network address',
  } satisfies Record<Schemas['AttributeKind'], string>,
  name: 'Name',
  nameHelp: 'As senders call it, such as plan.',
  kind: 'Type',
  declare: 'Declare',
  declareOf: (name: string) => `Declare ${name}`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name} from what is declared`,
  removeTitle: (name: string) => `Declare ${name} no longer?`,
  removeText: 'It is removed of every visitor, and nobody can bring it back.',
  leftOut: 'Came and was left out',
  leftOutLead:
    'Senders say these of visitors, and nothing of them is kept. Declared here they are texts; for another type use the form.',
  cameOften: (count: number, when: string) => `${count === 1 ? 'once' : `${count.toLocaleString('en')} times, last`} ${when}`,
  isDeclared: 'declared now: it came before that, or as another type',
  nothingLeftOut: 'Nothing was left out.',
} as const;

export const ADDRESSES = {
  title: 'Full network addresses',
  lead: 'Nothing needs them, and Candor cuts every address before it is kept. One is kept as an attribute only while all three of these are true; otherwise the call is refused.',
  allow: 'Allow an attribute to hold an address',
  allowHelp: 'One of type network address must be declared as well.',
  declared: 'This site declares an attribute of that type and allows it.',
  agreed: 'The organization accepted the data-processing agreement in force.',
  consented: 'Each call names the receipt of a consent of that visitor that is not withdrawn.',
  isTrue: 'true now',
  isNotTrue: 'not true now',
  eachTime: 'looked at each time',
  agreement: 'The agreement',
} as const;
