/** Method and path name an operation before anything else of a request is read: the record has it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { overToken, startDataPath, token } from "../../../support/data-path.js";

let dataPath: Awaited<ReturnType<typeof startDataPath>>;
let outside = false;

beforeAll(async () => {
  dataPath = await startDataPath({
    upstream: (_request, response) => response.end("{}"),
    exchangesPerSession: 0,
    callerOf: () =>
      outside
        ? { inside: false, process: null, why: "from a test" }
        : { inside: true, process: null },
  });
});

afterAll(() => dataPath.close());

interface Sent {
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly outside?: true;
}

const create = "POST /openai/v1/responses";
const bearer = (value: string) => `Authorization: Bearer ${value}`;
const mine = bearer(token);

/** Sends it, and gives what the record has of it. */
async function recorded({ line = create, headers = [mine], ...how }: Sent) {
  outside = how.outside === true;
  const head = [`${line} HTTP/1.1`, `Host: 127.0.0.1:${dataPath.port}`, ...headers];
  await dataPath.raw([...head, "Content-Length: 0", "", ""].join("\r\n"));
  const last = dataPath.transcripts.exchanges.at(-1);
  const operation = last?.opening.operation;
  return {
    code: last?.ending?.error,
    decision: last?.opening.decision,
    operation: operation && `${operation.action}: ${operation.method} ${operation.path}`,
  };
}

const named = "responses.create: POST /v1/responses";

test.each<[code: string, sent: Sent, operation: string]>([
  ["token_missing", { headers: [] }, named],
  ["token_unknown", { headers: [bearer("sk-not-a-token-of-ours")] }, named],
  ["session_over", { headers: [bearer(overToken)] }, named],
  ["token_outside_run", { outside: true }, named],
  ["too_many_exchanges", {}, named],
  [
    "too_many_exchanges",
    { line: "DELETE /openai/v1/files/file-1" },
    "files.delete: DELETE /v1/files/file-1",
  ],
  ["too_many_exchanges", { line: "POST /openai/v1/other" }, "unknown: POST /v1/other"],
  ["connection_unknown", { line: "POST /other/v1/responses" }, "unknown: POST /other/v1/responses"],
  ["host_not_allowed", { headers: [mine, "Host: evil.example"] }, named],
  ["origin_not_allowed", { headers: [mine, "Origin: https://evil.example"] }, named],
  ["request_malformed", { headers: [mine, "Content-Type: a/b", "Content-Type: a/b"] }, named],
  ["request_malformed", { headers: [mine, "Connection: openai-project"] }, named],
  [
    "method_not_allowed",
    { line: "OPTIONS /openai/v1/responses" },
    "unknown: OPTIONS /v1/responses",
  ],
  ["path_not_allowed", { line: "POST /openai/v1//responses" }, "unknown: POST /v1//responses"],
  ["path_not_allowed", { line: "POST /openai" }, "unknown: POST "],
  [
    "path_not_allowed",
    { line: "POST http://evil.example/v1/responses" },
    "unknown: POST /http://evil.example/v1/responses",
  ],
  [
    "token_missing",
    { line: "GET /openai/v1/responses", headers: ["Connection: Upgrade", "Upgrade: websocket"] },
    "responses.create: GET /v1/responses",
  ],
])("%s: %j", async (code, sent, operation) => {
  expect(await recorded(sent)).toEqual({ code, decision: null, operation });
});

test("a credential in the query or the path is neither in the operation nor in the head", async () => {
  const cases: readonly (readonly [sent: Sent, path: string])[] = [
    [{ line: `${create}?key=${token}&a=b`, headers: [] }, "/v1/responses?key=[masked]&a=b"],
    [{ line: `POST /other/${token}?api-key=x` }, `/other/${"*".repeat(token.length)}`],
    [{ line: `POST /openai/${token}`, outside: true }, `/${"*".repeat(token.length)}`],
    [{ line: `POST /openai/v1/files/${overToken}`, headers: [] }, `/v1/files/${"*".repeat(47)}`],
  ];
  for (const [sent, path] of cases) {
    expect((await recorded(sent)).operation?.split(" ").at(-1)).toBe(path);
    const { frames = [] } = dataPath.transcripts.exchanges.at(-1) ?? {};
    const heads = frames.map(({ data }) => Buffer.from(data).toString()).join();
    expect(heads).not.toMatch(/hxs_[\w-]{43}/);
  }
});
