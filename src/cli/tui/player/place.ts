/**
 * Place: a line of a block, as the player counts lines. It is gone from place
 * to place, so that how long a session is makes no difference: nothing counts
 * all of its lines.
 */
import { type Laid, type Laying, linesShown } from "./laying.js";
import { type Block, begunAt, type Script, shownOf } from "./script.js";

export interface Place {
  readonly block: number;
  readonly line: number;
}

/** What is there to be seen, at one position of the clock and one width. */
export interface Scene {
  readonly script: Script;
  readonly position: number;
  readonly width: number;
  readonly laying: Laying;
}

export interface Seen {
  readonly block: Block;
  readonly index: number;
  readonly laid: Laid;
  /** Characters of its text that are there. */
  readonly shown: number;
  /** Lines that are there. */
  readonly lines: number;
}

/** The block with this index; undefined where it has not begun. */
export function seenAt(scene: Scene, index: number): Seen | undefined {
  const block = scene.script.blocks[index];
  if (block === undefined || block.start > scene.position) return undefined;
  const laid = scene.laying(block, scene.width);
  const shown = shownOf(block, scene.position);
  return { block, index, laid, shown, lines: linesShown(laid, block, shown) };
}

/** So many lines up or down, as far as there are any. */
export function moved(scene: Scene, from: Place, by: number): Place {
  let { block, line } = clamped(scene, from);
  let rest = by;
  while (rest < 0) {
    if (line + rest >= 0) return { block, line: line + rest };
    if (block === 0) return { block: 0, line: 0 };
    rest += line;
    block -= 1;
    line = seenAt(scene, block)?.lines ?? 0;
  }
  while (rest > 0) {
    const lines = seenAt(scene, block)?.lines ?? 0;
    if (line + rest < lines) return { block, line: line + rest };
    if (seenAt(scene, block + 1) === undefined) return { block, line: Math.max(0, lines - 1) };
    rest -= lines - line;
    block += 1;
    line = 0;
  }
  return { block, line };
}

/** The first line of the page that ends where what is there ends. */
export function lastPage(scene: Scene, page: number): Place {
  const block = Math.max(0, begunAt(scene.script, scene.position));
  const lines = seenAt(scene, block)?.lines ?? 0;
  return moved(scene, { block, line: Math.max(0, lines - 1) }, 1 - page);
}

/** A place that is there. */
export function clamped(scene: Scene, { block, line }: Place): Place {
  const last = Math.max(0, begunAt(scene.script, scene.position));
  const index = Math.min(block, last);
  const lines = seenAt(scene, index)?.lines ?? 0;
  const wanted = block > last ? lines - 1 : line;
  return { block: index, line: Math.max(0, Math.min(wanted, lines - 1)) };
}

/** Does the first stand above the other? */
export function above(one: Place, other: Place): boolean {
  return one.block < other.block || (one.block === other.block && one.line < other.line);
}
