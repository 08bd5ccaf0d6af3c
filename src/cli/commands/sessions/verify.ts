/**
 * `hoopx sessions verify [ID]`: is the record as it was written? Exit 1 where
 * it is not, with a line for each record that was edited, taken out, put in or
 * moved.
 */
import { resolve } from "node:path";
import type { RecordProblemView, RecordVerifyView } from "../../../contract/record-views.js";
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago, counted, grouped, lasting } from "../../output/time.js";

interface VerifyInput {
  readonly id?: string;
  readonly head?: string;
  readonly file?: string;
}

const failedCode = 1;

export async function run(context: Context, input: VerifyInput): Promise<number | undefined> {
  const { client, stdout } = context;
  const { id, head, file } = input;
  const found = await client.call("recordVerify", {
    body: {
      ...(id !== undefined && { session: id }),
      ...(head !== undefined && { head: headIn(head) }),
      ...(file !== undefined && { file: resolve(file) }),
    },
  });
  if (context.json) printJson(stdout, found);
  else show(context, found);
  return found.ok ? undefined : failedCode;
}

/** Reads `PLACE:HASH`, as a verify before printed it. */
function headIn(text: string): { readonly place: number; readonly hash: string } {
  const [, place, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (place === undefined || hash === undefined) {
    throw usage("--head takes a head as verify prints it", "write --head PLACE:HASH");
  }
  return { place: Number(place), hash };
}

function show(context: Context, found: RecordVerifyView): void {
  const { stdout, colours, now } = context;
  const { problems, links, records, bytes, durationMs, sealed, head } = found;
  const looked = `${counted(records, "record")} in ${counted(links, "link")}, ${grouped(bytes)} bytes of frames, in ${lasting(durationMs)}`;
  if (problems.length > 0) stdout.write(renderTable(columnsOf(context), problems, context.table));
  const verdict = found.ok
    ? colours.green("as it was written")
    : colours.red(`not as it was written: ${counted(problems.length, "problem")}`);
  const what = found.session === null ? "the record" : `the record of ${found.session}`;
  stdout.write(`${escapeLine(what)} is ${verdict} (${looked})\n`);
  stdout.write(
    sealed === null
      ? `not signed${found.unsigned === null ? "" : `: ${escapeLine(found.unsigned)}`}\n`
      : `signed up to place ${grouped(sealed.place)}, ${ago(sealed.at, now())}, by key ${sealed.key}\n`,
  );
  if (found.anchored !== null) {
    const { place, at, accepted } = found.anchored;
    stdout.write(`held to place ${grouped(place)} in the secret store, kept ${ago(at, now())}\n`);
    if (accepted !== null) {
      const instead = `${accepted.instead.place}:${accepted.instead.hash}`;
      const then = `which ended at place ${grouped(accepted.place)}, in the place of one with head ${instead}`;
      stdout.write(`accepted by a person ${ago(accepted.at, now())}: this record, ${then}\n`);
    }
  } else if (found.unsigned !== null && sealed !== null) {
    stdout.write(`not held to a head in the secret store: ${escapeLine(found.unsigned)}\n`);
  }
  if (!found.ok && problems.some(({ record }) => record === "seal")) {
    context.note(
      "if this is a copy that you restored: hoopx sessions accept goes on with it as it is",
    );
  }
  if (head.place === 0) return;
  stdout.write(`head ${head.place}:${head.hash}\n`);
  context.note(
    "keep a copy of the head elsewhere: verify --head HEAD compares a later record with it",
  );
}

function columnsOf({ colours }: Context): readonly Column<RecordProblemView>[] {
  return [
    { title: "PROBLEM", value: (row) => row.kind, paint: (text) => colours.red(text) },
    { title: "RECORD", value: (row) => `${row.record} ${row.id}` },
    { title: "SESSION", value: (row) => row.session ?? "", drop: 0 },
    { title: "WHAT", value: (row) => row.message, flexible: 20 },
  ];
}
