/**
 * Time and numbers as people write and read them: `1h30m`, `7d`, `2 minutes
 * ago`, `1.3 s`, `1,204`.
 */
const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Seconds of a duration such as `90s`, `30m`, `1h30m` or `7d`; undefined where it is none. */
export function secondsOf(text: string): number | undefined {
  if (!/^(\d+[smhdw])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    seconds += Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
  }
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined;
}

/** `just now`, `2 minutes ago`, `3 days ago`. */
export function ago(moment: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(moment)) / 1000);
  if (seconds < 5) return "just now";
  const count = (amount: number, unit: string) => `${amount} ${unit}${amount === 1 ? "" : "s"} ago`;
  if (seconds < 60) return count(seconds, "second");
  if (seconds < 3600) return count(Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return count(Math.floor(seconds / 3600), "hour");
  return count(Math.floor(seconds / 86_400), "day");
}

/** Time of day, local: `14:03:09`. */
export function clockTime(moment: string): string {
  const date = new Date(moment);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `340 ms`, `1.3 s`, `2m 5s`, `3h 2m`. */
export function lasting(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

/** `1,204`. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 exchange`, `2 exchanges`. */
export function counted(amount: number, noun: string): string {
  return `${grouped(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

/** `15m`, `2h`: seconds as `secondsOf` takes them. */
export function durationText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
