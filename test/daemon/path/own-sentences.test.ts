/**
 * What hoopx itself says to a client or a model stays as it is and is no
 * finding; what it quotes in it, from the request, the reply or a comment, is
 * masked all the same.
 */
import { afterEach, expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import type { Verdict } from "../../../src/daemon/model/decision.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { authorized, startDataPath } from "../../support/data-path.js";
import { createFakeDesk } from "../../support/fake-desk.js";
import { fileCall, response } from "../../support/tool-call-replies.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const { masking } = createMaskings();
const secret = `ghp_${"aB3dE5fG7h".repeat(3)}JkL9mN`;
const grace = {
  ...{ issuer: "https://id.example", subject: "grace", email: "grace@example.com" },
  ...{ groups: [], profile: null },
};
const denial = {
  ...({ status: "denied", decidedBy: grace, decidedAt: new Date(1e12) } as const),
  comment: `not with ${secret}`,
};
const origin = { layer: "user", file: "/policy.yaml", hash: "d3" } as const;
const ask: Verdict = { effect: "review", rule: "ask", origin, reason: "a person decides" };
const mailed: Verdict = {
  ...{ effect: "deny", rule: "no", origin, ownReason: true },
  reason: "ask security@example.com",
};

async function dataPath(request: Verdict, call?: Verdict) {
  const { desk, ask: asked } = createFakeDesk();
  let verdict = request;
  const rule = (next: Verdict) => {
    verdict = next;
  };
  const path = await startDataPath({
    ...{ desk, masking },
    upstream(_request, answer) {
      answer.writeHead(200, { "content-type": "application/json" });
      answer.end(JSON.stringify({ ...response, output: [{ ...fileCall, name: `f.${secret}` }] }));
    },
    policy: {
      masking: { ...usualMasking, detectors: ["secrets", "email"] },
      evaluate: () => verdict,
      watchesToolCalls: () => call !== undefined,
      evaluateToolCall: () => call ?? { effect: "allow", rule: null, reason: "" },
    },
  });
  open.push(path);
  return { path, asked, rule };
}

async function send({ base }: DataPath, input: string, path = "responses"): Promise<string> {
  const answer = await fetch(`${base}/v1/${path}`, {
    ...{ method: "POST", headers: { ...authorized, "content-type": "application/json" } },
    body: JSON.stringify({ model: "gpt-mock", input }),
  });
  return answer.text();
}

const recordOf = ({ transcripts }: DataPath, at: number) => {
  const exchange = transcripts.exchanges[at];
  if (exchange === undefined) throw new Error("not recorded");
  const text = exchange.frames.map(({ data }) => Buffer.from(data).toString()).join("\n");
  return { text: `${text}\n${exchange.opening.decision?.reason}`, ending: exchange.ending };
};

test.each(["request", "tool call"])(
  "a reviewer's address stays, their comment's secret does not: %s",
  async (about) => {
    const allow: Verdict = { effect: "allow", rule: "all", reason: "allowed" };
    const { path, asked, rule } = await dataPath(
      ...((about === "request" ? [ask] : [allow, ask]) as [Verdict, Verdict?]),
    );
    const answer = send(path, "hello");
    (await asked(0)).settle("denied", denial);
    const message = await answer;
    expect(message).toContain("denied by grace@example.com at 2001-09-09");
    expect(message).toContain("not with [masked:github-token]#");
    expect(message).not.toContain(secret);
    const { text, ending } = recordOf(path, 0);
    expect(text).toContain("denied by grace@example.com");
    expect(text).not.toContain(secret);
    expect(ending?.masked.filter(({ detector }) => detector === "email")).toEqual([]);
    // The agent says it again: no finding, while another address is one.
    rule({ ...mailed, reason: "enough" });
    await send(path, message);
    await send(path, `${message} ada@example.com`);
    expect(recordOf(path, 1).ending?.masked).toEqual([]);
    expect(recordOf(path, 2).ending?.masked).toMatchObject([{ detector: "email", count: 1 }]);
  },
);

test("the message of a rule stays, unless its file is the agent's to write", async () => {
  const { path, rule } = await dataPath(mailed);
  expect(await send(path, "hello")).toContain("denied by rule no: ask security@example.com");
  expect(recordOf(path, 0).text).toContain("ask security@example.com");
  const { ownReason: _, ...other } = mailed;
  rule({ ...other, reason: `ask ${secret}` });
  expect(await send(path, "hello")).toContain("ask [masked:github-token]#");
  expect(recordOf(path, 1).text).not.toContain(secret);
});

test.each(["request", "tool call"])(
  "the name of a rule stays, unless its file is the agent's to write: %s",
  async (about) => {
    const allow: Verdict = { effect: "allow", rule: "all", reason: "allowed" };
    const ofProject = { ...origin, layer: "project" } as const;
    const named: Verdict = { effect: "deny", rule: secret, origin: ofProject, reason: "no" };
    const also = [{ ...ofProject, name: secret }];
    const { path, rule } = await dataPath(
      ...((about === "request" ? [named] : [allow, named]) as [Verdict, Verdict?]),
    );
    const message = await send(path, "hello");
    expect(message).toContain("denied by rule [masked:github-token]#");
    expect(message).not.toContain(secret);
    expect(recordOf(path, 0).text).not.toContain(secret);
    expect(JSON.stringify(path.transcripts.exchanges[0]?.opening.decision)).not.toContain(secret);
    // Nothing was permitted: the same secret in a later request is a finding.
    rule({ ...mailed, reason: "enough", also });
    await send(path, `it is ${secret}`);
    expect(recordOf(path, 1).ending?.masked).toMatchObject([{ detector: "github-token" }]);
    expect(JSON.stringify(path.transcripts.exchanges[1]?.opening.decision)).not.toContain(secret);
    rule({ ...mailed, rule: "security@example.com", reason: "enough" });
    expect(await send(path, "hello")).toContain("denied by rule security@example.com: enough");
  },
);

test("a secret in what is asked for is quoted by no refusal", async () => {
  const { path } = await dataPath({
    effect: "deny",
    rule: null,
    reason: `no rule allows POST /v1/x/${secret}`,
  });
  const message = await send(path, "hello", `x/${secret}`);
  expect(message).toContain("[masked:github-token]#");
  expect(message).not.toContain(secret);
  expect(recordOf(path, 0).text).not.toContain(secret);
});
