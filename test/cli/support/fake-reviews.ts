/**
 * Fake reviews: a desk in memory behind the fake daemon's routes. It settles
 * what is answered, tells every listener, and lets a test open, settle, hold
 * back and refuse as other people and a real desk would.
 */
import type { LiveEvent } from "../../../src/contract/events.js";
import type { ReviewDetailView, ReviewView } from "../../../src/contract/review-views.js";
import type { IdentityView } from "../../../src/contract/views.js";
import { reviewOutcome } from "../../../src/daemon/model/outcome.js";
import { type Answers, Refused } from "./fake-daemon.js";

export interface FakeReviews {
  readonly answers: Answers;
  /** What was asked of the desk: `approve rev_1 session`, `deny rev_2 not today`. */
  readonly told: readonly string[];
  open(review: ReviewDetailView): void;
  /** Somebody else answers. */
  settle(id: string, change: Partial<ReviewView>): void;
  /** Answers wait until the release that this gives is called. */
  hold(): () => void;
  /** The next answer is refused. */
  refuse(title: string, hint?: string): void;
  /** Resolves once this many have been told. */
  hears(count: number): Promise<void>;
  listeners(): number;
}

export const reviewer: IdentityView = {
  issuer: "https://id.example",
  subject: "bob",
  email: "bob@example.com",
  groups: ["leads"],
  profile: "default",
};

export function createFakeReviews(now = () => new Date().toISOString()): FakeReviews {
  const reviews = new Map<string, ReviewDetailView>();
  const told: string[] = [];
  const listeners = new Set<(event: LiveEvent) => void>();
  const hearing = new Set<() => void>();
  let gate: Promise<void> = Promise.resolve();
  let refusal: Refused | undefined;

  function tell(type: "review.opened" | "review.changed", review: ReviewView): void {
    for (const listener of listeners) listener({ type, at: now(), review });
  }
  function find(id: string | undefined): ReviewDetailView {
    const review = reviews.get(id ?? "");
    if (review === undefined) throw new Refused("not_found", `no review ${id}`);
    return review;
  }
  function change(id: string, values: Partial<ReviewView>): ReviewView {
    const review = { ...find(id), ...values };
    reviews.set(id, review);
    tell("review.changed", bare(review));
    return bare(review);
  }
  async function answered(
    what: string,
    id: string | undefined,
    values: Partial<ReviewView>,
  ): Promise<ReviewView> {
    told.push(what);
    for (const look of hearing) look();
    await gate;
    const refused = refusal;
    refusal = undefined;
    if (refused) throw refused;
    const review = find(id);
    if (review.status !== "pending") {
      throw new Refused("conflict", `${review.id} is ${review.status} already`);
    }
    return change(review.id, { ...values, decidedBy: reviewer, decidedAt: now() });
  }

  return {
    told,
    answers: {
      reviewsList: ({ query }) =>
        [...reviews.values()]
          .filter(({ status }) => (query.get("status") ?? status) === status)
          .map(bare),
      reviewsShow: ({ params }) => find(params.id),
      reviewsReveal: ({ params, body }) =>
        find(params.id)
          .hidden.filter(({ number }) => (body.pieces ?? [number]).includes(number))
          .map(({ number }) => ({ number, text: `secret ${number}`, base64: false })),
      reviewsApprove: ({ params, body }) =>
        answered(
          `approve ${params.id} ${body.for}${body.seconds ? ` ${body.seconds}` : ""}`,
          params.id,
          {
            status: "approved",
          },
        ),
      reviewsDeny: ({ params, body }) =>
        answered(`deny ${params.id} ${body.comment ?? "-"}`, params.id, {
          status: "denied",
          comment: body.comment ?? null,
        }),
      async *events() {
        const queue: LiveEvent[] = [];
        let wake = () => {};
        const listener = (event: LiveEvent) => {
          queue.push(event);
          wake();
        };
        listeners.add(listener);
        try {
          for (;;) {
            yield* queue.splice(0);
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          listeners.delete(listener);
        }
      },
    },
    open(review) {
      reviews.set(review.id, review);
      tell("review.opened", bare(review));
    },
    settle: (id, values) => void change(id, values),
    hold() {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    refuse(title, hint) {
      refusal = new Refused("conflict", title, hint);
    },
    hears: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (told.length < count) return;
          hearing.delete(look);
          resolve();
        };
        hearing.add(look);
        look();
      }),
    listeners: () => listeners.size,
  };
}

function bare({
  hidden: _hidden,
  whole: _whole,
  added: _added,
  prompt: _prompt,
  body: _body,
  ...review
}: ReviewDetailView): ReviewView {
  return review;
}

/** A review as a daemon would show it, so long after `from`. */
export function reviewView(id: string, view: Partial<ReviewDetailView> = {}): ReviewDetailView {
  return {
    id,
    sessionId: "ses_4k2m9x7q1c3v5b8n",
    exchangeId: "exc_1",
    kind: "request",
    status: "pending",
    outcome: reviewOutcome({ status: view.status ?? "pending" }),
    operation: {
      provider: "openai",
      action: "files.delete",
      class: "write",
      method: "DELETE",
      path: "/v1/files/file-abc",
      model: null,
      tools: [],
      stream: false,
    },
    connection: "openai",
    toolCall: null,
    identity: {
      issuer: "https://id.example",
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering"],
      profile: "default",
    },
    process: {
      pid: 77,
      command: "node agent.js --nightly",
      cwd: "/work/triage",
      host: "laptop",
      user: "ada",
      git: null,
      ci: null,
    },
    sessionTitle: "nightly triage",
    rule: "writes-need-a-human",
    ruleLayer: "user",
    ruleFile: "/home/ada/.config/hoopx/policy.yaml",
    reason: "files.delete is a write",
    requestSha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    requestBytes: 1204,
    createdAt: "2026-11-24T09:55:30.000Z",
    expiresAt: "2026-11-24T10:07:30.000Z",
    by: null,
    self: true,
    remember: "once",
    atMost: "session",
    approvalsNeeded: 1,
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    grant: null,
    comment: null,
    hidden: [],
    whole: true,
    added: [],
    prompt: [],
    body: null,
    ...view,
  };
}
