/**
 * `hoopx run -- CMD`: a session around a command. stdin, stdout and stderr are
 * the child's; the session ends with it, and so does this command, the same
 * way.
 */
import type { SessionView } from "../../contract/views.js";
import type { Context } from "../context.js";
import { printJsonLine } from "../output/json.js";
import { outcomeCounts } from "../output/status.js";
import { counted } from "../output/time.js";
import { tokensInAndOut } from "../output/tokens.js";
import { unservedKeys } from "../run/environment.js";
import {
  type RunChoices,
  runInSession,
  type SessionRequest,
  startSession,
} from "../run/session-run.js";

export async function run(context: Context, input: SessionRequest & RunChoices): Promise<number> {
  const started = await startSession(context, input);
  const keepEnv = input.keepEnv ?? [];
  const unserved = unservedKeys(context.environment, started, keepEnv);
  if (unserved.length > 0) {
    const names = unserved.join(", ");
    context.note(
      `${names}: taken out of the agent's environment, and no connection replaces ${unserved.length === 1 ? "it" : "them"} (--keep-env NAME passes one on)`,
    );
  }
  const { exitCode, session } = await runInSession(context, started, input.command, {
    bell: input.bell,
    notify: input.notify,
    keepEnv,
  });
  if (session !== undefined) summarise(context, session);
  return exitCode;
}

function summarise(context: Context, session: SessionView): void {
  if (context.json) {
    printJsonLine(context.stderr, session);
    return;
  }
  const { id, status, counts, tokens } = session;
  if (counts.exchanges === 0) {
    const why = "no request came through hoopx (hoopx doctor -- CMD tells why)";
    context.note([`session ${id} ${status}`, "0 exchanges", why].join(" · "));
    return;
  }
  const { allowed: _, ...others } = counts.outcomes;
  // What is usual needs no word.
  const went = outcomeCounts({ outcomes: { ...others, allowed: 0 } });
  const told = [counted(counts.exchanges, "exchange"), went].filter((part) => part !== "");
  context.note(
    [
      `session ${id} ${status}`,
      told.join(", "),
      tokensInAndOut(tokens),
      // Where something was denied or waited in vain, the first question is why.
      counts.denied > 0 ? `why: hoopx sessions show ${id}` : `hoopx replay ${id}`,
    ].join(" · "),
  );
}
