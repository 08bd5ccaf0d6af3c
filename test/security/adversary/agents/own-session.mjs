// Starts a session of its own that names another process as its runner, and lies about what it is.
import { control } from "./tools.mjs";

const runnerPid = Number(process.env.RUNNER);
const command = process.env.COMMAND ?? "node trusted.mjs";
const { status, body } = await control("POST", "/v1/sessions", {
  connections: [],
  ttlSeconds: 604_800,
  labels: {},
  environment: {},
  process: { runnerPid, command, cwd: "/", host: "trusted", user: "root-of-all" },
});
const started = body.session && {
  id: body.session.id,
  token: body.token,
  process: body.session.process,
  processCheck: body.session.processCheck,
};
const lease = control(
  "POST",
  `/v1/sessions/${body.session?.id}/lease`,
  { token: body.token, childPid: null },
  { firstLine: true },
);
await lease.catch(() => undefined);
process.stdout.write(`${JSON.stringify({ status, started })}\n`);
// Held for the test to try the token outside, and the person's commands.
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve));
process.exit(0);
