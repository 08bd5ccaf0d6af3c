/**
 * Serve: `hoopx replay ID --serve`, an agent run again against the record. A
 * session as `hoopx run` makes one, except that the daemon answers it from the
 * record of another. Without a command it says how to reach it and serves
 * until Ctrl-C.
 */
import type { ReplayChoice, ReplayRule, ReplayView } from "../../contract/replay-views.js";
import type { StartedSession } from "../../contract/session-start.js";
import type { SessionView } from "../../contract/views.js";
import { usage } from "../cli-error.js";
import type { Context } from "../context.js";
import { escapeLine } from "../output/escape.js";
import { printJson, printJsonLine } from "../output/json.js";
import { childEnvironment } from "../run/environment.js";
import { holdLease } from "../run/lease.js";
import { endSession, runInSession, startSession } from "../run/session-run.js";
import { exitCodeOf, missLines, summaryOf } from "./outcome.js";
import { openPort } from "./port.js";
import { readReplayFile } from "./replay-file.js";
import { writeReport } from "./report.js";

export interface ServeInput {
  readonly id: string;
  readonly command?: readonly string[];
  readonly port?: number;
  readonly onMiss?: ReplayChoice["onMiss"];
  readonly from?: number;
  readonly pace?: ReplayChoice["pace"];
  readonly ignore?: readonly string[];
  readonly exact?: readonly ReplayRule[];
  readonly strict?: boolean;
  /** Path of the JUnit report. */
  readonly report?: string;
}

/** A day: tests do not run for longer. */
const ttl = 24 * 3600;

export async function serve(context: Context, input: ServeInput): Promise<number> {
  const command = input.command ?? [];
  const choice = choiceOf(context, input, command);
  const started = await startSession(context, {
    command,
    connection: [],
    ttl,
    label: [],
    replay: choice,
  });
  const port = await portFor(context, started, input.port);
  try {
    return command.length > 0
      ? await runAgent(context, { ...started, environment: port.environment }, command, input)
      : await awaitClients(context, { ...started, environment: port.environment }, input);
  } finally {
    port.close();
  }
}

function choiceOf(context: Context, input: ServeInput, command: readonly string[]): ReplayChoice {
  const { onMiss = "fail", pace = "none", from, port } = input;
  const file = readReplayFile(context.folder());
  const offline = from === undefined && onMiss !== "live";
  if (!offline && command.length === 0) {
    throw usage(
      "--from and --on-miss live need a command to run",
      "hoopx replay ID --serve … -- CMD",
    );
  }
  if (!offline && port !== undefined) {
    throw usage(
      "--port is for a re-run that sends nothing",
      "leave --from and --on-miss live, or --port",
    );
  }
  return {
    session: input.id,
    ...(from !== undefined && { from }),
    onMiss,
    pace,
    ignore: [...file.ignore, ...(input.ignore ?? [])],
    exact: [...new Set([...file.exact, ...(input.exact ?? [])])],
    // Through a port of ours, or from another terminal, it is not the run's own process that asks.
    ...((command.length === 0 || port !== undefined) && { anyProcess: true }),
  };
}

async function runAgent(
  context: Context,
  started: StartedSession,
  command: readonly string[],
  input: ServeInput,
): Promise<number> {
  const { exitCode, session } = await runInSession(context, started, command, {
    bell: false,
    notify: false,
  });
  return conclude(context, started.session, session, exitCode, input);
}

async function awaitClients(
  context: Context,
  started: StartedSession,
  input: ServeInput,
): Promise<number> {
  const { session, token } = started;
  const interrupted = context.interrupted();
  const over = new AbortController();
  const lease = holdLease({
    client: context.client,
    note: context.note,
    sessionId: session.id,
    token,
    childPid: null,
    signal: over.signal,
  });
  announce(context, started);
  const stopped = new Promise((resolve) => {
    if (interrupted.aborted) resolve(undefined);
    interrupted.addEventListener("abort", resolve, { once: true });
  });
  // A lease that ends by itself has said why.
  await Promise.race([stopped, lease]);
  const ended = await endSession(context, session.id, null);
  over.abort();
  await lease;
  return conclude(context, session, ended, 0, input);
}

/** The variables of `hoopx run`, to be set where the agent is started. */
function announce(context: Context, { session, environment }: StartedSession): void {
  const { stdout, json } = context;
  if (json) {
    printJson(stdout, { session, environment });
    return;
  }
  for (const [name, value] of Object.entries(environment)) {
    stdout.write(`export ${name}='${escapeLine(value).replaceAll("'", "'\\''")}'\n`);
  }
  context.note("set these where the agent is started; Ctrl-C ends it and says what was asked");
}

async function conclude(
  context: Context,
  started: SessionView,
  ended: SessionView | undefined,
  agent: number,
  { strict = false, report }: ServeInput,
): Promise<number> {
  const replay: ReplayView = await context.client.call("replayShow", { path: { id: started.id } });
  const exitCode = exitCodeOf(replay, agent, strict);
  if (report !== undefined) writeReport(report, { replay, agent, strict, at: started.startedAt });
  if (context.json) {
    printJsonLine(context.stderr, {
      ...(ended ?? started),
      replay,
      agentExitCode: agent,
      exitCode,
    });
    return exitCode;
  }
  for (const line of missLines(replay)) context.note(line);
  context.note(summaryOf(replay, ended?.status ?? started.status));
  return exitCode;
}

/** The session's variables, with the port that was asked for in place of the daemon's. */
async function portFor(context: Context, started: StartedSession, wanted: number | undefined) {
  const environment = childEnvironment({}, { environment: started.environment, remove: [] });
  if (wanted === undefined) return { environment, close() {} };
  const { port } = await context.client.connect();
  if (port === wanted) return { environment, close() {} };
  const opened = await openPort(wanted, port).catch(async (error) => {
    await endSession(context, started.session.id, null);
    throw error;
  });
  const moved = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace(`//127.0.0.1:${port}/`, `//127.0.0.1:${wanted}/`),
  ]);
  return { environment: Object.fromEntries(moved) as Record<string, string>, close: opened.close };
}
