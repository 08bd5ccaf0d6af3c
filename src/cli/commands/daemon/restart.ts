/**
 * `hoopx daemon restart`: stops the daemon if one runs, and starts one. A daemon
 * that works is not stopped for settings with which none would start again.
 */
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import type { Door } from "../../door/door.js";
import { printJson } from "../../output/json.js";
import { counted } from "../../output/time.js";
import { waitingText } from "../../reviews-waiting.js";
import { probeDaemon } from "../../start-daemon.js";
import { stopDaemon } from "../../stop-daemon.js";
import { ask } from "../../wire.js";
import { describeDaemon } from "./describe.js";

/** Milliseconds that the daemon has to look at its settings: it asks others too, which may not answer. */
const checkupMs = 10_000;

export async function run(context: Context): Promise<undefined> {
  const { client, door, stdout } = context;
  const before = await probeDaemon(door);
  if (before !== undefined) await checkSettings(door);
  await stopDaemon(door);
  const daemon = await client.connect();
  if (context.json) printJson(stdout, daemon);
  const waiting = waitingText(before?.body.reviews);
  if (waiting !== undefined) context.note(waiting);
  context.confirm(`daemon restarted · ${describeDaemon(daemon)}`);
}

/** Throws where the settings files have mistakes; a daemon that does not tell is stopped all the same. */
async function checkSettings(door: Door): Promise<void> {
  const signal = AbortSignal.timeout(checkupMs);
  const checkup = await ask(door, "checkup", { signal }).catch(() => undefined);
  const mistakes = (checkup?.body.checks ?? [])
    .filter(({ name, outcome }) => name === "settings" && outcome === "failed")
    .map(({ message }) => message);
  if (mistakes.length === 0) return;
  const many = mistakes.length === 1 ? mistakes[0] : counted(mistakes.length, "mistake");
  throw new CliError(
    "daemon_not_restarted",
    `the daemon goes on with the settings it has: ${many}`,
    "mend the settings, then: hoopx daemon restart",
    mistakes.length === 1 ? {} : { details: mistakes },
  );
}
