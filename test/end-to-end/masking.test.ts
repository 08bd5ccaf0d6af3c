/** Secrets in requests, through the real daemon, with each way a policy can treat them: nothing of one is kept. */

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReviewDetailView, ReviewView } from "../../src/contract/review-views.js";
import { createHome, eventually, type TestHome } from "../support/home.js";

const key = "sk-real-masking-0123456789abcdef";
/** Made up here, in the form that its issuer publishes. */
const secret = `ghp_${["aB3dE5fG7h", "Q9wE2rT4yU", "Z1xC3vB5nM", "JkL9mN"].join("")}`;
const mail = "quentin.masked@example.com";

/** Posts what it is told, and prints status and answer. */
const agent = `
  const { path, type, encoding, body } = JSON.parse(process.argv[1]);
  const headers = { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": type };
  if (encoding) headers["content-encoding"] = encoding;
  const url = process.env.OPENAI_BASE_URL + path;
  const response = await fetch(url, { method: "POST", headers, body: Buffer.from(body, "base64") });
  console.log(JSON.stringify({ status: response.status, text: await response.text() }));
`;

const received: string[] = [];
const upstream = createServer((request, response) => {
  let text = "";
  request.setEncoding("latin1").on("data", (chunk) => {
    text += chunk;
  });
  request.on("end", () => {
    received.push(text);
    const said = /"input":"([^"]*)"/.exec(text)?.[1] ?? "nothing";
    const content = [{ type: "output_text", text: `you said ${said}, and ${secret}` }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ output: [{ type: "message", content }] }));
  });
});
let home: TestHome;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  home = createHome();
  await home.connect(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`, key);
});
afterAll(async () => {
  await home.dispose();
  upstream.close();
});

async function policy(masking: string) {
  const { home: folders } = await home.daemon();
  const file = join(folders.config, "policy.yaml");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `version: 1\nrules:\n  - { name: all, when: {}, effect: allow }\nmasking: ${masking}\n`,
  );
  const { code, stdout } = await home.hoopx(["policy", "check"]);
  expect(stdout + code).toMatch(/0$/);
}

interface Asked {
  readonly path?: string;
  readonly type?: string;
  readonly encoding?: string;
  readonly body: string | Buffer;
}

function start({ path = "/responses", type = "application/json", encoding, body }: Asked) {
  const told = JSON.stringify({ path, type, encoding, body: Buffer.from(body).toString("base64") });
  // The command is on record: what it is told comes by a variable there.
  const program = agent.replace("process.argv[1]", "process.env.TOLD");
  const args = ["run", "--", process.execPath, "--input-type=module", "-e", program];
  return home.start(args, { environment: { TOLD: told } });
}

async function ask(asked: Asked): Promise<{ status: number; text: string }> {
  const { stdout, stderr } = await start(asked).done;
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    throw new Error(stderr);
  }
}

/** Files that hold any 12 characters of the secrets: database, WAL, log, all. */
function kept(...secrets: readonly string[]): readonly string[] {
  const pieces = secrets.flatMap((text) =>
    Array.from({ length: text.length - 11 }, (_, at) => text.slice(at, at + 12)),
  );
  // The end of the address is everybody's.
  const own = pieces.filter((piece) => !"@example.com".includes(piece.slice(-11)));
  return own.flatMap((piece) => home.filesWith(piece));
}

const body = (text: string, more: object = {}) =>
  JSON.stringify({ model: "m", input: text, ...more });

test("record: sent as it is, kept masked, in JSON, forms and packed bodies", async () => {
  await policy("{ detectors: [secrets, email] }");
  const first = await ask({ body: body(`the token is ${secret} of ${mail}`) });
  expect(first.status).toBe(200);
  expect(received.at(-1)).toContain(secret);
  // The agent's own came back in a reply, where it is masked as any.
  expect(first.text).not.toContain(secret);
  await ask({ body: gzipSync(body(`packed ${secret}`)), encoding: "gzip" });
  const form = `--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nnotes ${secret}\r\n--B--\r\n`;
  await ask({ path: "/files", type: "multipart/form-data; boundary=B", body: form });
  expect(received.at(-1)).toBe(form);
  await ask({ path: `/responses?note=${secret}`, body: body("query") });
  await ask({ path: "/nowhere", type: "text/plain", body: `to nowhere ${secret}` });
  expect(kept(secret, mail)).toEqual([]);

  const shown = await home.hoopx(["replay", (await home.lastSession()).id, "--instant"]);
  expect(shown.stdout).not.toContain(secret);
  const sessions = await home.json<{ id: string; counts: { masked: number } }[]>(["sessions"]);
  expect(sessions.every(({ counts }) => counts.masked > 0)).toBe(true);
  const oldest = await home.hoopx(["sessions", "show", sessions.at(-1)?.id ?? ""]);
  expect(oldest.stdout).toMatch(
    /email \(#1 request.*github-token \(#1 request, #1 reply\)|github-token \(#1 request, #1 reply\).*email \(#1 request/,
  );
  // What is recorded can be asked about again.
  const explained = await home.hoopx([
    "policy",
    "explain",
    (await home.exchangesOf(sessions.at(-1)?.id ?? ""))[0]?.id ?? "",
  ]);
  expect(explained).toMatchObject({ code: 0 });
});

test("mask: nothing leaves; with restore the agent has its own again, and nobody else", async () => {
  await policy("{ detectors: [secrets, email], requests: mask, restore: true }");
  const { status, text } = await ask({ body: body(`I am ${mail}`) });
  expect(status).toBe(200);
  expect(received.at(-1)).toBe(body("I am [masked:email]#1"));
  expect(text).toContain(`you said I am ${mail}`);
  expect(kept(mail)).toEqual([]);
});

test("deny: 400 with detector and place, and nothing leaves", async () => {
  await policy("{ requests: deny }");
  const before = received.length;
  const { status, text } = await ask({ body: body(`a ${secret}`) });
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain("1 × github-token, first in input");
  expect(text).not.toContain(secret);
  expect(received.length).toBe(before);
  expect(kept(secret)).toEqual([]);
});

test("review: a person sees it masked, and what is approved is sent as it was", async () => {
  await policy("{ requests: review }");
  const running = start({ body: body(`b ${secret}`) });
  const [review] = await eventually(
    () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]),
    ({ length }) => length === 1,
  );
  const id = review?.id ?? "";
  const detail = await home.json<ReviewDetailView>(["reviews", "show", id]);
  expect(JSON.stringify(detail)).not.toContain(secret);
  expect(JSON.stringify(detail.body)).toMatch(/\[hidden 1: [^\]]*40 characters/);
  expect((await home.hoopx(["approve", id])).code).toBe(0);
  expect((await running.done).stdout).toContain('"status":200');
  expect(received.at(-1)).toBe(body(`b ${secret}`));
  expect(kept(secret)).toEqual([]);
});

test("hoopx mask: the policy's detectors in a pipe", async () => {
  await policy("{ detectors: [secrets], words: [{ name: people, words: [Quentin] }] }");
  const text = `Quentin has ${secret}\n`;
  const piped = await home.hoopx(["mask"], { stdin: text });
  expect(piped).toMatchObject({
    code: 0,
    stdout: "[masked:people]#1 has [masked:github-token]#2\n",
  });
  const explained = await home.hoopx(["mask", "--explain"], { stdin: text });
  expect(explained.stdout).toMatch(/^1:1\tpeople\t.*\n1:13\tgithub-token\tGitHub .*\n$/);
  expect(explained.stdout).not.toContain(secret);
  const wrong = await home.hoopx(["mask", "--detectors", "secret"], { stdin: text });
  expect(wrong.stderr).toContain("did you mean secrets?");
  expect(wrong.code).not.toBe(0);
});
