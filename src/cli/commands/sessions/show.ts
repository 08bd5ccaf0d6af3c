/**
 * `hoopx sessions show ID`: one session and what it did. With `--json`: the
 * session, with its exchanges under `exchanges`.
 */
import type { MeasuredExchangeView, MeasuredSessionView } from "../../../contract/measure-views.js";
import type { ExchangeView, ProcessView, SessionView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";
import { dollars, measureColumns, measureFields, totalsLine } from "../../output/measures.js";
import { operationText } from "../../output/operation.js";
import { personName } from "../../output/person.js";
import { exchangeCounts, outcomeText, paintOutcome } from "../../output/status.js";
import { answerText } from "../../output/stop.js";
import { type Column, renderDetails, renderTable } from "../../output/table.js";
import { ago, grouped, lasting } from "../../output/time.js";
import { tokenFlow, tokensInAndOut } from "../../output/tokens.js";
import { whyLines } from "../../output/why.js";
import { cutTo } from "../../output/width.js";

export async function run(context: Context, input: { readonly id: string }): Promise<undefined> {
  const { client, stdout, colours, table } = context;
  const session = await client.call("sessionsShow", { path: { id: input.id } });
  const exchanges = await client.call("exchangesList", { path: { id: session.id } });
  if (context.json) {
    printJson(stdout, { ...session, exchanges });
    return;
  }
  if (stdout.isTTY) stdout.write(`${colours.bold(session.id)}\n`);
  stdout.write(renderDetails(detailsOf(context, session, exchanges), table));
  if (exchanges.length === 0) return;
  stdout.write("\n");
  stdout.write(renderTable(columnsOf(context, exchanges), exchanges, table, whyLines));
  if (stdout.isTTY) {
    const totals = totalsLine(session, exchanges, context.now());
    stdout.write(`${colours.dim(cutTo(totals, stdout.columns))}\n`);
  }
  const outside = exchanges.filter(({ error }) => error === "token_outside_run");
  if (!stdout.isTTY || outside.length === 0) return;
  const who = [...new Set(outside.map((each) => callerOf(each) || "a process that was gone"))];
  const said = `its token was used outside the run, and refused: ${who.join(", ")}`;
  stdout.write(`\n${colours.red(escapeLine(said))}\n`);
}

/** Places that are named of one detector; --json has all. */
const mostPlaces = 8;

type Detail = readonly [name: string, value: string];

function detailsOf(
  { stdout, now }: Context,
  session: MeasuredSessionView,
  exchanges: readonly ExchangeView[],
): readonly Detail[] {
  const { identity, process, counts, tokens, startedAt, endedAt, exitCode } = session;
  const moment = (text: string) => (stdout.isTTY ? ago(text, now()) : text);
  const labels = Object.entries(session.labels).map(([key, value]) => `${key}=${value}`);
  const exited = exitCode === null ? "" : `, exit code ${exitCode}`;
  const took =
    endedAt === null ? "" : ` after ${lasting(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const optional = (name: string, value: string | null): readonly Detail[] =>
    value === null || value === "" ? [] : [[name, value]];
  return [
    ...(stdout.isTTY ? [] : [["id", session.id] as const]),
    ["status", `${session.status}${exited}`],
    ...optional("title", session.title),
    ...optional("labels", labels.join(" ")),
    ["command", process.command],
    ["folder", process.cwd],
    ...originOf(process),
    ["process", `${process.pid ?? "-"} of ${process.user} on ${process.host}`],
    [
      "token",
      session.processCheck === "tree"
        ? "works in the run's own processes only"
        : "works from any process: they cannot be told apart here (hoopx doctor)",
    ],
    ["identity", `${personName(identity)} (${identity.issuer})`],
    ...optional("profile", identity.profile),
    ...optional("groups", identity.groups.join(", ")),
    ["connections", session.connections.join(", ")],
    ...optional("credentials", credentialsOf(session)),
    ["started", moment(startedAt)],
    ...(endedAt === null
      ? [["expires", session.expiresAt] as const]
      : [["ended", `${moment(endedAt)}${stdout.isTTY ? took : ""}`] as const]),
    ["exchanges", exchangeCounts(counts)],
    ...optional("masked", maskedIn(exchanges)),
    ["tokens", tokensInAndOut(tokens)],
    ["cost", session.cost === null ? "unknown" : `about ${dollars(session.cost)}`],
  ];
}

/** `3 github-token (#1 request, #2 reply), 1 email (#2 request)`: what was hidden, and where. */
function maskedIn(exchanges: readonly ExchangeView[]): string {
  const byDetector = new Map<string, { count: number; readonly places: string[] }>();
  for (const { seq, masked } of exchanges) {
    for (const { detector, count, place = "reply" } of masked) {
      const known = byDetector.get(detector) ?? { count: 0, places: [] };
      byDetector.set(detector, known);
      known.count += count;
      known.places.push(`#${seq} ${place}`);
    }
  }
  return [...byDetector]
    .map(([detector, { count, places }]) => {
      const more = places.length > mostPlaces ? `, and ${places.length - mostPlaces} more` : "";
      const where = places.slice(0, mostPlaces).join(", ");
      return `${grouped(count)} ${detector} (${where}${more})`;
    })
    .join(", ");
}

/** Where the run came from: repository and CI job, as far as they are known. */
function originOf({ git, ci }: ProcessView): readonly Detail[] {
  const joined = (parts: readonly (string | null | undefined)[]) =>
    parts.filter((part) => part !== null && part !== undefined).join(" · ");
  const rows: readonly Detail[] = [
    ["repository", git?.remote ?? ""],
    ["branch", joined([git?.branch, git?.commit?.slice(0, 12)])],
    ["ci job", joined([ci?.system, ci?.job, ci?.run])],
    ["ci link", ci?.url ?? ""],
  ];
  return rows.filter(([, value]) => value !== "");
}

/** One connection's credential needs no name; several do. */
function credentialsOf({ credentials }: SessionView): string {
  if (credentials.length === 1) return credentials[0]?.lifetime ?? "";
  return credentials.map(({ connection, lifetime }) => `${connection}: ${lifetime}`).join(", ");
}

/** `node 4711`: enough to know it again; `--json` has the path and when it started. */
function callerOf({ process }: ExchangeView): string {
  return process === null ? "" : `${process.executable.split(/[/\\]/).at(-1)} ${process.pid}`;
}

function columnsOf(
  context: Context,
  exchanges: readonly MeasuredExchangeView[],
): readonly Column<MeasuredExchangeView>[] {
  const { colours } = context;
  // A run of one process needs no column for it.
  const several = new Set(exchanges.map(callerOf)).size > 1;
  return [
    { title: "#", value: (row) => String(row.seq), align: "right" },
    {
      title: "OPERATION",
      value: (row) => operationText(row.operation),
      flexible: 16,
    },
    { title: "MODEL", value: (row) => row.operation?.model ?? "", flexible: 8, drop: 2 },
    { title: "CONNECTION", value: (row) => row.connection ?? "", flexible: 8, drop: 0 },
    {
      title: "OUTCOME",
      value: outcomeText,
      paint: (text, row) => paintOutcome(colours, text, row),
      // The longest outcome, whole: what went wrong behind it is told below or in --json.
      flexible: 19,
    },
    {
      title: "TOOK",
      value: (row) => String(row.durationMs ?? ""),
      short: (row) => (row.durationMs === null ? "" : lasting(row.durationMs)),
      align: "right",
      drop: 3,
    },
    {
      title: "TOKENS",
      value: (row) => (row.tokens === null ? "" : `${row.tokens.input}/${row.tokens.output}`),
      short: (row) => (row.tokens === null ? "" : tokenFlow(row.tokens)),
      align: "right",
      drop: 1,
    },
    ...(context.stdout.isTTY ? measureColumns(context, exchanges) : []),
    {
      title: "PROCESS",
      value: callerOf,
      ...(several ? { flexible: 10, drop: 0.5 } : { pipeOnly: true as const }),
    },
    { title: "STARTED", value: (row) => row.startedAt, pipeOnly: true },
    { title: "ID", value: (row) => row.id, pipeOnly: true },
    ...measureFields,
    { title: "ANSWER", value: answerText, pipeOnly: true },
  ];
}
