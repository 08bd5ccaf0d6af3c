/**
 * `hoopx policy test`: a policy run over what is recorded. Nothing is sent; it
 * shows what would be decided otherwise, by rule, with exchanges to look at.
 */
import type { PolicyChangeView, PolicyTestView } from "../../../contract/policy-views.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";
import { type Column, renderTable } from "../../output/table.js";
import { counted, grouped } from "../../output/time.js";
import { wrapTo } from "../../output/wrap.js";
import { parseSince } from "../../parse.js";
import { paintEffect } from "./effect.js";
import { readPolicyFile } from "./policy-file.js";

interface TestInput {
  readonly since: string;
  readonly file?: string;
}

export async function run(context: Context, input: TestInput): Promise<undefined> {
  const { stdout } = context;
  const result = await resultOf(context, input);
  if (context.json) {
    printJson(stdout, result);
    return;
  }
  if (context.table.width === undefined) {
    stdout.write(renderTable(changeColumns(context), result.changes, context.table));
    context.note(summary(result));
  } else show(context, result);
  for (const note of result.notes) context.note(note);
}

async function resultOf(context: Context, input: TestInput): Promise<PolicyTestView> {
  const file = readPolicyFile(input.file);
  const signal = context.interrupted();
  const body = {
    folder: context.folder(),
    since: parseSince(input.since, context.now()),
    ...(file && { file }),
  };
  try {
    for await (const line of context.client.stream("policyTest", { body, signal })) {
      if (line.type === "done") return line.result;
      if (context.stderr.isTTY) context.note(`${counted(line.exchanges, "exchange")} so far`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) throw new CliError("interrupted", "the test was interrupted", "run it again");
  throw new CliError("daemon_lost", "the daemon stopped", "hoopx policy test starts it again");
}

function summary({ exchanges, since, same, changed, skipped }: PolicyTestView): string {
  const unread = skipped === 0 ? "" : `, ${grouped(skipped)} could not be read again`;
  return `${counted(exchanges, "exchange")} since ${since.slice(0, 16).replace("T", " ")}: ${grouped(same)} decided as before, ${grouped(changed)} differently${unread}`;
}

function show(context: Context, result: PolicyTestView): void {
  const { stdout, table, colours } = context;
  const width = table.width ?? 80;
  for (const line of wrapTo(escapeLine(summary(result)), width)) {
    stdout.write(`${colours.bold(line)}\n`);
  }
  if (result.changes.length > 0) {
    stdout.write(`\n${renderTable(changeColumns(context), result.changes, table)}`);
  }
  if (result.rules.length > 0) {
    stdout.write(`\n${renderTable(ruleColumns(context), result.rules, table)}`);
  }
}

const ruleText = (rule: string | null): string => rule ?? "(none)";

function changeColumns({ colours }: Context): readonly Column<PolicyChangeView>[] {
  return [
    { title: "THEN", value: (row) => row.from },
    { title: "BY RULE", value: (row) => ruleText(row.fromRule), flexible: 8, drop: 1 },
    {
      title: "NOW",
      value: (row) => row.to,
      paint: (text, row) => paintEffect(colours, text, row.to),
    },
    { title: "BY RULE", value: (row) => ruleText(row.toRule), flexible: 14 },
    { title: "WHAT", value: (row) => row.about, drop: 2 },
    {
      title: "COUNT",
      value: (row) => String(row.count),
      short: (row) => grouped(row.count),
      align: "right",
    },
    {
      title: "FOR EXAMPLE",
      value: (row) => row.examples.join(","),
      short: (row) => row.examples[0] ?? "",
    },
    { title: "REASON", value: (row) => row.reason, pipeOnly: true },
  ];
}

function ruleColumns({ colours }: Context): readonly Column<PolicyTestView["rules"][number]>[] {
  return [
    { title: "RULE", value: (row) => row.rule, flexible: 12 },
    {
      title: "EFFECT",
      value: (row) => row.effect,
      paint: (text, row) => paintEffect(colours, text, row.effect),
    },
    {
      title: "DECIDED",
      value: (row) => String(row.decided),
      short: (row) => (row.decided === 0 ? "never" : grouped(row.decided)),
      align: "right",
    },
    { title: "LAYER", value: (row) => row.layer, pipeOnly: true },
  ];
}
