/**
 * Compare runs: `hoopx replay A --diff B`. Exits 0 where both runs say the
 * same, 1 where they differ. The output is the same each time for the same two
 * runs, and not wrapped where no terminal shows it.
 */
import type { ConversationView, SessionView } from "../../contract/views.js";
import type { Context } from "../context.js";
import { printJson } from "../output/json.js";
import { counted } from "../output/time.js";
import { cutTo } from "../output/width.js";
import { compareConversations, type ExchangeChange } from "./compare.js";
import { diffDocument, differs, sumOf } from "./diff-document.js";
import { diffLines } from "./diff-lines.js";
import { type RunTotals, totalRowsOf, totalsOf } from "./run-totals.js";

/** Compares two sessions and prints how they differ. */
export async function compareRuns(
  context: Context,
  idA: string,
  idB: string,
  exchange?: number,
): Promise<number> {
  const { client, stdout, colours } = context;
  const one = await client.call("sessionsShow", { path: { id: idA } });
  const other = await client.call("sessionsShow", { path: { id: idB } });
  const before = await conversationsOf(context, one, exchange);
  const after = await conversationsOf(context, other, exchange);
  const changes = compareConversations(before, after);
  const viewsOf = (conversations: readonly ConversationView[]) =>
    conversations.map((conversation) => conversation.exchange);
  const a = totalsOf(one, viewsOf(before), changes, "a");
  const b = totalsOf(other, viewsOf(after), changes, "b");
  const code = differs(changes) ? 1 : 0;
  if (context.json) {
    printJson(stdout, diffDocument(a, b, changes));
    return code;
  }
  const coloured = colours.level > 0;
  const options = { colours, coloured, width: stdout.isTTY ? stdout.columns : undefined };
  for (const change of changes) {
    for (const line of diffLines(change, options)) stdout.write(`${line}\n`);
  }
  for (const line of ["", ...totalLines(a, b), "", outcomeOf(changes)]) {
    stdout.write(`${options.width === undefined ? line : cutTo(line, options.width)}\n`);
  }
  return code;
}

async function conversationsOf(
  { client }: Context,
  session: SessionView,
  exchange: number | undefined,
): Promise<readonly ConversationView[]> {
  const found: ConversationView[] = [];
  const lines = client.stream("conversation", {
    path: { id: session.id },
    query: { exchange },
  });
  for await (const line of lines) found.push(line);
  return found;
}

function totalLines(a: RunTotals, b: RunTotals): readonly string[] {
  const rows = [["", `- ${a.session}`, `+ ${b.session}`], ...totalRowsOf(a, b)];
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map(([name = "", left = "", right = ""]) =>
    `${name.padEnd(widths[0] ?? 0)}  ${left.padEnd(widths[1] ?? 0)}  ${right}`.trimEnd(),
  );
}

function outcomeOf(changes: readonly ExchangeChange[]): string {
  const { equal, changed, added, removed, facts } = sumOf(changes);
  if (!differs(changes)) return `equal: ${counted(equal, "turn")}`;
  const exchanges = (side: "a" | "b") => changes.filter((change) => change[side] === null).length;
  const parts = [
    exchanges("b") > 0 ? `${counted(exchanges("b"), "exchange")} removed` : "",
    exchanges("a") > 0 ? `${counted(exchanges("a"), "exchange")} added` : "",
    changed > 0 ? `${counted(changed, "turn")} changed` : "",
    removed > 0 ? `${counted(removed, "turn")} removed` : "",
    added > 0 ? `${counted(added, "turn")} added` : "",
    facts > 0 ? `${counted(facts, "fact")} changed` : "",
    `${counted(equal, "turn")} equal`,
  ];
  return `different: ${parts.filter((part) => part !== "").join(", ")}`;
}
