/**
 * `hoopx approve`: without an id, on a terminal, the inbox. Its library is
 * loaded here and nowhere else, and only then.
 */
import { usage } from "../cli-error.js";
import type { Context } from "../context.js";

export async function run(context: Context): Promise<undefined> {
  const { client, stdin, stdout, colours, now, json } = context;
  if (!stdin.isTTY || !stdout.isTTY || json) {
    throw usage("the inbox needs a terminal", "hoopx approve REVIEW; hoopx reviews lists them");
  }
  // Before the screen is taken: what stops a start is told as by any other command.
  await client.connect();
  const { openInbox } = await import("../tui/inbox.js");
  await openInbox({
    client,
    input: process.stdin,
    output: process.stdout,
    colours,
    now,
    signal: context.interrupted(),
  });
}
