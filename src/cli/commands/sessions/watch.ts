/**
 * `hoopx sessions --watch`: the list as sessions start, change and end; on a
 * terminal drawn again in its place, elsewhere a row (or a JSON line) for each
 * that is there and for each change. Ctrl-C is how it ends, so it is success.
 */
import type { MeasuredSessionView } from "../../../contract/measure-views.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJsonLine } from "../../output/json.js";
import { renderTable } from "../../output/table.js";
import { sessionColumns } from "./columns.js";

export interface WatchOptions {
  readonly ask: () => Promise<readonly MeasuredSessionView[]>;
  /** Said where there are none. */
  readonly nothing: string;
}

/** Milliseconds after which it is asked though nothing was told: ages change, and sessions are pruned. */
const askEvery = 5_000;

/** Watches until Ctrl-C. */
export async function watchSessions(
  context: Context,
  { ask, nothing }: WatchOptions,
): Promise<undefined> {
  const { client, stdout } = context;
  const signal = context.interrupted();
  // Once: listening and asking would each start a daemon.
  await client.connect();
  const drawn = stdout.isTTY && !context.json;
  const show = drawn ? createTableInPlace(context, nothing) : createRowsOfChanges(context);
  const lost = new AbortController();
  let failure: unknown;
  let asking = false;
  let again = false;

  /** What is told while an answer is under way makes one more question, however much it is. */
  async function refresh(): Promise<void> {
    again = true;
    if (asking) return;
    asking = true;
    try {
      while (again && !signal.aborted) {
        again = false;
        show(await ask());
      }
    } catch (error) {
      failure ??= error;
      lost.abort();
    } finally {
      asking = false;
    }
  }

  const timer = setInterval(() => void refresh(), askEvery);
  try {
    const events = client.stream("events", { signal: AbortSignal.any([signal, lost.signal]) });
    void refresh();
    for await (const { type } of events) {
      if (type.startsWith("session.") || type === "exchange.ended") void refresh();
    }
  } catch (error) {
    failure ??= error;
  } finally {
    clearInterval(timer);
  }
  if (signal.aborted) return;
  if (failure !== undefined) throw failure;
  throw new CliError("daemon_lost", "the daemon stopped", "hoopx sessions --watch goes on");
}

type Show = (sessions: readonly MeasuredSessionView[]) => void;

/** On a terminal: over what was drawn before. */
function createTableInPlace(context: Context, nothing: string): Show {
  const { stdout, colours } = context;
  let before = "";
  return (sessions) => {
    const table = { width: stdout.columns, colours };
    const text =
      sessions.length === 0
        ? `${escapeLine(nothing)}\n`
        : renderTable(sessionColumns(context), sessions, table);
    // What has scrolled away could not be drawn over.
    const lines = text.split("\n").slice(0, -1);
    const shown = lines.slice(0, Math.max(2, (stdout.rows ?? lines.length + 1) - 1)).join("\n");
    if (shown === before) return;
    const up = before === "" ? "" : `\u001b[${before.split("\n").length}A\r\u001b[J`;
    stdout.write(`${up}${shown}\n`);
    before = shown;
  };
}

/** For programs: each that is there, the oldest first, then each that is not as it was. */
function createRowsOfChanges(context: Context): Show {
  const { stdout, table } = context;
  const known = new Map<string, string>();
  return (sessions) => {
    for (const session of [...sessions].reverse()) {
      const text = JSON.stringify(session);
      if (known.get(session.id) === text) continue;
      known.set(session.id, text);
      if (context.json) printJsonLine(stdout, session);
      else {
        stdout.write(
          renderTable(sessionColumns(context), [session], { ...table, width: undefined }),
        );
      }
    }
  };
}
