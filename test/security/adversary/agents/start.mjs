// Starts a session by the control socket, and writes the status it got to a file.
import { writeFileSync } from "node:fs";
import { request } from "node:http";

const [socketPath, out] = process.argv.slice(2);
const headers = { "content-type": "application/json" };
const path = "/v1/sessions";
const asked = request({ socketPath, method: "POST", path, headers, agent: false }, (reply) => {
  reply.resume();
  reply.on("end", () => writeFileSync(out, String(reply.statusCode)));
});
asked.on("error", () => writeFileSync(out, "0"));
const said = { command: "start", cwd: "/", host: "start", user: "start" };
const rest = { connections: [], ttlSeconds: 60, labels: {}, environment: {} };
asked.end(JSON.stringify({ ...rest, process: { ...said, runnerPid: process.pid } }));
