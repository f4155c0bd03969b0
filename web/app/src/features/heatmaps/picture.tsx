/**
 * The page as it was, with the layer over it: as wide as the window it was seen in, where there is room, and in its whole height
 * within a box that scrolls. What stands there while it is not to be seen.
 */
import { type RefObject, useEffect, useRef } from 'react';
import type { Heatmap } from '../../lib/heat/layers.ts';
import { Button } from '../../ui/button.tsx';
import { ReplayFrame } from '../../ui/replay-frame.tsx';
import { WORDS } from './messages.ts';
import type { Shown } from './use-still.ts';

interface PictureProps {
  /** Where pages are built; none where this server has nowhere. */
  origin: string | null;
  background: Heatmap['background'];
  shown: Shown;
  /** Brought into view. */
  spot?: number;
}

/** So much of the page stays above what is brought into view. */
const ABOVE_PX = 96;

export function Picture({ origin, background, shown, spot }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const { still, state, error, retry } = shown;
  useSpotInView(box, shown, spot);
  if (origin === null) return <Instead title={WORDS.noFrameTitle} text={WORDS.noFrameText} />;
  if (!background) return <Instead text={WORDS.noBackground} />;
  if (error || state.scene === 'broken') {
    return (
      <Instead title={WORDS.brokenTitle} text={error?.message ?? WORDS.brokenText}>
        {error && (
          <Button kind="line" onClick={retry}>
            {WORDS.retry}
          </Button>
        )}
      </Instead>
    );
  }
  const { width, page } = state.size ?? { width: background.width, page: background.page ?? background.height };
  return (
    <div
      ref={box}
      role="group"
      aria-label={WORDS.picture}
      aria-busy={state.scene === 'waiting'}
      data-scene={state.scene}
      data-drawn={state.drawn?.turn}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keyboard too
      tabIndex={0}
      className="relative max-h-[max(28rem,76vh)] overflow-x-hidden overflow-y-auto rounded-md border border-line bg-wash"
    >
      <div className="relative mx-auto w-full" style={{ maxWidth: width, aspectRatio: `${width} / ${page}` }}>
        <ReplayFrame
          title={WORDS.frame}
          origin={origin}
          onConnect={(send) => still.connect(send)}
          onReport={(report) => still.hear(report)}
        />
      </div>
      {state.scene === 'waiting' && (
        <p
          role="status"
          className="pointer-events-none absolute top-3 right-3 animate-wait rounded-md bg-raised px-2.5 py-1 text-soft text-xs shadow-overlay"
        >
          {WORDS.building}
        </p>
      )}
    </div>
  );
}

/** The element whose recordings are open is marked and, where it is out of view, brought there. */
function useSpotInView(box: RefObject<HTMLDivElement | null>, { still, state }: Shown, spot: number | undefined): void {
  const seen = state.drawn?.seen.find(({ element }) => element === spot);
  const width = state.size?.width ?? 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new drawing has no marks yet
  useEffect(() => {
    still.mark(spot);
    const { current } = box;
    if (!seen || !current) return;
    const scale = Math.min(1, current.clientWidth / width);
    const [top, bottom] = [seen.y * scale, (seen.y + seen.height) * scale];
    if (top >= current.scrollTop && bottom <= current.scrollTop + current.clientHeight) return;
    current.scrollTo({ top: Math.max(0, top - ABOVE_PX) });
  }, [still, spot, seen, state.drawn, width]);
}

function Instead({ title, text, children }: { title?: string; text: string; children?: React.ReactNode }) {
  return (
    <div className="rounded-md border border-line bg-wash px-5 py-12">
      <div className="mx-auto max-w-sm">
        {title && <p className="mb-1 font-semibold">{title}</p>}
        <p className="text-soft text-sm">{text}</p>
        {children && <div className="mt-4">{children}</div>}
      </div>
    </div>
  );
}
