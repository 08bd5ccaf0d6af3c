// What the hostile agents share: requests on the control socket and on the data
// path, a review of their own that waits, and a program that tries to approve it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export { pause, spawn, spawnSync };

const { OPENAI_API_KEY: token, OPENAI_BASE_URL: baseUrl } = process.env;
export const { HOOPX_SESSION_ID: session, SOCKET: socketPath, PATH } = process.env;
export { token };

/** Nothing of the run's variables. */
export const nothing = { PATH };

export const say = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);

function send(options, body) {
  return new Promise((resolve, reject) => {
    const asked = request(options, (reply) => {
      let text = "";
      reply.on("data", (piece) => {
        text += piece;
        if (options.firstLine) resolve({ status: reply.statusCode, text });
      });
      reply.on("end", () => resolve({ status: reply.statusCode, text }));
      reply.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}

/** A request on the control socket; its status and its JSON. */
export async function control(method, path, body, more = {}) {
  const headers = { "content-type": "application/json" };
  const { status, text } = await send({ socketPath, method, path, headers, ...more }, body);
  return { status, body: JSON.parse(text) };
}

/** A request on the data path, with this session's token or another. */
export function call(method, path, as = token) {
  return send({
    ...urlOf(new URL(baseUrl + path)),
    method,
    headers: { authorization: `Bearer ${as}` },
    agent: false,
  });
}

const urlOf = ({ hostname, port, pathname }) => ({ hostname, port, path: pathname });

/** A delete that waits for a person, and the id of its review. */
export async function waitingDelete() {
  const held = call("DELETE", "/files/file-1").catch(() => ({ status: 0 }));
  for (;;) {
    const { body } = await control("GET", "/v1/reviews?status=pending");
    const own = body.find(({ sessionId }) => sessionId === session);
    if (own !== undefined) return { id: own.id, held };
    await pause(50);
  }
}

/** A program that approves, or does something else with a review. */
export const approver = (id, verb = "approve") => asker("approve.mjs", id, verb);

/** A program that starts a session. */
export const starter = () => asker("start.mjs");

/** A program that asks something of the control socket, and where it writes the status it got. */
function asker(name, ...words) {
  const out = join(mkdtempSync(join(tmpdir(), "hoopx-asker-")), "status");
  const file = fileURLToPath(new URL(name, import.meta.url));
  return {
    command: [process.execPath, file, socketPath, out, ...words],
    async status() {
      while (!existsSync(out) || readFileSync(out, "utf8") === "") await pause(20);
      return Number(readFileSync(out, "utf8"));
    },
  };
}

/** Words for a shell. */
export const quoted = (words) => words.map((word) => `'${word}'`).join(" ");

/** Says what the trick came to, and ends. */
export function end(facts) {
  say(facts);
  process.exit(0);
}
