/** Reviews as a daemon would show them, each with what a test wants to say. */
import type { ReviewDetailView } from "../../../src/contract/review-views.js";
import { reviewOutcome } from "../../../src/daemon/model/outcome.js";
import { sessionView } from "./views.js";

export function reviewView(view: Partial<ReviewDetailView> = {}): ReviewDetailView {
  const { id, identity, process, title } = sessionView();
  return {
    id: "rev_4k2m9x7q1c3v5b8n",
    sessionId: id,
    exchangeId: "exc_0000000000001",
    kind: "request",
    status: "pending",
    outcome: reviewOutcome({ status: view.status ?? "pending" }),
    operation: {
      provider: "openai",
      action: "files.create",
      class: "write",
      method: "POST",
      path: "/v1/files",
      model: null,
      tools: [],
      stream: false,
    },
    connection: "openai",
    toolCall: null,
    identity,
    process,
    sessionTitle: title,
    rule: "writes",
    ruleLayer: "user",
    ruleFile: "/home/ada/.config/hoopx/policy.yaml",
    reason: "because",
    requestSha256: "ab".repeat(32),
    requestBytes: 1234,
    createdAt: "2026-11-24T09:00:00.000Z",
    expiresAt: "2026-11-24T09:10:00.000Z",
    by: { groups: ["leads"], subjects: [], emails: [] },
    self: false,
    remember: "once",
    atMost: "session",
    approvalsNeeded: 2,
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    grant: null,
    comment: null,
    hidden: [],
    whole: true,
    added: [{ kind: "message", role: "user", text: "two\nlines\u001b[2J" }],
    prompt: [],
    body: '{\n  "a": 1\n}',
    ...view,
  };
}
