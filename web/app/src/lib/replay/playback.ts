/**
 * Plays a recording: knows the moment, loads the stretch a moment lies in, and tells the frame what to show. One thing is asked of
 * the frame at a time; of moments asked for meanwhile the last one counts. The frame and what is known of the recording come in
 * either order. It draws nothing and knows no React.
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

/** What is to be played. */
export interface Reel {
  /** In time order. */
  stretches: readonly Stretch[];
  started: number;
  ended: number;
  /** The events of a stretch, lines of JSON. */
  load: (stretch: number) => Promise<string>;
}

/** Of the stretch that follows is thought so long before it is reached, at single speed. */
const AHEAD_MS = 10_000;
const NOTHING: Reel = { stretches: [], started: 0, ended: 0, load: () => Promise.reject(new Error('nothing is to be played')) };

export class Playback {
  private state: PlaybackState = { at: 0, playing: false, speed: 1, leaping: true, turn: 0, scene: 'waiting' };
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
  private reel: Reel = NOTHING;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  read = (): PlaybackState => this.state;

  /** What is played, and the moment it begins at; its events are on their way while the frame still is. */
  begin(reel: Reel, at: number): void {
    this.reel = reel;
    this.change({ at });
    reel.load(findStretch(reel.stretches, at)).catch(() => undefined);
    this.show();
  }

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
    const { started, ended } = this.reel;
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
    this.change({ at: Math.min(this.reel.ended, Math.max(this.reel.started, at)) });
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
    if (!this.send || this.reel === NOTHING) return;
    if (this.pending !== undefined) {
      this.again = true;
      return;
    }
    this.turn += 1;
    this.pending = this.turn;
    const stretch = findStretch(this.reel.stretches, this.state.at);
    if (this.held && stretch >= this.held.first && stretch <= this.held.last) {
      const { at, playing } = this.state;
      this.send({ do: 'go', turn: this.turn, at, playing });
    } else void this.open(this.turn, stretch);
  }

  private async open(turn: number, stretch: number): Promise<void> {
    this.change({ scene: 'waiting' });
    let events: string;
    try {
      events = await this.reel.load(stretch);
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
      this.change({ at: Math.min(at, this.reel.ended) });
      this.lookAhead();
    }
  }

  /** Hands the frame the stretch that follows before it is needed, so that nothing stops between them. */
  private lookAhead(): void {
    const { stretches, load } = this.reel;
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
    const { stretches } = this.reel;
    const next = stretches[findStretch(stretches, this.state.at) + 1];
    if (next) this.seek(next.at);
    else this.change({ playing: false, at: this.reel.ended });
  }

  private change(patch: Partial<PlaybackState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }
}
