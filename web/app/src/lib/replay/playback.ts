/**
 * Plays a recording: knows the moment, loads the stretch a moment lies in, and tells the frame what to show. One thing is asked of
 * the frame at a time; of moments asked for meanwhile the last one counts. It draws nothing and knows no React.
 */
import type { Order, Report, Speed } from '@candor/player/protocol';
import { leapFrom, type Span } from './quiet.ts';
import { findStretch, type Stretch } from './stretches.ts';

export interface PlaybackState {
  at: number;
  playing: boolean;
  speed: Speed;
  /** Whether quiet stretches are leapt over. */
  leaping: boolean;
  /** How many moments were shown until now. */
  turn: number;
  /** `waiting` for the moment asked for; `broken` where that stretch cannot be had or shown. */
  scene: 'waiting' | 'shown' | 'broken';
}

interface Options {
  /** In time order. */
  stretches: readonly Stretch[];
  started: number;
  ended: number;
  /** The events of a stretch, lines of JSON. */
  load: (stretch: number) => Promise<string>;
  at: number;
}

/** Of the stretch that follows is thought so long before it is reached, at single speed. */
const AHEAD_MS = 10_000;

export class Playback {
  private state: PlaybackState;
  private readonly listeners = new Set<() => void>();
  private send: ((order: Order) => void) | undefined;
  private turn = 0;
  /** The turn the frame has not answered yet, and whether another moment was asked for since. */
  private pending: number | undefined;
  private again = false;
  /** The stretches the frame holds: these, in a row. */
  private held: { first: number; last: number } | undefined;
  private extending = false;
  private quiet: readonly Span[] = [];

  constructor(private readonly options: Options) {
    this.state = { at: options.at, playing: false, speed: 1, leaping: true, turn: 0, scene: 'waiting' };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  read = (): PlaybackState => this.state;

  /** A frame is there, or a new one; it is told everything from the beginning. */
  connect(send: (order: Order) => void): void {
    this.send = send;
    this.held = undefined;
    this.pending = undefined;
    send({ do: 'speed', speed: this.state.speed });
    this.show();
  }

  /** The screen is left: nothing is told to a frame any more. */
  leave(): void {
    this.send = undefined;
  }

  /** Quiet stretches become known as events are read. */
  setQuiet(quiet: readonly Span[]): void {
    this.quiet = quiet;
  }

  play(): void {
    const { started, ended } = this.options;
    // At the end it begins anew.
    this.change({ playing: true, ...(this.state.at >= ended && { at: started }) });
    this.show();
  }

  pause(): void {
    this.change({ playing: false });
    this.show();
  }

  toggle(): void {
    if (this.state.playing) this.pause();
    else this.play();
  }

  seek(at: number): void {
    this.change({ at: Math.min(this.options.ended, Math.max(this.options.started, at)) });
    this.show();
  }

  step(ms: number): void {
    this.seek(this.state.at + ms);
  }

  setSpeed(speed: Speed): void {
    this.change({ speed });
    this.send?.({ do: 'speed', speed });
  }

  setLeaping(leaping: boolean): void {
    this.change({ leaping });
  }

  hear(report: Report): void {
    switch (report.is) {
      case 'shown':
      case 'failed':
        this.finish(report.turn, report.is === 'shown' ? 'shown' : 'broken');
        break;
      case 'at':
        this.moveOn(report.at);
        break;
      case 'out':
        this.runOut();
        break;
    }
  }

  /** Shows the moment of the state: at once where the frame holds it, else when its stretch is there. */
  private show(): void {
    if (!this.send) return;
    if (this.pending !== undefined) {
      this.again = true;
      return;
    }
    this.turn += 1;
    this.pending = this.turn;
    const stretch = findStretch(this.options.stretches, this.state.at);
    if (this.held && stretch >= this.held.first && stretch <= this.held.last) {
      const { at, playing } = this.state;
      this.send({ do: 'go', turn: this.turn, at, playing });
    } else void this.open(this.turn, stretch);
  }

  private async open(turn: number, stretch: number): Promise<void> {
    this.change({ scene: 'waiting' });
    let events: string;
    try {
      events = await this.options.load(stretch);
    } catch {
      return this.finish(turn, 'broken');
    }
    if (this.again) return this.finish(turn, this.state.scene);
    this.held = { first: stretch, last: stretch };
    const { at, playing } = this.state;
    this.send?.({ do: 'open', turn, events, at, playing });
  }

  private finish(turn: number, scene: PlaybackState['scene']): void {
    if (turn !== this.pending) return;
    this.pending = undefined;
    if (this.again) {
      this.again = false;
      this.show();
      return;
    }
    if (scene === 'broken') this.held = undefined;
    this.change({ scene, turn, ...(scene === 'broken' && { playing: false }) });
    if (scene === 'shown') this.lookAhead();
  }

  private moveOn(at: number): void {
    if (!this.state.playing || this.pending !== undefined) return;
    const leap = this.state.leaping ? leapFrom(this.quiet, at) : undefined;
    if (leap !== undefined) this.seek(leap);
    else {
      this.change({ at: Math.min(at, this.options.ended) });
      this.lookAhead();
    }
  }

  /** Hands the frame the stretch that follows before it is needed, so that nothing stops between them. */
  private lookAhead(): void {
    const { stretches, load } = this.options;
    const { held } = this;
    const next = held && stretches[held.last + 1];
    if (!held || !next || this.extending || !this.state.playing) return;
    if (next.at - this.state.at > AHEAD_MS * this.state.speed) return;
    this.extending = true;
    const number = held.last + 1;
    void load(number).then(
      (events) => {
        this.extending = false;
        if (this.held !== held) return;
        this.held = { first: held.first, last: number };
        this.send?.({ do: 'add', events });
      },
      () => {
        this.extending = false;
      },
    );
  }

  /** The frame has nothing left: there is a next stretch, or this was the end. */
  private runOut(): void {
    if (!this.state.playing || this.pending !== undefined) return;
    const { stretches } = this.options;
    const next = stretches[findStretch(stretches, this.state.at) + 1];
    if (next) this.seek(next.at);
    else this.change({ playing: false, at: this.options.ended });
  }

  private change(patch: Partial<PlaybackState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }
}
