/**
 * `hoopx run -- CMD`: a session around a command. The token goes into the
 * child's environment and nowhere else; stdin, stdout and stderr are the
 * child's; the session ends with it, and so does this command, the same way.
 */
import { readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { StartedSession } from "../../contract/routes.js";
import type { SessionView } from "../../contract/views.js";
import { CliError } from "../cli-error.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJsonLine } from "../output/json.js";
import { counted, grouped } from "../output/time.js";
import { parseLabels } from "../parse.js";
import { startChild } from "../run/child.js";
import { ciFacts } from "../run/ci-facts.js";
import { childEnvironment, digestsOf } from "../run/environment.js";
import { gitFacts } from "../run/git-facts.js";
import { holdLease } from "../run/lease.js";
import { withLogin } from "../run/log-in-first.js";

export interface RunInput {
  readonly command: readonly string[];
  readonly connection: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  readonly profile?: string;
  readonly title?: string;
  readonly label: readonly string[];
}

export async function run(context: Context, input: RunInput): Promise<number> {
  const started = await start(context, input);
  const { session, token } = started;
  const [command = "", ...rest] = input.command;
  const over = new AbortController();
  let lease: Promise<void> | undefined;
  let exitCode: number | undefined;
  try {
    const child = await startChild({
      command,
      arguments: rest,
      environment: childEnvironment(context.environment, started),
    });
    lease = holdLease({
      client: context.client,
      note: context.note,
      sessionId: session.id,
      token,
      childPid: child.pid,
      signal: over.signal,
    });
    exitCode = await child.ended;
  } catch (error) {
    await end(context, session.id, error instanceof CliError ? error.exitCode : null);
    throw error;
  }
  const ended = await end(context, session.id, exitCode);
  over.abort();
  await lease;
  if (ended !== undefined) summarise(context, ended);
  return exitCode;
}

async function start(context: Context, input: RunInput): Promise<StartedSession> {
  const { environment, client } = context;
  const login = profileChoice(environment, input.profile);
  const start = () =>
    client.call("sessionsStart", {
      body: {
        login,
        connections: input.connection,
        ttlSeconds: input.ttl,
        ...(input.title !== undefined && { title: input.title }),
        labels: parseLabels(input.label),
        process: {
          runnerPid: process.pid,
          command: commandLine(input.command),
          cwd: process.cwd(),
          host: hostname(),
          user: userInfo().username,
          ...pidNamespace(),
          git: gitFacts(process.cwd()),
          ci: ciFacts(environment),
        },
        environment: digestsOf(environment),
      },
    });
  try {
    return await withLogin(context, login, start);
  } catch (error) {
    throw withWayOn(error, environment.OPENAI_API_KEY);
  }
}

/** Which pid namespace our numbers are of: a daemon outside a container knows none of them. */
function pidNamespace(): { pidNamespace?: string } {
  if (process.platform !== "linux") return {};
  try {
    return { pidNamespace: readlinkSync("/proc/self/ns/pid") };
  } catch {
    return {};
  }
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

/** The command as one line for people: quoted where a shell would need it. */
function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/** What a daemon that hangs may keep the shell waiting after the agent has ended. */
const endMs = 5_000;

/** Ends the session; the agent's exit code matters more than a daemon that cannot be told. */
async function end(
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

function summarise(context: Context, session: SessionView): void {
  if (context.json) {
    printJsonLine(context.stderr, session);
    return;
  }
  const { id, status, counts, tokens } = session;
  const told = [
    counted(counts.exchanges, "exchange"),
    counts.denied > 0 ? `${grouped(counts.denied)} denied` : undefined,
    counts.reviewed > 0 ? `${grouped(counts.reviewed)} for review` : undefined,
    counts.errors > 0 ? `${grouped(counts.errors)} failed` : undefined,
  ].filter((part) => part !== undefined);
  context.note(
    [
      `session ${id} ${status}`,
      told.join(", "),
      `${counted(tokens.input, "token")} in, ${grouped(tokens.output)} out`,
      `hoopx replay ${id}`,
    ].join(" · "),
  );
}
