import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { answerText } from "../../../src/cli/output/stop.js";
import type { ReviewStatus } from "../../../src/contract/review-views.js";
import {
  presentConnection,
  presentConversation,
  presentExchange,
  presentFrame,
  presentSession,
  presentSignedOut,
  presentWhoIs,
} from "../../../src/daemon/control/present.js";
import type { Connection } from "../../../src/daemon/model/connection.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { newSessionToken } from "../../../src/daemon/model/session.js";
import type { ExchangeRecord } from "../../../src/daemon/store/store.js";
import { reviewOf } from "../../contracts/review-records.js";
import { sessionRecord } from "../sessions/session-record.js";

const token = newSessionToken();
const planted = "sk-planted-secret";

/** A record with more than its type says, as a later change might bring. */
const withSecrets = <Value extends object>(value: Value): Value => ({
  ...value,
  token: token.reveal(),
  secret: planted,
  credentialText: planted,
});

const connection: Connection = {
  name: "openai",
  provider: "openai",
  origin: "https://api.openai.com",
  basePath: "/v1",
  credential: withSecrets({
    kind: "static-key" as const,
    secretStore: "keychain" as const,
    secretName: `name-${planted}`,
  }),
  allowPrivateNetwork: false,
  createdAt: new Date(0),
  rotatedAt: null,
};

const record: ExchangeRecord = {
  key: 1n,
  sessionId: "ses_1",
  seq: 1,
  connection: "openai",
  process: withSecrets({ pid: 7, executable: "/usr/bin/node", startedAt: new Date(0) }),
  startedAt: new Date(0),
  operation: withSecrets({
    provider: "openai",
    action: "responses.create",
    class: "inference" as const,
    mintsCredential: false,
    method: "POST",
    path: "/v1/responses",
    model: "gpt-x",
    tools: [],
    stream: true,
  }),
  decision: withSecrets({
    effect: "allow" as const,
    rule: "r",
    reason: "why",
    decidedAt: new Date(0),
  }),
  requestBytes: 3,
  review: "rev_1",
  ending: withSecrets({
    status: 200,
    firstByteAt: 1500,
    endedAt: 2500,
    responseBytes: 9,
    tokens: withSecrets({ input: 1, output: 2 }),
    error: null,
    masked: [withSecrets({ detector: "known", count: 1 })],
  }),
};

test("no view shows a secret, a token, its digest or where a secret lies", () => {
  const tokenDigest = randomBytes(32);
  const base = sessionRecord({ tokenDigest });
  const session = withSecrets({
    ...base,
    identity: withSecrets(base.identity),
    process: withSecrets({
      ...base.process,
      git: withSecrets({ remote: "https://git.example/a", branch: "main", commit: null }),
      ci: withSecrets({ system: "gitlab", job: "test", run: null, url: null }),
    }),
    credentials: [
      withSecrets({
        connection: "openai",
        kind: "oidc",
        lifetime: "short-lived, 5 min",
        expiresAt: new Date(0),
      }),
    ],
  });
  const turn = withSecrets({ kind: "message" as const, role: "user", text: "hello" });
  const views = JSON.stringify([
    presentSession(session),
    presentConnection(withSecrets(connection), undefined, new Date()),
    presentExchange(withSecrets(record)),
    presentConversation(
      presentExchange(record),
      [turn],
      [{ ...turn, deltas: [withSecrets({ at: 1, text: "h" })] }],
    ),
  ]);
  expect(views).not.toContain(token.reveal());
  expect(views).not.toContain(planted);
  expect(views).not.toContain(tokenDigest.toString("hex"));
  expect(views).not.toMatch(/digest|runner|secretName|mintsCredential/i);
});

test("a connection's settings are shown, its credential's life and nothing else of it", () => {
  const credential = withSecrets({
    kind: "openai-workload" as const,
    identityProviderId: "idp_1",
    serviceAccountId: "sa_1",
  });
  const had = {
    sensitive: [planted],
    apply() {},
    expiresAt: new Date(3_599_000),
    seenAs: "service account sa_1",
  };
  const view = presentConnection({ ...connection, credential }, had, new Date(0));
  expect(view.credential).toEqual({
    kind: "openai-workload",
    lifetime: "short-lived, 59 min",
    expiresAt: "1970-01-01T00:59:59.000Z",
    secretStore: null,
    settings: { identityProviderId: "idp_1", serviceAccountId: "sa_1" },
  });
});

