/** Listens to the keyboard and does what lib/shortcuts.ts says. Cmd/Ctrl+K works always; single keys unless switched off. */

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sitesQuery } from '../lib/api.ts';
import { ask } from '../lib/commands.ts';
import { shiftPeriod } from '../lib/period.ts';
import { type ReportSearch, readReportSearch } from '../lib/search.ts';
import { findShortcut, ownsKeys, type ShortcutAction } from '../lib/shortcuts.ts';
import { setPreference, usePreference } from '../lib/storage.ts';
import { mayAnswerNow } from '../lib/use-may-answer.ts';

const SEQUENCE_MS = 1200;

export function useKeys(): void {
  const single = usePreference('keys') !== 'off';
  const act = useShortcutAction();
  useEffect(() => {
    let before: string | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        ask('palette');
        return;
      }
      if (!single || event.metaKey || event.ctrlKey || event.altKey || event.repeat || ownsKeys(event.target)) return;
      const found = findShortcut(event.key, before);
      clearTimeout(timer);
      before = undefined;
      if (found === 'more') {
        before = event.key;
        timer = setTimeout(() => {
          before = undefined;
        }, SEQUENCE_MS);
      } else if (found) {
        event.preventDefault();
        act(found);
      }
    };
    addEventListener('keydown', listen);
    return () => {
      clearTimeout(timer);
      removeEventListener('keydown', listen);
    };
  }, [single, act]);
}

/** Does a shortcut's or a command's deed, wherever the person is. */
export function useShortcutAction(): (action: ShortcutAction) => void {
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const { domain } = useParams({ strict: false });
  return (action) => {
    const search = () => readReportSearch(router.state.location.search as Record<string, unknown>);
    const change = (patch: ReportSearch) => {
      if (domain) void navigate({ to: '/$domain', params: { domain }, search: { ...search(), ...patch }, resetScroll: false });
    };
    switch (action.kind) {
      case 'palette':
      case 'shortcuts':
        return ask(action.kind);
      case 'period':
        return change({ period: action.period, interval: undefined });
      case 'step': {
        const site = queries.getQueryData(sitesQuery.queryKey)?.find((each) => each.domain === domain);
        const next = site && shiftPeriod(search().period ?? '28d', action.step, { now: new Date(), zone: site.timezone });
        return next && change({ period: next, interval: undefined });
      }
      case 'compare':
        return change({ compare: search().compare === 'off' ? undefined : 'off' });
      case 'clear':
        return change({ f: undefined });
      case 'filter':
        return document.getElementById('add-filter')?.click();
      case 'live':
        return setPreference('live', localStorage.getItem('candor.live') === 'paused' ? null : 'paused');
      case 'go':
        return void goTo(action.to);
    }
  };

  function goTo(to: 'report' | 'recordings' | 'heatmaps' | 'settings' | 'privacy' | 'refused' | 'sites') {
    if (to === 'sites') return navigate({ to: '/', search: { add: true } });
    if (!domain) return undefined;
    if (to === 'privacy' && !mayAnswerNow(queries, domain)) return undefined;
    const path = {
      report: '/$domain',
      recordings: '/$domain/recordings',
      heatmaps: '/$domain/heatmaps',
      settings: '/$domain/settings',
      privacy: '/$domain/privacy',
      refused: '/$domain/refused',
    } as const;
    return navigate({ to: path[to], params: { domain } });
  }
}
