/** The one store of what was asked of the server. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../lib/api.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The server may be this very machine: being offline says nothing about it.
      networkMode: 'always',
      // A refusal stays one however often it is asked; silence may pass.
      retry: (count, error) => count < 1 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: 800,
    },
    mutations: { networkMode: 'always' },
  },
});