test("times are ISO 8601, durations milliseconds, and what is not yet is null", () => {
  expect(presentExchange(record)).toMatchObject({
    startedAt: "1970-01-01T00:00:00.000Z",
    firstByteMs: 1.5,
    durationMs: 2.5,
    status: 200,
    review: "rev_1",
    masked: [{ detector: "known", count: 1, place: "reply" }],
  });
  expect(
    presentExchange({ ...record, operation: null, decision: null, ending: null }),
  ).toMatchObject({
    operation: null,
    decision: null,
    status: null,
    firstByteMs: null,
    durationMs: null,
    tokens: null,
  });
});

test("an answer is that of the review, however the exchange that shares it ended", () => {
  const stopped = record.ending && { ...record.ending, status: 503, error: "daemon_stopping" };
  const given = { decidedBy: reviewOf().identity, decidedAt: new Date(0), comment: "no" };
  const shown = (status: ReviewStatus) => {
    const review = reviewOf({ ...given, status });
    const view = presentExchange({ ...record, ending: stopped }, { review });
    return [view.outcome, view.answer?.outcome, answerText(view)];
  };
  const by = reviewOf().identity.email;
  expect(shown("denied")).toEqual(["refused", "denied-by-reviewer", `denied by ${by}: no`]);
  expect(shown("approved")).toEqual(["refused", "approved", `approved by ${by}: no`]);
});

test("a conversation keeps kinds apart and says whether it is complete", () => {
  const view = presentConversation(
    presentExchange(record),
    [
      { kind: "tool-call", id: "c1", name: "add", text: '{"a":1}' },
      { kind: "tool-result", id: "c1", text: "2" },
      { kind: "note", text: "image" },
    ],
    [{ kind: "message", role: "assistant", text: "hi", deltas: [{ at: 2500, text: "hi" }] }],
  );
  expect(view).toMatchObject({
    complete: true,
    prompt: [
      { kind: "tool-call", id: "c1", name: "add", arguments: '{"a":1}' },
      { kind: "tool-result", id: "c1", text: "2" },
      { kind: "note", text: "image" },
    ],
    reply: [{ kind: "message", role: "assistant", text: "hi", deltas: [{ at: 2.5, text: "hi" }] }],
  });
  const cut = { ...record, ending: record.ending && { ...record.ending, error: "truncated" } };
  expect(presentConversation(presentExchange(cut), [], []).complete).toBe(false);
});

test("a frame is text where its bytes are, else base64; nothing of them is lost", () => {
  const text = Buffer.from("data: é\n\n");
  const frame = { kind: "reply-body", at: 1500, data: new Uint8Array(text) } as const;
  expect(presentFrame(frame)).toEqual({
    kind: "reply-body",
    at: 1.5,
    text: "data: é\n\n",
    base64: null,
  });
  const half = new Uint8Array([0x61, 0xc3]);
  expect(presentFrame({ ...frame, data: half })).toMatchObject({ text: null, base64: "YcM=" });
});

test("a login is shown without any of its tokens", () => {
  const identity = {
    issuer: "https://id.example.com",
    subject: "ada",
    email: null,
    groups: ["a"],
    profile: "default",
  };
  const kept = { token: new Secret("tok-secret"), deadline: { at: new Date(0), left: () => 60 } };
  const settings = {
    issuer: "https://id.example.com",
    clientId: "cli",
    scope: null,
    audience: null,
    groupsClaim: "groups",
  };
  const view = presentWhoIs({
    login: {
      profile: "default",
      settings,
      claimed: { identity, name: "Ada" },
      tokens: { access: kept, id: kept },
      upkeep: { by: "proof", proof: { kind: "id-token", token: new Secret("proof-secret") } },
    },
    kept: "memory",
    access: kept.deadline,
    note: null,
  });
  expect(view).toEqual({
    profile: "default",
    identity,
    name: "Ada",
    clientId: "cli",
    kind: "workload",
    kept: "memory",
    expiresAt: "1970-01-01T00:00:00.000Z",
    note: null,
  });
  const out = {
    ...{ profile: "work", identity: null, revoked: false, note: null },
    settingsKept: true,
  };
  expect(presentSignedOut(out)).toEqual(out);
});
