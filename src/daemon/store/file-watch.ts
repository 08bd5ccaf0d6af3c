/**
 * File watch: notices that the record's file is no longer the one that was
 * opened. A file that was removed or replaced takes writes as before, and none
 * of them is in the record that the next start finds. Looked at twice a second,
 * by two calls of stat; from then on no write is called durable.
 */
import { type Stats, statSync } from "node:fs";

/** The record's file was removed, replaced, emptied, or written to by another process. */
export class RecordLost extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "RecordLost";
    this.hint = hint;
  }
}

export interface FileWatchOptions {
  readonly file: string;
  /** The file whose lock keeps other daemons out; without it they may write too. */
  readonly lock?: string | undefined;
  /** Was the file written to on our behalf since this was asked last? */
  readonly written: () => boolean;
  /** Told once, when the file is lost. */
  readonly lost: (error: RecordLost) => void;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

export interface FileWatch {
  /** Why nothing may be written any more; undefined while it may. */
  loss(): RecordLost | undefined;
  /** Another process wrote to the file. */
  foreign(): RecordLost;
  stop(): void;
}

type Look = Pick<Stats, "dev" | "ino" | "size" | "mtimeMs">;

const backHint = "put it back where it was, or hoopx daemon restart begins a new record";
const restartHint = "hoopx daemon restart, then hoopx sessions verify";

/** Begins to watch a file that is open; `:memory:` is never lost. */
export function createFileWatch(options: FileWatchOptions): FileWatch {
  const { file, written, every = 500 } = options;
  let loss: RecordLost | undefined;
  if (file === ":memory:") return { loss: () => loss, foreign, stop() {} };

  const log = `${file}-wal`;
  const opened = lookAt(file);
  let logOpened = lookAt(log);
  const { lock } = options;
  const lockOpened = lock === undefined ? undefined : lookAt(lock);
  let seen = opened;
  const timer = setInterval(look, every).unref();

  function lose(why: string, hint: string): RecordLost {
    if (loss !== undefined) return loss;
    loss = new RecordLost(`the record is not written any more: ${why}`, hint);
    clearInterval(timer);
    options.lost(loss);
    return loss;
  }

  function foreign(): RecordLost {
    return lose(`another process wrote to ${file}`, restartHint);
  }

  function look(): void {
    const ours = written();
    const now = lookAt(file);
    const gone = goneOrReplaced(file, opened, now);
    if (gone !== undefined) lose(gone, backHint);
    else if (now !== undefined && now.size === 0) lose(`${file} was emptied`, backHint);
    else if (!ours && seen !== undefined && now !== undefined && now.mtimeMs !== seen.mtimeMs) {
      foreign();
    }
    seen = now;
    const unlocked = lock && goneOrReplaced(lock, lockOpened, lookAt(lock));
    if (unlocked !== undefined) lose(unlocked, restartHint);
    const logNow = lookAt(log);
    // It is made by the first write, and there for as long as the file is open.
    const logGone = goneOrReplaced(log, logOpened, logNow);
    if (logGone !== undefined) lose(logGone, backHint);
    logOpened ??= logNow;
  }

  return { loss: () => loss, foreign, stop: () => clearInterval(timer) };
}

function goneOrReplaced(
  name: string,
  opened: Look | undefined,
  now: Look | undefined,
): string | undefined {
  if (opened === undefined) return undefined;
  if (now === undefined) return `${name} was removed or moved away`;
  if (now.dev === opened.dev && now.ino === opened.ino) return undefined;
  return `another file is in the place of ${name}`;
}

function lookAt(file: string): Look | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    // A folder that may not be looked into: as good as gone.
    return undefined;
  }
}
