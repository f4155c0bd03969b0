/** Something a person does: it is sent, what it changes is asked for anew, and they hear that it worked or why it did not. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from './api.ts';
import { say, sayTrouble } from './say.ts';

interface ActOptions<T> {
  refresh?: readonly QueryKey[];
  done?: string;
  onDone?: (answer: T) => void;
  /** The screen itself says what went wrong. */
  quiet?: boolean;
}

export function useAct<V = void, T = unknown>(act: (what: V) => Promise<T>, options: ActOptions<T> = {}) {
  const { refresh = [], done, onDone, quiet = false } = options;
  const queries = useQueryClient();
  return useMutation<T, ApiError, V>({
    mutationFn: act,
    onSuccess: async (answer) => {
      await Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey })));
      if (done) say(done);
      onDone?.(answer);
    },
    onError: (error) => {
      if (!quiet) sayTrouble(error);
    },
  });
}
