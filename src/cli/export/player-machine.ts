/**
 * Player machine: where a replay stands, how it goes on with time, and where
 * it goes when a key says so. Pure, and all in one function that needs nothing
 * around it: the HTML export carries its text into the page.
 */
export interface PlayerTrack {
  /** Milliseconds at which each piece comes, never falling. */
  readonly times: readonly number[];
  /** Which pieces begin a turn, and which an exchange; each begins with 0. */
  readonly turns: readonly number[];
  readonly exchanges: readonly number[];
}

export interface Player {
  /** Pieces that are shown. */
  position(): number;
  /** The turn that is shown last, from 0. */
  turn(): number;
  playing(): boolean;
  speed(): number;
  /** From the beginning where all is shown. */
  toggle(): void;
  pause(): void;
  /** So many milliseconds went by; true where more is shown than before. */
  tick(elapsed: number): boolean;
  /** One speed up or down. */
  faster(by: 1 | -1): void;
  /** To the end of the turn after, or before. */
  step(by: 1 | -1): void;
  /** To the beginning of the exchange after, or before. */
  jump(by: 1 | -1): void;
  /** So many pieces. */
  seek(position: number): void;
}

/** Creates a player that shows all there is, and waits. */
export function createPlayer(track: PlayerTrack): Player {
  const { times, turns, exchanges } = track;
  const speeds = [0.5, 1, 2, 4, 8, 16];
  const end = times.length;
  let position = end;
  let clock = 0;
  let playing = false;
  let speed = 1;

  function seek(wanted: number): void {
    position = Math.max(0, Math.min(end, Math.round(wanted)));
    clock = position === 0 ? 0 : (times[position - 1] ?? 0);
    if (position === end) playing = false;
  }

  /** Index of the last of these that is shown; -1 where none is. */
  function lastOf(starts: readonly number[]): number {
    let found = -1;
    for (const [at, start] of starts.entries()) if (start < position) found = at;
    return found;
  }

  return {
    position: () => position,
    turn: () => Math.max(0, lastOf(turns)),
    playing: () => playing,
    speed: () => speed,
    toggle() {
      if (!playing && position === end) seek(0);
      playing = !playing && end > 0;
    },
    pause() {
      playing = false;
    },
    tick(elapsed) {
      if (!playing) return false;
      clock += elapsed * speed;
      const before = position;
      while (position < end && (times[position] ?? 0) <= clock) position += 1;
      if (position === end) playing = false;
      return position !== before;
    },
    faster(by) {
      speed = speeds[Math.max(0, Math.min(speeds.length - 1, speeds.indexOf(speed) + by))] ?? 1;
    },
    step(by) {
      // A turn ends where the next begins.
      const shown = lastOf(turns) + by;
      seek(shown < 0 ? 0 : (turns[shown + 1] ?? end));
    },
    jump(by) {
      const shown = lastOf(exchanges) + by;
      seek((exchanges[Math.max(0, shown)] ?? end - 1) + 1);
    },
    seek,
  };
}
