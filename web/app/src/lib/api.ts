/** The one client of the UI and its questions to the server. Whatever fails becomes an `ApiError` with a sentence for people. */
import { createApiClient, type Schemas } from '@candor/api-client';
import { queryOptions } from '@tanstack/react-query';
import type { Client } from 'openapi-fetch';
import { askPerson } from './asks.ts';
import { createGuard } from './guard.ts';
import type { AllPaths } from './people-schema.ts';
import type { RecordingSettings } from './recordings-api.ts';

export type Site = Schemas['Site'] & { settings: { recording?: RecordingSettings } };
export type SiteChange = Schemas['SiteChange'] & { recording?: Partial<RecordingSettings> };
export type Refusals = Schemas['Refusals'];
export type Health = Schemas['Health'];

/** Sends a request; where a sign-in has ended meanwhile, the person signs in again and it is sent once more. */
export const send = createGuard((request) => globalThis.fetch(request), {
  isSignedIn: () => globalThis.fetch('/api/session').then(({ ok }) => ok),
  signIn: () => askPerson('signIn'),
  confirm: () => askPerson('confirm'),
});

export const client = createApiClient(globalThis.location?.origin, send) as unknown as Client<AllPaths>;

export class ApiError extends Error {
  readonly status: number;
  /** The field at fault, where there is one. */
  readonly field?: string;
  /** How many seconds the server wants to be left alone. */
  readonly wait?: number;

  constructor(message: string, status: number, field?: string, wait?: number) {
    super(message);
    this.status = status;
    this.field = field;
    this.wait = wait;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Unwraps an answer, or throws what went wrong. */
export async function expectData<T>(pending: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The server cannot be reached.', 0);
  }
  const { status, ok, headers } = answer.response;
  if (ok) return answer.data as T;
  const { error: message, field } = (answer.error ?? {}) as { error?: string; field?: string };
  const wait = status === 429 ? Number(headers.get('retry-after')) || 1 : undefined;
  throw new ApiError(toSentence(message || `the server answered ${status}`), status, field, wait);
}

const toSentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => expectData(client.GET('/api/sites', { signal })).then(({ sites }) => sites),
  staleTime: 60_000,
});

export const refusalsQuery = (domain: string, days: number) =>
  queryOptions({
    queryKey: ['refusals', domain, days],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/sites/{domain}/refusals', { params: { path: { domain }, query: { days } }, signal })),
  });

/** Health answers 503 with the same body when a process does not serve; both are an answer. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }): Promise<Health> => {
    const { data, error } = await client.GET('/api/health', { signal });
    if (data ?? error) return (data ?? error) as Health;
    throw new ApiError('The server cannot be reached.', 0);
  },
  refetchInterval: 30_000,
  retry: false,
});
