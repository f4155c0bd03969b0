/**
 * What answers to something entered. A preview, a counter, a strength meter, a list of suggestions change within moments
 * of a keystroke and are made of it, of its length if not of its signs. So what changes or arrives then is masked, and
 * stays so for as long as the page does: the next snapshot would show it as well.
 */

/** For how long after something was entered a change counts as its answer. */
export const ECHO_MS = 1_500;
/** How many elements are remembered; beyond that every element counts as an answer. */
export const ECHOES_MAX = 20_000;

export class Echo {
  private readonly elements = new Set<number>();
  private readonly regions = new Set<number>();
  private enteredAt = Number.NEGATIVE_INFINITY;

  /** Something was entered now. */
  begin(now: number): void {
    this.enteredAt = now;
  }

  /** Whether nothing was entered at all so far. */
  get isQuiet(): boolean {
    return this.enteredAt === Number.NEGATIVE_INFINITY;
  }

  isNow(now: number): boolean {
    return now - this.enteredAt <= ECHO_MS;
  }

  mark(id: number): void {
    if (this.elements.size <= ECHOES_MAX) this.elements.add(id);
  }

  has(id: number): boolean {
    return this.elements.size > ECHOES_MAX || this.elements.has(id);
  }

  /** Text was entered into an element that does not look like it. */
  markRegion(id: number): void {
    this.regions.add(id);
  }

  isRegion(id: number): boolean {
    return this.regions.has(id);
  }
}
