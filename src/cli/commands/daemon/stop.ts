/**
 * `hoopx daemon stop`: drains and stops the daemon; none running is fine.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { counted } from "../../output/time.js";
import { waitingText } from "../../reviews-waiting.js";
import { stopDaemon } from "../../stop-daemon.js";

export async function run(context: Context): Promise<undefined> {
  const { client, door, stdout } = context;
  const before = await client.status();
  const stopped = await stopDaemon(door);
  if (context.json) printJson(stdout, { stopped });
  context.confirm(stopped ? "daemon stopped" : "daemon is not running");
  const waiting = stopped ? waitingText(before?.reviews) : undefined;
  if (waiting !== undefined) context.note(waiting);
  if (stopped && before && before.sessions > 0) {
    context.note(
      `${counted(before.sessions, "session")} live: hoopx run starts the daemon again for each`,
    );
  }
}
