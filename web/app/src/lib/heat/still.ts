/**
 * Talks with the frame in which a page stands still: hands over the page and what is to be drawn over it, and keeps what the frame
 * says. Of elements that were not told to it, and of more than was told to it, the frame is not believed.
 */
import type { Drawn, Layer, Order, Report } from '@candor/player/protocol';

export interface StillState {
  scene: 'waiting' | 'stands' | 'broken';
  /** Of the page, in its own pixels. */
  size?: { width: number; page: number };
  drawn?: Drawn;
}

export class StillPage {
  private state: StillState = { scene: 'waiting' };
  private readonly listeners = new Set<() => void>();
  private send: ((order: Order) => void) | undefined;
  private scene: { events: string; at: number } | undefined;
  private layer: Layer | undefined;
  private turn = 0;

  constructor(private readonly press: (element: number | undefined) => void) {}

  readonly read = (): StillState => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Whenever a frame is there; one that was there before knows nothing any more. */
  connect(send: (order: Order) => void): void {
    this.send = send;
    this.change({ scene: 'waiting' });
    this.raise();
  }

  stand(events: string, at: number): void {
    if (this.scene?.events === events && this.scene.at === at) return;
    this.scene = { events, at };
    this.change({ scene: 'waiting', size: this.state.size });
    this.raise();
  }

  draw(layer: Layer): void {
    const before = this.layer;
    this.layer = layer;
    if (this.state.scene !== 'stands') return;
    const { drawn } = this.state;
    // Elements keep their names; what was missing of the layer before says nothing of this one.
    const known = drawn && before?.is === 'heat' && layer.is === 'heat' ? { ...drawn, lost: 0, hidden: 0 } : undefined;
    this.change({ ...this.state, drawn: known });
    this.paint();
  }

  mark(element: number | undefined): void {
    this.send?.({ do: 'mark', ...(element !== undefined && { element }) });
  }

  hear(report: Report): void {
    if (report.is === 'pressed') {
      if (report.element === undefined || this.weights().has(report.element)) this.press(report.element);
      return;
    }
    if (!('turn' in report) || report.turn !== this.turn) return;
    if (report.is === 'failed') this.change({ scene: 'broken' });
    if (report.is === 'stood') {
      this.change({ scene: 'stands', size: { width: report.width, page: report.page } });
      this.paint();
    }
    if (report.is === 'drawn') this.change({ ...this.state, drawn: this.believe(report) });
  }

  private raise(): void {
    if (!this.send || !this.scene) return;
    this.turn += 1;
    this.send({ do: 'stand', turn: this.turn, ...this.scene });
  }

  private paint(): void {
    if (!this.send || !this.layer) return;
    this.turn += 1;
    this.send({ do: 'draw', turn: this.turn, layer: this.layer });
  }

  private believe(drawn: Drawn): Drawn {
    const weights = this.weights();
    const all = [...weights.values()].reduce((sum, each) => sum + each, 0);
    const most = (value: number) => Math.min(value, all);
    return {
      ...drawn,
      peak: most(drawn.peak),
      lost: most(drawn.lost),
      hidden: most(drawn.hidden),
      seen: drawn.seen.filter(({ element }) => weights.has(element)),
    };
  }

  private weights(): Map<number, number> {
    const weights = new Map<number, number>();
    if (this.layer?.is !== 'heat') return weights;
    for (const [element, , , weight] of this.layer.points) weights.set(element, (weights.get(element) ?? 0) + weight);
    return weights;
  }

  private change(state: StillState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
