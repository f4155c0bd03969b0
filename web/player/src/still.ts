/**
 * A recorded page that stands still, in its whole height, with a layer over it. The page is built as for playing, by the same walls;
 * nothing here asks it to do anything, and what is drawn lies beside its frame, never in it.
 */
import { drawHeat, drawShares } from './draw.ts';
import { Disarmer } from './disarm.ts';
import { META } from './events.ts';
import { Glass } from './glass.ts';
import { settle } from './settle.ts';
import { Spots } from './spots.ts';
import type { Layer, Report } from './protocol.ts';
import { BANDS, PAGE_MAX } from './protocol/still.ts';
import { type Rebuilt, rebuild, take, withMeta } from './stage.ts';

/** Where bands are seen lower than this, every other one has its figure. */
const FIGURE_PX = 28;

interface Standing extends Rebuilt {
  width: number;
  page: number;
  spots: Spots;
  /** Over the page, of its size. */
  layer: HTMLElement;
}

export class Still {
  private standing: Standing | undefined;
  private readonly glass: Glass;

  constructor(
    private readonly place: HTMLElement,
    private readonly report: (report: Report) => void,
  ) {
    this.glass = new Glass((element) => report({ is: 'pressed', ...(element !== undefined && { element }) }));
    new ResizeObserver(() => this.fit()).observe(place);
  }

  stand(turn: number, lines: string, at: number): void {
    this.answer(turn, () => {
      const next = this.build(lines, at);
      this.leave();
      this.standing = next;
      next.root.classList.remove('waiting');
      this.fit();
      this.report({ is: 'stood', turn, width: next.width, page: next.page });
    });
  }

  draw(turn: number, layer: Layer): void {
    this.answer(turn, () => {
      const { standing } = this;
      if (!standing) throw new Error('nothing stands');
      const { width, page, spots } = standing;
      standing.layer.replaceChildren();
      if (layer.is === 'heat') {
        const { points, lost, hidden, seen } = spots.place(layer.points);
        const peak = drawHeat(standing.layer, points, { width, height: page });
        this.glass.lay(seen, standing.layer);
        this.report({ is: 'drawn', turn, peak, lost, hidden, seen: spots.describe(seen) });
      } else {
        drawShares(standing.layer, layer, { width, height: page });
        this.glass.lay([], standing.layer);
        this.report({ is: 'drawn', turn, peak: 0, lost: 0, hidden: 0, seen: [] });
      }
    });
  }

  mark(element: number | undefined): void {
    this.glass.mark(element);
  }

  leave(): void {
    if (this.standing) take(this.standing);
    this.standing = undefined;
    this.glass.lift();
  }

  private build(lines: string, at: number): Standing {
    const disarmer = new Disarmer();
    const events = withMeta(disarmer.readStill(lines, at));
    const rebuilt = rebuild(events, this.place, 1);
    try {
      const { replayer, root } = rebuilt;
      root.classList.add('still');
      const last = events.at(-1)!.timestamp - events[0]!.timestamp;
      replayer.pause(last + 1);
      const { width, height } = events.findLast(({ type }) => type === META)!.data as { width: number; height: number };
      const frame = replayer.iframe;
      const tall = settle(frame, height);
      // As far as it goes; a page that is as high as its window again and again is not followed.
      const page = Math.min(PAGE_MAX, Math.max(height, tall));
      // The replayer gives the frame the window's size once more later; a style stands above that.
      frame.style.height = `${page}px`;
      const layer = document.createElement('div');
      layer.className = 'layer';
      layer.style.width = `${width}px`;
      layer.style.height = `${page}px`;
      root.append(layer);
      const mirror = replayer.getMirror();
      const spots = new Spots(frame.contentDocument!, (node) => disarmer.nameOf(mirror.getId(node as never)), { width, height: page });
      return { ...rebuilt, width, page, spots, layer };
    } catch (error) {
      take(rebuilt);
      throw error;
    }
  }

  /** What is wrong is nobody's to read here: the words may be the recording's own. */
  private answer(turn: number, act: () => void): void {
    try {
      act();
    } catch {
      this.report({ is: 'failed', turn });
    }
  }

  /** As wide as fits, and never wider than it was; how high it is then is for the page around it to give. */
  private fit(): void {
    if (!this.standing) return;
    const { width, page, root } = this.standing;
    const scale = Math.min(1, this.place.clientWidth / width);
    const left = (this.place.clientWidth - width * scale) / 2;
    root.style.transform = `translate(${left}px, 0) scale(${scale})`;
    root.style.setProperty('--scale', String(scale));
    root.classList.toggle('close', (page / BANDS) * scale < FIGURE_PX);
    this.glass.fit(left, scale);
  }
}
