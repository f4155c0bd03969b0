/**
 * Rebuilds a recording and moves it through time. The replayer works in an inner frame whose sandbox lets no script run; this must
 * never be loosened (`UNSAFE_replayCanvas`), and no recorded element is ever clicked, focused or submitted.
 */
import { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { Disarmer, Unplayable } from './disarm.ts';
import { FULL, META, type PlayedEvent } from './events.ts';
import type { Report, Speed } from './protocol.ts';

const REPORT_EVERY_MS = 100;
/** Without pictures and frames there are boxes; they are hatched, so that they are not taken for the page's own. */
const BOXES = [
  'img, video, audio, canvas, candor-box { background: repeating-linear-gradient(45deg, #8883 0 6px, #8881 6px 12px); }',
  'candor-box { display: inline-block; width: 300px; height: 150px; }',
  'candor-gone { display: none; }',
];

export interface Rebuilt {
  replayer: Replayer;
  root: HTMLElement;
}

interface Scene extends Rebuilt {
  disarmer: Disarmer;
  /** The moment of the first event. */
  begun: number;
}

export class Stage {
  private scene: Scene | undefined;
  private speed: Speed = 1;
  private size = { width: 0, height: 0 };
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly report: (report: Report) => void,
  ) {
    new ResizeObserver(() => this.fit()).observe(place);
  }

  /** Builds the next scene behind the one that is seen, and shows it once it is whole. */
  open(turn: number, lines: string, at: number, playing: boolean): void {
    this.answer(turn, () => {
      const before = this.scene;
      const disarmer = new Disarmer();
      const events = withMeta(disarmer.read(lines));
      this.stop();
      const scene = this.build(events, disarmer);
      this.scene = scene;
      try {
        this.move(at, playing);
      } catch (error) {
        this.scene = before;
        take(scene);
        throw error;
      }
      if (before) take(before);
      scene.root.classList.remove('waiting');
    });
  }

  add(lines: string): void {
    const { scene } = this;
    if (!scene) return;
    try {
      for (const event of scene.disarmer.read(lines)) scene.replayer.addEvent(event as unknown as eventWithTime);
    } catch {
      this.report({ is: 'out' });
    }
  }

  go(turn: number, at: number, playing: boolean): void {
    this.answer(turn, () => {
      this.stop();
      this.move(at, playing);
    });
  }

  /** Every turn is answered. What is wrong with a recording is nobody's to read here: the words may be its own. */
  private answer(turn: number, act: () => void): void {
    try {
      act();
      this.report({ is: 'shown', turn });
    } catch {
      this.report({ is: 'failed', turn });
    }
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    this.scene?.replayer.setConfig({ speed });
  }

  private build(events: PlayedEvent[], disarmer: Disarmer): Scene {
    const begun = events[0]!.timestamp;
    const { replayer, root } = rebuild(events, this.place, this.speed);
    const ring = document.createElement('div');
    ring.className = 'ring';
    root.querySelector('.replayer-mouse')?.append(ring);
    replayer.on('resize', (size) => {
      this.size = size as typeof this.size;
      this.fit();
    });
    replayer.on('finish', () => {
      if (this.scene?.replayer !== replayer) return;
      this.stop();
      this.report({ is: 'at', at: begun + replayer.getMetaData().totalTime });
      this.report({ is: 'out' });
    });
    const first = events.find(({ type }) => type === META);
    if (first) this.size = first.data as typeof this.size;
    return { replayer, root, disarmer, begun };
  }

  private move(at: number, playing: boolean): void {
    if (!this.scene) throw new Unplayable('nothing was opened');
    const { replayer, begun } = this.scene;
    // One past the moment, so that what happened at it has happened.
    const offset = Math.max(0, at - begun) + 1;
    if (!playing) return replayer.pause(offset);
    replayer.play(offset);
    this.ticking = setInterval(() => {
      this.report({ is: 'at', at: begun + Math.max(0, replayer.getCurrentTime()) });
    }, REPORT_EVERY_MS);
  }

  /** Lets go of what is shown. */
  leave(): void {
    this.stop();
    if (this.scene) take(this.scene);
    this.scene = undefined;
  }

  private stop(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
  }

  /** As large as fits, and never larger than it was. */
  private fit(): void {
    const { width, height } = this.size;
    const { clientWidth, clientHeight } = this.place;
    if (!this.scene || !width || !height) return;
    const scale = Math.min(1, clientWidth / width, clientHeight / height);
    const [left, top] = [(clientWidth - width * scale) / 2, (clientHeight - height * scale) / 2];
    this.scene.root.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }
}

/** In a frame in which no script runs, behind what is seen, until `waiting` is taken from it. */
export function rebuild(events: PlayedEvent[], place: HTMLElement, speed: Speed): Rebuilt {
  const root = document.createElement('div');
  root.className = 'scene waiting';
  place.append(root);
  const replayer = new Replayer(events as unknown as eventWithTime[], {
    root,
    speed,
    mouseTail: false,
    triggerFocus: false,
    showWarning: false,
    insertStyleRules: BOXES,
    // What it has to say is in the recording's own words, which are nobody's to read.
    logger: { log: () => undefined, warn: () => undefined },
  });
  allowDoctypes(replayer.iframe);
  return { replayer, root };
}

export function take({ replayer, root }: Rebuilt): void {
  replayer.destroy();
  root.remove();
}

/** A stretch begins with the size of the window; one that does not gets a usual one. */
export function withMeta(events: PlayedEvent[]): PlayedEvent[] {
  const [first] = events;
  if (!first || !events.some(({ type }) => type === FULL)) throw new Unplayable('nothing to build');
  if (first.type === META) return events;
  return [{ type: META, timestamp: first.timestamp, data: { href: '', width: 1280, height: 800 } }, ...events];
}

/**
 * Pages of old are laid out by their document type, which the replayer writes as text. The policy lets nobody turn text into a
 * document but this, and this lets only a bare document type pass.
 */
function allowDoctypes(frame: HTMLIFrameElement): void {
  const { trustedTypes } = (frame.contentWindow ?? {}) as { trustedTypes?: { createPolicy(name: string, rules: object): unknown } };
  trustedTypes?.createPolicy('default', {
    createHTML: (text: string) => (/^<!DOCTYPE html PUBLIC "-\/\/W3C\/\/DTD [\w .]+\/\/EN" "">$/.test(text) ? text : null),
  });
}
