/**
 * `hoopx daemon start`: makes sure that a daemon runs; starting twice is fine.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { describeDaemon } from "./describe.js";

export async function run(context: Context): Promise<undefined> {
  const { client, stdout } = context;
  const before = await client.status();
  const daemon = await client.connect();
  if (context.json) {
    printJson(stdout, daemon);
    return;
  }
  const verb = before?.pid === daemon.pid ? "already runs" : "started";
  context.confirm(`daemon ${verb} · ${describeDaemon(daemon)}`);
}
