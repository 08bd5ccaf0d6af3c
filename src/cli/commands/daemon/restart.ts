/**
 * `hoopx daemon restart`: stops the daemon if one runs, and starts one.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { stopDaemon } from "../../stop-daemon.js";
import { describeDaemon } from "./describe.js";

export async function run(context: Context): Promise<undefined> {
  const { client, home, stdout } = context;
  await stopDaemon(home.socket);
  const daemon = await client.connect();
  if (context.json) printJson(stdout, daemon);
  context.confirm(`daemon restarted · ${describeDaemon(daemon)}`);
}
