/**
 * Live numbers of a site over one EventSource. New data makes the report ask again, at our pace and not at the traffic's:
 * never more than once in five seconds, and not while the page is hidden or the person paused it.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sitesQuery } from '../lib/api.ts';
import { sessionQuery } from '../lib/people-api.ts';
import { usePreference } from '../lib/storage.ts';

const PACE_MS = 5000;
const RETRY_MS = 4000;
const REST_MS = 60_000;

export interface Live {
  state: 'connecting' | 'live' | 'lost' | 'paused';
  current?: number;
  /** Since when the connection is lost. */
  since?: Date;
}

export function useLive(domain: string | undefined): Live {
  const queries = useQueryClient();
  const paused = usePreference('live') === 'paused';
  const [live, setLive] = useState<Live>({ state: 'connecting' });

  useEffect(() => {
    if (!domain || paused) {
      setLive((known) => ({ ...known, state: paused ? 'paused' : 'connecting' }));
      return;
    }
    setLive({ state: 'connecting' });
    const lose = () => setLive((known) => (known.state === 'lost' ? known : { ...known, state: 'lost', since: new Date() }));
    const refresh = createPacer(() => {
      void queries.invalidateQueries({ queryKey: ['report', domain] });
      void queries.invalidateQueries({ queryKey: ['ever', domain] });
    });
    let broken = false;
    const close = openStream(`/api/sites/${encodeURIComponent(domain)}/live`, {
      visitors: ({ current }) => {
        if (typeof current === 'number') setLive({ state: 'live', current });
        // What arrived while the stream was broken was told to nobody.
        if (broken) refresh.want();
        broken = false;
      },
      data: () => refresh.want(),
      lost: () => {
        // It may have ended because the person may see this no more, which is told at once.
        if (!broken) for (const { queryKey } of [sessionQuery, sitesQuery]) void queries.invalidateQueries({ queryKey });
        broken = true;
        lose();
      },
    });
    return () => {
      close();
      refresh.stop();
    };
  }, [domain, paused, queries]);
  return live;
}

interface Handlers {
  visitors: (message: { current?: unknown }) => void;
  data: () => void;
  lost: () => void;
}

/**
 * The browser reopens a stream that broke, but not one that was answered with an error; then we do.
 * A page nobody looks at lets go of its stream after a while: a browser grants a host only six connections for all its pages.
 */
function openStream(url: string, handlers: Handlers): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout>;
  let rest: ReturnType<typeof setTimeout>;
  const open = () => {
    source = new EventSource(url);
    source.addEventListener('visitors', (event) => handlers.visitors(readJson(event.data)));
    source.addEventListener('data', handlers.data);
    source.addEventListener('error', () => {
      handlers.lost();
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const turn = () => {
    clearTimeout(rest);
    if (document.hidden) {
      rest = setTimeout(close, REST_MS);
    } else if (!source) {
      handlers.data();
      open();
    }
  };
  document.addEventListener('visibilitychange', turn);
  open();
  return () => {
    document.removeEventListener('visibilitychange', turn);
    clearTimeout(rest);
    close();
  };
}

function readJson(text: string): { current?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function createPacer(act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let missed = false;
  const run = () => {
    timer = undefined;
    if (document.hidden) {
      missed = true;
      return;
    }
    last = Date.now();
    act();
  };
  const show = () => {
    if (!document.hidden && missed) {
      missed = false;
      run();
    }
  };
  document.addEventListener('visibilitychange', show);
  return {
    want: () => {
      timer ??= setTimeout(run, Math.max(0, last + PACE_MS - Date.now()));
    },
    stop: () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', show);
    },
  };
}
