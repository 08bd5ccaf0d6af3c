/**
 * `hoopx grants`: what approvals allow from now on.
 */
import type { GrantView } from "../../../contract/review-views.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { firstRows } from "../../output/limited.js";
import { personName } from "../../output/person.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago, grouped } from "../../output/time.js";

export async function run(context: Context, input: { readonly limit: number }): Promise<undefined> {
  const words = { limit: input.limit, what: "grants", more: "hoopx grants" };
  const grants = await firstRows(context, words, (limit) =>
    context.client.call("grantsList", { query: { limit } }),
  );
  if (context.json) {
    printJson(context.stdout, grants);
    return;
  }
  if (grants.length === 0) {
    context.note("no grants yet: an approval with --for leaves one");
    return;
  }
  context.stdout.write(renderTable(columnsOf(context), grants, context.table));
}

/** `used`, `revoked`, `over`, `void` (of an older version: it speaks for nothing), or in force. */
function stateOf(grant: GrantView, now: Date): string {
  const { scope, uses, covers, revokedAt, expiresAt, sessionEndedAt } = grant;
  if (revokedAt !== null) return "revoked";
  if (covers === null) return "void";
  if (scope === "once" && uses > 0) return "used";
  // A daemon of an older version does not say.
  if (sessionEndedAt != null) return "over";
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? "over" : "in force";
}

/** `files.create on openai`, `calls of shell on openai`. */
function coverOf({ covers }: GrantView): string {
  if (covers === null) return "";
  const { action, tool, connection } = covers;
  return `${tool === null ? action : `calls of ${tool}`} on ${connection}`;
}

function columnsOf({ colours, now }: Context): readonly Column<GrantView>[] {
  const state = (row: GrantView) => stateOf(row, now());
  return [
    { title: "ID", value: (row) => row.id, paint: (text) => colours.cyan(text) },
    {
      title: "STATE",
      value: state,
      paint: (text, row) => (state(row) === "in force" ? colours.green(text) : colours.dim(text)),
    },
    { title: "FOR", value: (row) => row.scope },
    { title: "RULE", value: (row) => row.rule ?? "", flexible: 10, drop: 3 },
    { title: "WHAT", value: coverOf, flexible: 12 },
    { title: "WHO", value: (row) => personName(row.identity), drop: 1 },
    { title: "REVIEW", value: (row) => row.review, pipeOnly: true },
    { title: "SESSION", value: (row) => row.sessionId ?? "", pipeOnly: true },
    { title: "USES", value: (row) => grouped(row.uses), align: "right", drop: 0 },
    {
      title: "GIVEN",
      value: (row) => row.createdAt,
      short: (row) => ago(row.createdAt, now()),
      paint: (text) => colours.dim(text),
      drop: 2,
    },
    { title: "UNTIL", value: (row) => row.expiresAt ?? "", pipeOnly: true },
  ];
}
