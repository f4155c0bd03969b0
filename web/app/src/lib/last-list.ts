/** The list of recordings as it was last looked at: whoever comes back from one finds it so. In memory alone, and of each site. */
import type { RecordingsSearch } from './search.ts';

const lists = new Map<string, RecordingsSearch>();

export const rememberList = (domain: string, search: RecordingsSearch): void => void lists.set(domain, search);
export const lastList = (domain: string): RecordingsSearch => lists.get(domain) ?? {};
