// One whole session with an installed hoopx, as a check that an installation
// works: a connection, a run, the record. The model API alone is a stand-in.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const agent = `
  const reply = await fetch(process.env.OPENAI_BASE_URL + "/models", {
    headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
  });
  if (reply.status !== 200) throw new Error("status " + reply.status);
`;
const key = "sk-installed-0123456789abcdef";

/**
 * Throws where a step fails, with what it printed.
 * @param {{hoopx: string, node: string, environment: NodeJS.ProcessEnv}} options `hoopx` is a script for `node`
 */
export async function tryInstalled({ hoopx, node, environment }) {
  const home = mkdtempSync(join(tmpdir(), "hoopx-installed-"));
  const env = { ...environment, HOOPX_HOME: home, HOOPX_SECRET_STORE: "file" };
  const authorizations = [];
  const api = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.setHeader("content-type", "application/json");
    response.end('{"object":"list","data":[]}');
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${api.address().port}/v1`;
  const call = (args, input = "") => run(node, [hoopx, ...args], env, input);
  try {
    await call(["--version"]);
    await call(["connections", "add", "openai", "--base-url", url, "--secret-stdin"], key);
    await call(["run", "--", node, "--input-type=module", "-e", agent]);
    const [session] = JSON.parse(await call(["sessions", "--json"]));
    if (session?.counts.exchanges !== 1) throw new Error(`recorded: ${JSON.stringify(session)}`);
    if (authorizations.join() !== `Bearer ${key}`) throw new Error("the key did not arrive");
    await call(["sessions", "verify"]);
  } finally {
    await call(["daemon", "stop"]).catch(() => undefined);
    api.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a command prints on stdout; an error with all it printed where it exits with another code than 0. */
export function run(program, args, env, input = "", cwd = undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let all = "";
    child.stdout.on("data", (data) => {
      stdout += data;
      all += data;
    });
    child.stderr.on("data", (data) => {
      all += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")} exited ${code}: ${all.slice(-2000)}`));
    });
    child.stdin.on("error", () => undefined).end(input);
  });
}
