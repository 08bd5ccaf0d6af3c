/** Views as a daemon would answer them, each with what a test wants to say. */

import type { DaemonView } from "../../../src/contract/daemon-view.js";
import type {
  MeasuredExchangeView,
  MeasuredSessionView,
} from "../../../src/contract/measure-views.js";
import { type Outcome, outcomes } from "../../../src/contract/outcome.js";
import type {
  ConnectionView,
  ConversationView,
  CountsView,
  DecisionView,
} from "../../../src/contract/views.js";
import { exchangeOutcome } from "../../../src/daemon/model/outcome.js";

export function daemonView(view: Partial<DaemonView> = {}): DaemonView {
  return {
    pid: 4242,
    version: "0.0.0-dev",
    port: 4141,
    portTaken: null,
    socket: "/home/ada/run/hoopxd.sock",
    startedAt: "2026-11-24T09:00:00.000Z",
    sessions: 0,
    reviews: 0,
    unindexed: 0,
    home: { config: "/c", data: "/d", run: "/r", log: "/l" },
    logFile: "/l/hoopxd.log",
    secretStore: "keychain",
    secretStoresInUse: ["keychain"],
    draining: false,
    policy: { hash: "ab".repeat(32), problems: [] },
    connectionProblems: [],
    record: { state: "anchored", message: null, hint: null },
    processCheck: { unavailable: null, pidNamespace: null },
    ...view,
  };
}

export function connectionView(view: Partial<ConnectionView> = {}): ConnectionView {
  return {
    name: "openai",
    default: true,
    provider: "openai",
    baseUrl: "https://api.openai.com/v1",
    credential: {
      kind: "static-key",
      lifetime: "permanent key",
      expiresAt: null,
      secretStore: "keychain",
      settings: {},
    },
    allowPrivateNetwork: false,
    createdAt: "2026-11-24T08:00:00.000Z",
    rotatedAt: null,
    ...view,
  };
}

export function sessionView(view: Partial<MeasuredSessionView> = {}): MeasuredSessionView {
  return {
    id: "ses_4k2m9x7q1c3v5b8n",
    title: null,
    labels: {},
    status: "ended",
    identity: { issuer: "os:laptop", subject: "ada", email: null, groups: [], profile: null },
    process: {
      pid: 77,
      command: "node agent.js",
      cwd: "/work",
      host: "laptop",
      user: "ada",
      git: null,
      ci: null,
    },
    processCheck: "tree",
    connections: ["openai"],
    credentials: [],
    startedAt: "2026-11-24T09:00:00.000Z",
    endedAt: "2026-11-24T09:00:12.500Z",
    exitCode: 0,
    expiresAt: "2026-11-24T10:00:00.000Z",
    policyHash: "00",
    counts: countsView({ allowed: 1, denied: 1 }),
    tokens: { input: 1204, output: 96 },
    cost: 0.0005,
    ...view,
  };
}

export function exchangeView(view: Partial<MeasuredExchangeView> = {}): MeasuredExchangeView {
  const exchange: Omit<MeasuredExchangeView, "outcome"> = {
    id: "exc_1",
    sessionId: "ses_4k2m9x7q1c3v5b8n",
    seq: 1,
    connection: "openai",
    process: { pid: 77, executable: "/usr/bin/node", startedAt: "2026-11-24T09:00:00.000Z" },
    operation: {
      provider: "openai",
      action: "responses.create",
      class: "inference",
      method: "POST",
      path: "/v1/responses",
      model: "gpt-5-mini",
      tools: ["get_weather"],
      stream: true,
    },
    decision: decisionView("allow", "inference", "inference is allowed"),
    call: null,
    answer: null,
    review: null,
    status: 200,
    startedAt: "2026-11-24T09:00:01.000Z",
    firstByteMs: 200,
    durationMs: 1300,
    requestBytes: 400,
    responseBytes: 900,
    masked: [],
    tokens: { input: 1204, output: 96 },
    error: null,
    cost: 0.0005,
    tokensPerSecond: 87.3,
    retryOf: null,
    retries: 0,
    ...view,
  };
  return { ...exchange, outcome: view.outcome ?? outcomeOf(exchange) };
}

/** As the daemon derives it: a review without an answer is one that let it through. */
function outcomeOf({
  decision,
  review,
  status,
  error,
  durationMs,
}: Omit<MeasuredExchangeView, "outcome">): Outcome | null {
  const ending = durationMs === null ? null : { status, error };
  return exchangeOutcome({ decision, review, ending });
}

/** What a rule of the user's file decided. */
export function decisionView(
  effect: DecisionView["effect"],
  rule: string | null,
  reason: string,
): DecisionView {
  const origin = { layer: "user", file: "/home/ada/.config/hoopx/policy.yaml" };
  return { effect, rule, ...(rule === null ? { layer: null, file: null } : origin), reason };
}

/** Counts of a session whose exchanges went so. */
export function countsView(
  went: Partial<Record<Outcome, number>>,
  more: Partial<Pick<CountsView, "reviewed" | "masked">> = {},
): CountsView {
  const all = Object.fromEntries(outcomes.map((outcome) => [outcome, went[outcome] ?? 0]));
  const counts = all as CountsView["outcomes"];
  return {
    exchanges: Object.values(went).reduce((sum, count) => sum + count, 0),
    allowed: counts.allowed,
    denied: counts.denied + counts["denied-by-reviewer"] + counts.expired,
    reviewed: counts.approved + counts.granted,
    masked: 0,
    errors: counts.failed + counts.cut,
    outcomes: counts,
    ...more,
  };
}

export function conversationView(view: Partial<ConversationView> = {}): ConversationView {
  return {
    exchange: exchangeView(),
    prompt: [
      { kind: "message", role: "system", text: "You know the weather." },
      { kind: "message", role: "user", text: "Oslo?\nAnd Rome?" },
    ],
    reply: [
      {
        kind: "tool-call",
        id: "call_1",
        name: "get_weather",
        arguments: '{"city":"Oslo"}',
        deltas: [
          { at: 210, text: '{"city":' },
          { at: 230, text: '"Oslo"}' },
        ],
      },
      {
        kind: "message",
        role: "assistant",
        text: "14 °C",
        deltas: [
          { at: 300, text: "14" },
          { at: 340, text: " °C" },
        ],
      },
    ],
    complete: true,
    ...view,
  };
}
