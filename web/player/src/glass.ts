/**
 * A pane of the frame's own over the page that stands still: a pointer meets it and never the page. It knows the elements that
 * something happened on, shows which of them the pointer is over, and says which was pressed.
 */
import type { Spot } from './spots.ts';

/** What is smaller is met as if it were so large. */
const TARGET_MIN = 24;

export class Glass {
  private readonly pane = document.createElement('div');
  private spots: readonly Spot[] = [];
  private layer: HTMLElement | undefined;
  private left = 0;
  private scale = 1;

  constructor(press: (element: number | undefined) => void) {
    this.pane.id = 'glass';
    this.pane.hidden = true;
    document.body.append(this.pane);
    this.pane.addEventListener('click', (event) => press(this.meet(event)?.element));
    this.pane.addEventListener('pointermove', (event) => {
      const spot = this.meet(event);
      this.pane.classList.toggle('over', spot !== undefined);
      this.outline('hover', spot);
    });
    this.pane.addEventListener('pointerleave', () => this.outline('hover', undefined));
  }

  /** With those first that something happened on most. */
  lay(spots: readonly Spot[], layer: HTMLElement): void {
    this.spots = spots;
    this.layer = layer;
    this.pane.hidden = false;
  }

  lift(): void {
    this.spots = [];
    this.layer = undefined;
    this.pane.hidden = true;
  }

  fit(left: number, scale: number): void {
    this.left = left;
    this.scale = scale;
  }

  mark(element: number | undefined): void {
    this.outline(
      'mark',
      this.spots.find((spot) => spot.element === element),
    );
  }

  private meet({ clientX, clientY }: MouseEvent): Spot | undefined {
    return findSpot(this.spots, (clientX - this.left) / this.scale, clientY / this.scale);
  }

  private outline(name: 'hover' | 'mark', spot: Spot | undefined): void {
    this.layer?.querySelector(`.${name}`)?.remove();
    if (!spot) return;
    const outline = document.createElement('div');
    outline.className = name;
    outline.style.left = `${spot.x}px`;
    outline.style.top = `${spot.y}px`;
    outline.style.width = `${spot.width}px`;
    outline.style.height = `${spot.height}px`;
    this.layer?.append(outline);
  }
}

/** The smallest one at a place; of what is around others only what is left of it is met. */
export function findSpot(spots: readonly Spot[], x: number, y: number): Spot | undefined {
  const grown = (length: number) => Math.max(0, TARGET_MIN - length) / 2;
  const met = spots.filter((spot) => {
    const [beside, above] = [grown(spot.width), grown(spot.height)];
    return x >= spot.x - beside && x <= spot.x + spot.width + beside && y >= spot.y - above && y <= spot.y + spot.height + above;
  });
  return met.sort((a, b) => a.width * a.height - b.width * b.height)[0];
}
