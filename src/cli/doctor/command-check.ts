/**
 * Command check: runs CMD in a session of its own and looks whether anything
 * of it came through the daemon. An SDK that was given its base URL in code,
 * or a key of its own, works perfectly and is not seen by hoopx.
 */
import type { CheckView } from "../../contract/checkup-views.js";
import type { ExchangeView } from "../../contract/views.js";
import type { Context } from "../context.js";
import { operationText } from "../output/operation.js";
import { counted } from "../output/time.js";
import { runInSession, startSession } from "../run/session-run.js";
import { failed, failure, passed, skipped } from "./check.js";

const ttlSeconds = 3600;

/** Runs it, its output on stderr, and says what arrived. */
export async function commandCheck(
  context: Context,
  {
    command,
    connection = [],
    profile,
  }: {
    readonly command: readonly string[];
    readonly connection?: readonly string[];
    readonly profile?: string;
  },
  hasDaemon: boolean,
): Promise<CheckView> {
  const name = "command";
  if (!hasDaemon) return skipped(name, "not run: there is no daemon");
  try {
    const started = await startSession(context, {
      command,
      connection,
      ...(profile !== undefined && { profile }),
      ttl: ttlSeconds,
      title: "hoopx doctor",
      label: [],
    });
    const { exitCode } = await runInSession(context, started, command, {
      output: "stderr",
      bell: false,
      notify: false,
    });
    const { id } = started.session;
    const exchanges = await context.client.call("exchangesList", { path: { id } });
    return verdict(name, id, exitCode, exchanges);
  } catch (error) {
    return failure(name, error);
  }
}

function verdict(
  name: string,
  id: string,
  exitCode: number,
  exchanges: readonly ExchangeView[],
): CheckView {
  const exited = exitCode === 0 ? "" : `, and it exited with ${exitCode}`;
  if (exchanges.length === 0) {
    return failed(
      name,
      `nothing came through hoopx${exited}`,
      "let its SDK take OPENAI_BASE_URL and OPENAI_API_KEY from the environment: remove baseURL and apiKey from its code and settings",
    );
  }
  const outside = exchanges.filter(({ error }) => error === "token_outside_run");
  if (outside.length === exchanges.length) {
    return failed(
      name,
      "it asked from a process outside its run, and was refused",
      "keep the agent in the foreground: no daemon, no container, no service manager in between",
    );
  }
  const understood = exchanges.filter(({ decision }) => decision !== null);
  if (understood.length === 0) {
    const codes = [...new Set(exchanges.map(({ error }) => error ?? "unknown"))].join(", ");
    return failed(
      name,
      `${counted(exchanges.length, "request")} arrived and none was accepted: ${codes}${exited}`,
      `hoopx sessions show ${id}`,
    );
  }
  const actions = [...new Set(understood.map(({ operation }) => operationText(operation)))];
  return passed(
    name,
    `${counted(understood.length, "exchange")} came through hoopx: ${actions.join(", ")}${exited}`,
  );
}
