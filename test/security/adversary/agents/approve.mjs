// Approves a review by the control socket, or does something else with it, and writes the status it got to a file.
import { writeFileSync } from "node:fs";
import { request } from "node:http";

const [socketPath, out, id, verb] = process.argv.slice(2);
const headers = { "content-type": "application/json" };
const path = `/v1/reviews/${id}/${verb}`;
const asked = request({ socketPath, method: "POST", path, headers, agent: false }, (reply) => {
  reply.resume();
  reply.on("end", () => writeFileSync(out, String(reply.statusCode)));
});
asked.on("error", () => writeFileSync(out, "0"));
asked.end("{}");
