/**
 * `hoopx tail [ID]`: exchanges as they happen, a line each once they are
 * answered; on a terminal what is said in them too, while it is recorded.
 * Ctrl-C is how it ends, so Ctrl-C is success.
 */
import type { LiveEvent } from "../../contract/events.js";
import type { ExchangeView, SessionView } from "../../contract/views.js";
import { CliError } from "../cli-error.js";
import type { Context } from "../context.js";
import { escapeLine } from "../output/escape.js";
import { printJsonLine } from "../output/json.js";
import { createLiveText } from "../output/live-text.js";
import { operationText } from "../output/operation.js";
import { type ReviewEvent, reviewLine } from "../output/review.js";
import { outcomeCounts, outcomeText, paintOutcome } from "../output/status.js";
import { clockTime, counted, lasting } from "../output/time.js";
import { tokenFlow } from "../output/tokens.js";
import { whyLines } from "../output/why.js";
import { cutTo, widthOf } from "../output/width.js";

interface TailInput {
  readonly id?: string;
  readonly text?: boolean;
}

export async function run(context: Context, input: TailInput): Promise<undefined> {
  const { client, stdout } = context;
  const session =
    input.id === undefined
      ? undefined
      : await client.call("sessionsShow", { path: { id: input.id } });
  if (session && session.status !== "active") {
    throw new CliError(
      "session_over",
      `session ${session.id} is over: nothing more will happen in it`,
      `hoopx replay ${session.id}`,
    );
  }
  const signal = context.interrupted();
  const asksText = context.json ? input.text === true : stdout.isTTY;
  if (stdout.isTTY && !context.json) context.note("waiting for exchanges (Ctrl-C ends)");
  const events = client.stream("events", {
    query: { ...(session && { session: session.id }), ...(asksText && { text: "1" }) },
    signal,
  });
  const live = createLiveText({
    write: (text) => stdout.write(text),
    columns: () => stdout.columns,
    colours: context.colours,
    everySession: session === undefined,
  });
  try {
    for await (const event of events) {
      if (context.json) printJsonLine(stdout, event);
      else if (event.type === "exchange.delta") live.delta(event);
      else {
        if (event.type === "exchange.ended") live.end(event.exchange.id);
        else live.breakLine();
        write(context, event, session === undefined);
      }
      if (session && event.type === "session.ended" && event.session.id === session.id) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return;
  throw new CliError("daemon_lost", "the daemon stopped", "hoopx tail starts it again and goes on");
}

function write(context: Context, event: LiveEvent, everySession: boolean): void {
  // An exchange's line comes with its end; a newer daemon's events are not ours to show.
  if (event.type === "exchange.ended") {
    writeExchange(context, event.at, event.exchange, everySession);
  } else if (event.type === "session.started") {
    writeSession(context, event.at, event.session, event.session.process.command);
  } else if (event.type === "session.ended") {
    writeSession(context, event.at, event.session, summaryOf(event.session));
  } else if (event.type === "review.opened" && context.stdout.isTTY) {
    writeReview(context, event);
  }
}

function writeExchange(
  { stdout, colours }: Context,
  at: string,
  exchange: ExchangeView,
  everySession: boolean,
): void {
  const { operation, tokens, durationMs, sessionId, seq } = exchange;
  if (!stdout.isTTY) {
    const fields = [
      at,
      sessionId ?? "",
      String(seq),
      exchange.connection ?? "",
      operationText(operation),
      operation?.model ?? "",
      outcomeText(exchange),
      String(durationMs ?? ""),
      tokens === null ? "" : `${tokens.input}/${tokens.output}`,
      exchange.id,
    ];
    stdout.write(`${fields.map(escapeLine).join("\t")}\n`);
    return;
  }
  const what = [operationText(operation), operation?.model].filter(Boolean).join(" · ");
  const rest = [
    durationMs === null ? undefined : lasting(durationMs),
    tokens === null ? undefined : tokenFlow(tokens),
  ].filter((part) => part !== undefined);
  const ofSession = everySession ? `${sessionId} #${seq}` : `#${seq}`;
  const place = sessionId === null ? "no session" : ofSession;
  writeFitted(stdout, [
    [clockTime(at), colours.dim],
    [place, colours.cyan],
    [what, String],
    [outcomeText(exchange), (text) => paintOutcome(colours, text, exchange)],
    [rest.join(" · "), colours.dim],
  ]);
  for (const line of whyLines(exchange, stdout.columns)) stdout.write(`${colours.dim(line)}\n`);
}

function writeSession(
  { stdout, colours }: Context,
  at: string,
  session: SessionView,
  text: string,
): void {
  // A line an exchange: programs that read them are not given others.
  if (!stdout.isTTY) return;
  writeFitted(stdout, [
    [clockTime(at), colours.dim],
    [session.id, colours.cyan],
    [session.status === "active" ? "started" : session.status, colours.bold],
    [text, colours.dim],
  ]);
}

/** A request that waits for a person says so when it begins to wait, not once it is over. */
function writeReview({ stdout, colours }: Context, event: ReviewEvent): void {
  const { id } = event.review;
  stdout.write(`${reviewLine(event, colours, stdout.columns)}\n`);
  stdout.write(`${colours.dim(cutTo(`   waits: hoopx approve ${id}`, stdout.columns))}\n`);
}

type Part = readonly [text: string, paint: (text: string) => string];

/** One line that is never wider than the terminal: the last part that fits is cut, the rest left out. */
function writeFitted(stdout: Context["stdout"], parts: readonly Part[]): void {
  let room = stdout.columns;
  const shown: string[] = [];
  for (const [text, paint] of parts) {
    if (text === "" || room < 4) continue;
    const fitted = cutTo(escapeLine(text), room);
    room -= widthOf(fitted) + 2;
    shown.push(paint(fitted));
  }
  stdout.write(`${shown.join("  ")}\n`);
}

function summaryOf({ counts, exitCode }: SessionView): string {
  const exited = exitCode === null ? "" : ` · exit code ${exitCode}`;
  const went = counts.exchanges === 0 ? "" : `: ${outcomeCounts(counts)}`;
  return `${counted(counts.exchanges, "exchange")}${went}${exited}`;
}
