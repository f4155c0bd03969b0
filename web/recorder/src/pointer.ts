/**
 * What a mouse or a finger did: where it went, what it pressed, and how tall the page is over which it moved. Where a press by
 * itself tells what was entered, only the whole that was pressed is told.
 */

import type { Echo } from "./echo";
import { isNumber } from "./nodes";
import type { Page } from "./page";
import { Places } from "./places";
import type { RawInteraction, RawPositions } from "./raw";
import type { Tree } from "./tree";

/** Between two presses in one zone that are told. */
const ZONE_MS = 1_000;
const INTERACTION_MAX = 10;
/** Of how many zones the last press is remembered. */
const ZONES_MAX = 1_000;
/** No page is told to be taller. */
const HEIGHT_MAX = 10_000_000;
const CLICK = 2;
const FOCUS = 5;
const BLUR = 6;
const POINTERS = new Set([0, 1, 2]);

export class Pointer {
  private readonly pressedAt = new Map<string, number>();

  constructor(
    private readonly tree: Tree,
    private readonly page: Page,
    private readonly echo: Echo,
  ) {}

  moves({ source, positions }: RawPositions, now: number): object | undefined {
    const told = positions.filter(({ id }) => this.tree.get(id) && !this.page.zone(id));
    if (!told.length) return undefined;
    const places = this.places(now);
    return {
      source,
      positions: told.map(({ x, y, id, timeOffset }) => ({
        ...{ x: round(x), y: round(y), id, timeOffset: round(timeOffset) },
        ...places.at(id, x, y),
      })),
    };
  }

  interaction({ source, type, id, x, y, pointerType }: RawInteraction, now: number): object | undefined {
    if (!this.tree.get(id) || !isNumber(type) || type < 0 || type > INTERACTION_MAX) return undefined;
    // Focus that jumps from field to field as they fill up tells when each was filled.
    if ((type === FOCUS || type === BLUR) && this.echo.isNow(now)) return undefined;
    const pointer = POINTERS.has(pointerType as number) ? { pointerType } : {};
    const zone = this.page.zone(id);
    const isClick = type === CLICK;
    if (!zone) {
      const point = isNumber(x) && isNumber(y) && { x: round(x), y: round(y) };
      return { source, type, id, ...point, ...pointer, ...(isClick && this.places(now).click(id, x, y)) };
    }
    const isItself = zone.id === id;
    if (!this.tree.get(zone.id) || !(isClick || (isItself && (type === FOCUS || type === BLUR)))) return undefined;
    const key = `${zone.id} ${type}`;
    if (now - (this.pressedAt.get(key) ?? Number.NEGATIVE_INFINITY) < ZONE_MS) return undefined;
    if (this.pressedAt.size >= ZONES_MAX) this.pressedAt.clear();
    this.pressedAt.set(key, now);
    const told = { source, type, id: zone.id };
    return isClick
      ? { ...told, x: round(zone.x), y: round(zone.y), ...pointer, ...this.places(now).middle(zone.id) }
      : { ...told, ...pointer };
  }

  private places(now: number): Places {
    return new Places(this.page, this.tree, this.echo, now);
  }

  /** How tall the page is, where that may be told. */
  height(root: number, now: number): { h: number } | undefined {
    const height = this.places(now).height(root);
    return height === undefined ? undefined : { h: Math.min(HEIGHT_MAX, round(height)) };
  }
}

export const round = (value: unknown): number => (isNumber(value) ? Math.round(value) : 0);
