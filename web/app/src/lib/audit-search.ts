/** Which entries of the audit log are on show, as the address keeps it. */

export interface AuditFilter {
  actor?: string;
  act?: string;
}

const ID = /^[\w:-]{1,64}$/;

export function readAuditSearch(raw: Record<string, unknown>): AuditFilter {
  const pick = (name: keyof AuditFilter) => (typeof raw[name] === 'string' && ID.test(raw[name]) ? { [name]: raw[name] } : {});
  return { ...pick('actor'), ...pick('act') };
}
