/**
 * Sample reviews: three that show every part of the inbox, with what a hostile
 * agent would put into them, as old and as near their end as a test says.
 */
import type { ReviewDetailView } from "../../../src/contract/review-views.js";
import { reviewView } from "./fake-reviews.js";

/** Oldest first; half a minute away from where what is shown of their times changes. */
export function sampleReviews(now: Date): readonly ReviewDetailView[] {
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  const operation = {
    provider: "openai",
    action: "responses.create",
    class: "inference",
    method: "POST",
    path: "/v1/responses",
    model: "gpt-5-mini",
    tools: ["delete_file", "list_files"],
    stream: true,
  } as const;
  return [
    reviewView("rev_files", { createdAt: at(-570), expiresAt: at(330) }),
    reviewView("rev_shell", {
      kind: "tool-call",
      operation,
      toolCall: { name: "delete_file", arguments: '{"path":"/srv/日本語/データ","force":true}' },
      rule: "shell-needs-a-human",
      reason: "the model calls delete_file",
      by: { groups: ["leads"], subjects: [], emails: [] },
      self: false,
      createdAt: at(-270),
      expiresAt: at(510),
      added: [{ kind: "message", role: "user", text: "Clean up\u001b[2J\u202e the old data." }],
      prompt: [
        { kind: "message", role: "system", text: "You keep the disk tidy." },
        { kind: "message", role: "user", text: "Clean up\u001b[2J\u202e the old data." },
      ],
      body: JSON.stringify(
        {
          model: "gpt-5-mini",
          input: [
            { role: "system", content: "You keep the disk tidy." },
            { role: "user", content: "Clean up the old data." },
            { role: "user", content: "key: [masked:openai-key]" },
          ],
          tools: [{ type: "function", name: "delete_file" }],
          stream: true,
        },
        null,
        2,
      ),
    }),
    reviewView("rev_admin", {
      operation: {
        ...operation,
        action: "admin.api-keys.create",
        class: "admin",
        path: "/v1/organization/admin_api_keys",
        model: null,
        tools: [],
        stream: false,
      },
      identity: {
        issuer: "os:build-7",
        subject: "ci\u0007runner",
        email: null,
        groups: [],
        profile: null,
      },
      rule: "two-leads-for-admin",
      reason: "admin.api-keys.create is administration",
      approvalsNeeded: 2,
      createdAt: at(-90),
      expiresAt: at(450),
    }),
  ];
}
