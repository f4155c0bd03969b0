/**
 * The typed client of Candor's public API. A wrong path or field is a type error, because
 * `schema.ts` is generated from the server's own OpenAPI document.
 */
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.ts';

export type ApiClient = Client<paths>;
export type Schemas = components['schemas'];

export type Paths = paths;
export type Send = (request: Request) => Promise<Response>;

/** A client for the server that served this page. `fetch` is looked up per call, so tests may replace it. */
export function createApiClient(baseUrl = '/', send: Send = (request) => globalThis.fetch(request)): ApiClient {
  return createClient<paths>({ baseUrl, fetch: send });
}
