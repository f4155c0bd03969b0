/** The one client of the UI and its questions to the server. Whatever fails becomes an `ApiError` with a sentence for people. */
import { createApiClient, type Schemas } from '@candor/api-client';
import { queryOptions } from '@tanstack/react-query';

export type Site = Schemas['Site'];
export type SiteChange = Schemas['SiteChange'];
export type Refusals = Schemas['Refusals'];
export type Health = Schemas['Health'];

export const client = createApiClient(globalThis.location?.origin);

export class ApiError extends Error {
  readonly status: number;
  /** The field at fault, where there is one. */
  readonly field?: string;

  constructor(message: string, status: number, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
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
  if (answer.data !== undefined) return answer.data;
  const { error: message, field } = (answer.error ?? {}) as { error?: string; field?: string };
  throw new ApiError(toSentence(message || `the server answered ${answer.response.status}`), answer.response.status, field);
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
