/**
 * Session run: a session around a command, from its start to its end. The
 * token goes into the child's environment and nowhere else; the lease says
 * which process that child is, and is held for as long as it lives.
 */
import { hostname, userInfo } from "node:os";
import { commandLine } from "../../contract/command-line.js";
import type { ReplayChoice } from "../../contract/replay-views.js";
import type { StartedSession } from "../../contract/session-start.js";
import type { SessionView } from "../../contract/views.js";
import { CliError } from "../cli-error.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { escapeLine } from "../output/escape.js";
import { parseLabels } from "../parse.js";
import { startChild } from "./child.js";
import { ciFacts } from "./ci-facts.js";
import { recipeFor } from "./client-recipes.js";
import { childEnvironment, digestsOf } from "./environment.js";
import { gitFacts } from "./git-facts.js";
import { holdLease } from "./lease.js";
import { withLogin } from "./log-in-first.js";
import { type LeftProcess, processesBelow, takeInOrphans } from "./orphans.js";
import { announceReviews } from "./review-notices.js";
import { createRunNotes } from "./run-notes.js";

export interface SessionRequest {
  readonly command: readonly string[];
  /** None: all. */
  readonly connection: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  /** Whose session; absent: the usual login's. */
  readonly profile?: string;
  readonly title?: string;
  readonly label: readonly string[];
  /** It runs against the record of another. */
  readonly replay?: ReplayChoice;
}

export interface RunChoices {
  /** Where what it prints goes. */
  readonly output?: "stdout" | "stderr";
  /** May the bell be rung when a review waits? */
  readonly bell: boolean;
  /** May it be shown on the desktop? */
  readonly notify: boolean;
  /** Variables that hold a key and are passed on all the same. */
  readonly keepEnv?: readonly string[];
}

export interface SessionOutcome {
  /** The child's, or 128 and the number of the signal that ended it. */
  readonly exitCode: number;
  /** Undefined where the daemon could not be told of the end. */
  readonly session: SessionView | undefined;
}

/** Starts a session that a command may be run in. */
export async function startSession(
  context: Context,
  request: SessionRequest,
): Promise<StartedSession> {
  const { environment, client } = context;
  const cwd = context.folder();
  const login = profileChoice(environment, request.profile);
  const start = () =>
    client.call("sessionsStart", {
      body: {
        login,
        connections: request.connection,
        ttlSeconds: request.ttl,
        ...(request.title !== undefined && { title: request.title }),
        labels: parseLabels(request.label),
        process: {
          runnerPid: process.pid,
          command: commandLine(request.command),
          cwd,
          host: hostname(),
          user: userInfo().username,
          git: gitFacts(cwd),
          ci: ciFacts(environment),
        },
        environment: digestsOf(environment),
        ...(request.replay !== undefined && { replay: request.replay }),
      },
    });
  // Loaded while the daemon answers, and in force before there is a child.
  const orphans = takeInOrphans();
  try {
    const started = await withLogin(context, login, start);
    await orphans;
    for (const note of started.notes ?? []) context.note(note);
    return started;
  } catch (error) {
    throw withWayOn(error, environment.OPENAI_API_KEY);
  }
}

/** Runs a command in the session, which ends with it; throws where it cannot be run. */
export async function runInSession(
  context: Context,
  started: StartedSession,
  command: readonly string[],
  { output = "stdout", keepEnv = [], ...notices }: RunChoices,
): Promise<SessionOutcome> {
  const { session, token } = started;
  const [program = "", ...rest] = command;
  const recipe = recipeFor(command, started.environment);
  if (recipe !== undefined) context.note(recipe.told);
  const over = new AbortController();
  const notes = createRunNotes({ context });
  let lease: Promise<void> | undefined;
  let announced: Promise<void> | undefined;
  let exitCode: number;
  try {
    const child = await startChild({
      command: program,
      arguments: [...(recipe?.arguments ?? []), ...rest],
      environment: {
        ...childEnvironment(context.environment, started, keepEnv),
        ...recipe?.environment,
      },
      output,
    });
    lease = holdLease({
      client: context.client,
      note: notes.note,
      sessionId: session.id,
      token,
      childPid: child.pid,
      signal: over.signal,
    });
    announced = announceReviews({
      context,
      notes,
      sessionId: session.id,
      bell: started.notices.bell && notices.bell,
      notify: started.notices.notify && notices.notify,
      signal: over.signal,
    });
    exitCode = await child.ended;
    await notes.end();
  } catch (error) {
    await endSession(context, session.id, error instanceof CliError ? error.exitCode : null);
    throw error;
  }
  const left = await withoutDaemon(context, processesBelow());
  const ended = await endSession(context, session.id, exitCode);
  if (left.length > 0) context.note(leftOver(left));
  over.abort();
  await Promise.all([lease, announced]);
  return { exitCode, session: ended };
}

/** The processes without the daemon: the run may have started it again, and is its parent then. */
async function withoutDaemon(
  { client }: Context,
  left: readonly LeftProcess[],
): Promise<readonly LeftProcess[]> {
  if (left.length === 0) return left;
  const daemon = await client.status().catch(() => undefined);
  return left.filter(({ pid }) => pid !== daemon?.pid);
}

function leftOver(left: readonly LeftProcess[]): string {
  const named = left.slice(0, 5).map(({ pid, name }) => `${escapeLine(name)} (pid ${pid})`);
  const more = left.length > named.length ? ` and ${left.length - named.length} more` : "";
  return `still running, without access from now on: ${named.join(", ")}${more}`;
}

/** Without a connection, but with a key at hand: the one command that moves it where it is safe. */
function withWayOn(error: unknown, key = ""): unknown {
  const movable = key !== "" && !key.startsWith("hxs_");
  if (!(error instanceof CliError) || error.code !== "connection_missing" || !movable) return error;
  return new CliError(
    error.code,
    error.message,
    "hoopx connections add openai --secret-env OPENAI_API_KEY",
    { exitCode: error.exitCode, cause: error },
  );
}

/** What a daemon that hangs may keep the shell waiting after the agent has ended. */
const endMs = 5_000;

/** Ends the session; the agent's exit code matters more than a daemon that cannot be told. */
export async function endSession(
  context: Context,
  id: string,
  exitCode: number | null,
): Promise<SessionView | undefined> {
  const signal = AbortSignal.timeout(endMs);
  try {
    return await context.client.call("sessionsEnd", { path: { id }, body: { exitCode }, signal });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = signal.aborted ? "it does not answer" : message;
    context.note(`session ${id} ended, but the daemon could not be told: ${why}`);
    return undefined;
  }
}
