/**
 * Which clients are kept with interim responses, with the real ones that this
 * machine has: each of them gets the answer, and none takes an interim one for it.
 */
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { authorized, startDataPath, token } from "../../support/data-path.js";
import { createFakeDesk } from "../../support/fake-desk.js";

const run = promisify(execFile);
const has = (program: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const origin = { layer: "user", file: "/policy.yaml", hash: "d3" } as const;
let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(() => path?.close());

/** A path that holds each request for a while, and then lets it through. */
async function start() {
  const { desk, ask } = createFakeDesk();
  path = await startDataPath({
    verdict: { effect: "review", rule: "ask", origin, reason: "a person decides" },
    desk,
    waiting: { processingEvery: 25, patience: 30_000 },
    upstream(request, response) {
      request.resume();
      request.on("end", () => {
        response.setHeader("content-type", "application/json").end('{"data":[],"ok":true}');
      });
    },
  });
  ask(0).then(async ({ settle }) => {
    await sleep(300);
    settle("approved");
  });
  return `${path.base}/v1`;
}

/** How many interim responses a client of this name gets. */
async function interims(headers: Readonly<Record<string, string>>): Promise<number> {
  const base = await start();
  const request = httpRequest(`${base}/models`, { headers: { ...authorized, ...headers } });
  let count = 0;
  request.on("information", () => {
    count += 1;
  });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  return count;
}

test.each([
  "python-requests/2.32.3",
  "Python-urllib/3.11",
  "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux lang/python#3.11.7",
  "OpenAI/v1 PythonBindings/0.28.0",
  "azsdk-python-ai-inference/1.0.0b1 Python/3.11",
  "my-agent/1.0",
  "",
])("%s gets none", async (userAgent) => {
  expect(await interims(userAgent === "" ? {} : { "user-agent": userAgent })).toBe(0);
});

test.each([
  { "user-agent": "node" },
  { "user-agent": "OpenAI/JS 6.49.0" },
  { "user-agent": "opencode/1.0.0 ai-sdk/provider-utils/3.0.0 runtime/bun/1.2" },
  { "user-agent": "ai/5.0.0 ai-sdk/openai/2.0.0 runtime/node.js/20" },
  { "user-agent": "Go-http-client/1.1" },
  { "user-agent": "my-agent/1.0", "sec-fetch-mode": "cors" },
])("$user-agent gets some", async (headers) => {
  expect(await interims(headers)).toBeGreaterThan(1);
});

test("node's fetch, under whatever name, and openai-node get the answer", async () => {
  for (const extra of [{}, { "user-agent": "my-agent/1.0" }]) {
    const response = await fetch(`${await start()}/models`, {
      headers: { ...authorized, ...extra },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: true });
    await path?.close();
  }
  const client = new OpenAI({ apiKey: token, baseURL: await start(), maxRetries: 0 });
  expect((await client.models.list()).data).toEqual([]);
});

test.runIf(has("curl", "--version"))("curl gets the answer", async () => {
  const url = `${await start()}/models`;
  const auth = `authorization: ${authorized.authorization}`;
  const { stdout } = await run("curl", ["-s", "-w", " %{http_code}", "-H", auth, url]);
  expect(stdout).toBe('{"data":[],"ok":true} 200');
});

const urllib = `
import sys, urllib.request
sent = urllib.request.Request(sys.argv[1], headers={"authorization": sys.argv[2]})
with urllib.request.urlopen(sent) as got: print(got.status, got.read().decode())
`;
const httpClient = `
import sys, http.client, urllib.parse
at = urllib.parse.urlsplit(sys.argv[1])
link = http.client.HTTPConnection(at.netloc)
link.request("GET", at.path, headers={"authorization": sys.argv[2]})
got = link.getresponse()
print(got.status, got.read().decode())
`;
const requests = `
import sys, requests
got = requests.get(sys.argv[1], headers={"authorization": sys.argv[2], "user-agent": sys.argv[3]})
print(got.status_code, got.text)
`;
test.runIf(has("python3", "--version")).each([
  { name: "urllib", program: urllib, needs: "urllib.request" },
  { name: "http.client without a name", program: httpClient, needs: "http.client" },
  { name: "requests", program: requests, needs: "requests" },
  { name: "requests under a name of its own", program: requests, needs: "requests" },
])("python3's $name gets the answer", async ({ name, program, needs }) => {
  if (!has("python3", "-c", `import ${needs}`)) return;
  const userAgent = name === "requests" ? "python-requests/2.32.3" : "my-agent/1.0";
  const args = [`${await start()}/models`, authorized.authorization, userAgent];
  const { stdout } = await run("python3", ["-c", program, ...args]);
  expect(stdout.trim()).toBe('200 {"data":[],"ok":true}');
});
