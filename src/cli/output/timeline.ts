/**
 * Timeline: a bar for each exchange of a session, on one scale from the first
 * request to the last end: where it waited for its first byte, and where the
 * reply streamed. Told apart by their characters, so colour is not needed.
 */
export interface Span {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly firstByteMs: number | null;
  /** Null while it runs. */
  readonly durationMs: number | null;
}

const waiting = "░";
const streaming = "█";

/** A bar for each, of that many cells; `now` is where one that runs has got to. */
export function timeline(spans: readonly Span[], cells: number, now: Date): readonly string[] {
  const bars = spans.map(({ startedAt, firstByteMs, durationMs }) => {
    const start = Date.parse(startedAt);
    const end = durationMs === null ? Math.max(start, now.getTime()) : start + durationMs;
    return { start, first: firstByteMs === null ? end : Math.min(end, start + firstByteMs), end };
  });
  const from = Math.min(...bars.map(({ start }) => start));
  const length = Math.max(1, ...bars.map(({ end }) => end - from));
  // Whatever is short still has a cell of its own: it happened.
  const cell = (time: number) => Math.round(((time - from) / length) * cells);
  return bars.map(({ start, first, end }) => {
    const at = Math.min(cell(start), cells - 1);
    const total = Math.max(1, cell(end) - at);
    const streamed = first >= end ? 0 : Math.max(1, Math.min(total, cell(end) - cell(first)));
    return " ".repeat(at) + waiting.repeat(total - streamed) + streaming.repeat(streamed);
  });
}
