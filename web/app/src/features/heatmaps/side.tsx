/** One side: a page on a class of screens, its picture with the layer over it, and the same in figures. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { ApiError, type Site } from '../../lib/api.ts';
import type { Filter } from '../../lib/filters.ts';
import { formatCompact } from '../../lib/format.ts';
import { type LayerName, lacksPlaces, SCREENS, type ScreenName } from '../../lib/heat/layers.ts';
import { type HeatPage, heatmapQuery, pagesQuery } from '../../lib/heat-api.ts';
import type { ApiRange } from '../../lib/period.ts';
import { replayQuery } from '../../lib/recordings-api.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Choice } from './choice.tsx';
import { SCREEN_WORDS, WORDS } from './messages.ts';
import { PageButton } from './page-button.tsx';
import { Views } from './views.tsx';

/** What a side is about, as the URL has it, and how that is changed. */
export interface SideState {
  /** None where nobody chose one: then it is the page with most recordings. */
  page?: string;
  screen: ScreenName;
  range: ApiRange;
  /** The period in words. */
  period: string;
  filters: Filter[];
  spot?: number;
  onPage: (page: string) => void;
  onScreen: (screen: ScreenName) => void;
  onSpot: (element: number | undefined) => void;
  onClear: () => void;
}

export interface SideProps {
  site: Site;
  layer: LayerName;
  state: SideState;
  /** Two stand beside each other. */
  narrow: boolean;
  /** What narrows the views down, where it is not at the top of the screen. */
  bar?: ReactNode;
}

export function Side({ site, layer, state, narrow, bar }: SideProps) {
  const views = { domain: site.domain, range: state.range, filters: state.filters };
  const pages = useQuery({ ...pagesQuery(views), placeholderData: keepPreviousData });
  const page = state.page ?? pages.data?.[0]?.path;
  const question = { ...views, page: page ?? '', screen: state.screen };
  const heatmap = useQuery({ ...heatmapQuery(question), enabled: page !== undefined, placeholderData: keepPreviousData });
  const error = heatmap.error ?? (page === undefined ? pages.error : null);
  if (error instanceof ApiError && error.status === 403) return <Sorry title={WORDS.refusedTitle} text={WORDS.refusedText} />;
  if (page === undefined && pages.data) return <Nothing site={site} state={state} pages={pages.data} bar={bar} />;
  return (
    <div aria-busy={heatmap.isPlaceholderData} className="min-w-0">
      <div className="mb-3 flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
        {page === undefined ? (
          <Skeleton className="h-8 w-40" />
        ) : (
          <PageButton question={views} page={page} onChoose={state.onPage} />
        )}
        <Choice
          label={WORDS.screen}
          chosen={state.screen}
          options={SCREENS.map((value) => ({
            value,
            ...SCREEN_WORDS[value],
            count: heatmap.data && formatCompact(heatmap.data.screens[value]),
          }))}
          onChoose={state.onScreen}
        />
        {bar}
      </div>
      {error && <Failed error={error} onRetry={() => void (heatmap.error ? heatmap.refetch() : pages.refetch())} />}
      {!heatmap.data && !error && <Waiting />}
      {heatmap.data && page !== undefined && !error && (
        <div className={`transition-opacity duration-150 ${heatmap.isPlaceholderData ? 'opacity-60' : ''}`}>
          <Found {...{ layer, state, narrow, question }} heatmap={heatmap.data} />
        </div>
      )}
    </div>
  );
}

type FoundProps = Omit<Parameters<typeof Views>[0], 'origin'>;

function Found({ heatmap, question, state, ...rest }: FoundProps) {
  const replay = useQuery(replayQuery);
  // Kept as it is while only the spot changes, so that nothing is drawn anew.
  const known = useMemo(() => heatmap, [heatmap]);
  if (heatmap.views === 0) return <NoViews heatmap={heatmap} page={question.page} state={state} />;
  if (lacksPlaces(heatmap)) return <Sorry title={WORDS.lackTitle} text={WORDS.lackText} />;
  if (replay.data === undefined) return <Waiting />;
  return <Views {...rest} question={question} state={state} heatmap={known} origin={replay.data} />;
}

function NoViews({ heatmap, page, state }: Pick<FoundProps, 'heatmap' | 'state'> & { page: string }) {
  const others = SCREENS.filter((each) => heatmap.screens[each] > 0);
  if (others.length === 0) return <Sorry title={WORDS.noViewsAtAll(page)} text={WORDS.noneYet} />;
  return (
    <Sorry title={WORDS.noViews(page, SCREEN_WORDS[state.screen].label)} text={WORDS.seenOn}>
      <div className="flex flex-wrap gap-2">
        {others.map((each) => (
          <Button key={each} kind="line" onClick={() => state.onScreen(each)}>
            {SCREEN_WORDS[each].label}
            <span className="numerals text-faint text-xs">{formatCompact(heatmap.screens[each])}</span>
          </Button>
        ))}
      </div>
    </Sorry>
  );
}

function Nothing({ site, state, pages, bar }: { site: Site; state: SideState; pages: HeatPage[]; bar?: ReactNode }) {
  if (pages.length > 0) return null;
  if (state.filters.length > 0) {
    return (
      <>
        {bar}
        <Sorry title={WORDS.noneFiltered}>
          <Button kind="line" onClick={state.onClear}>
            {WORDS.clear}
          </Button>
        </Sorry>
      </>
    );
  }
  if (site.settings.recording?.on) {
    return (
      <>
        {bar}
        <Sorry title={WORDS.none(state.period)} text={WORDS.noneYet} />
      </>
    );
  }
  return (
    <Sorry title={WORDS.offTitle} text={WORDS.offText}>
      <Link to="/$domain/settings" params={{ domain: site.domain }} hash="recordings" className={buttonClass('line')}>
        {WORDS.settings}
      </Link>
    </Sorry>
  );
}

function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div role="alert" className="max-w-xl border-line border-t py-16">
      <h2 className="mb-2 font-semibold text-lg">{WORDS.failedTitle}</h2>
      <p className="mb-5 text-soft">{error.message}</p>
      <Button kind="line" onClick={onRetry}>
        {WORDS.retry}
      </Button>
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label={WORDS.loading}>
      <Skeleton className="mb-4 h-9 w-72 max-w-full" />
      <Skeleton className="h-[60vh] w-full" />
    </div>
  );
}

function Sorry({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="max-w-xl border-line border-t py-16">
      <h2 className="mb-2 wrap-anywhere font-semibold text-lg">{title}</h2>
      {text && <p className="mb-5 text-soft">{text}</p>}
      {children}
    </div>
  );
}
