/**
 * Report: a re-run as a JUnit file, as CI systems show tests: a test case for
 * each recorded exchange, one for each request that no recorded one is nearest
 * to, and one for the agent's exit. Everything in it is from outside: escaped
 * for terminals first, for XML second.
 */
import { writeFileSync } from "node:fs";
import type { ReplayMissView, ReplayView } from "../../contract/replay-views.js";
import { CliError } from "../cli-error.js";
import { escapeLine } from "../output/escape.js";
import { differenceLine, missTitle } from "./outcome.js";

export interface ReportOptions {
  readonly replay: ReplayView;
  /** Exit code of the agent. */
  readonly agent: number;
  /** Is what was not asked for a failure? */
  readonly strict: boolean;
  /** ISO 8601. */
  readonly at: string;
}

interface Case {
  readonly name: string;
  readonly failure?: {
    readonly type: string;
    readonly message: string;
    readonly lines: readonly string[];
  };
  readonly skipped?: string;
}

/** Writes the report to a file. */
export function writeReport(file: string, options: ReportOptions): void {
  try {
    writeFileSync(file, reportOf(options));
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new CliError(
      "report_unwritable",
      `the report cannot be written: ${why}`,
      "name a file in an existing folder: --report junit.xml",
      { cause },
    );
  }
}

/** The report's text. */
export function reportOf(options: ReportOptions): string {
  const { replay, at } = options;
  const cases = casesOf(options);
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const suite = `name="hoopx replay ${xml(replay.of)}" ${counts} timestamp="${xml(at.replace(/\.\d+Z$/, ""))}" time="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hoopx replay" ${counts}>`,
    `  <testsuite ${suite}>`,
    "    <properties>",
    `      <property name="recorded" value="${xml(replay.of)}"/>`,
    `      <property name="session" value="${xml(replay.session)}"/>`,
    "    </properties>",
    ...cases.map((each) => caseText(each, replay.of)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function casesOf({ replay, agent, strict }: ReportOptions): readonly Case[] {
  const open = replay.misses.filter(({ answeredBy }) => strict || answeredBy === "nobody");
  const exchanges = replay.exchanges.map(({ seq, action, outcome }): Case => {
    const name = `exchange ${seq}: ${action}`;
    if (outcome === "answered") return { name };
    if (outcome === "refused") {
      const message = "the policy in force refused it";
      return { name, failure: { type: "refused", message, lines: [] } };
    }
    // What came in its place, where something did.
    const at = open.findIndex(({ nearest }) => nearest === seq);
    const [miss] = at === -1 ? [] : open.splice(at, 1);
    if (miss !== undefined) return { name, failure: missFailure(miss) };
    const message = "it was not asked for";
    return strict
      ? { name, failure: { type: "unasked", message, lines: [] } }
      : { name, skipped: message };
  });
  const extra = open.map(
    (miss): Case => ({ name: `request ${miss.seq}: ${miss.action}`, failure: missFailure(miss) }),
  );
  const exit: Case = {
    name: "the agent exits with 0",
    ...(agent !== 0 && {
      failure: { type: "exit", message: `it exited with ${agent}`, lines: [] },
    }),
  };
  return [...exchanges, ...extra, exit];
}

function missFailure(miss: ReplayMissView) {
  return { type: "missed", message: missTitle(miss), lines: miss.differences.map(differenceLine) };
}

function caseText({ name, failure, skipped }: Case, of: string): string {
  const open = `    <testcase classname="hoopx.replay.${xml(of)}" name="${xml(name)}" time="0"`;
  if (failure !== undefined) {
    const { type, message, lines } = failure;
    const text = lines.map((line) => `${xml(line)}\n`).join("");
    return `${open}>\n      <failure type="${type}" message="${xml(message)}">${text}</failure>\n    </testcase>`;
  }
  if (skipped === undefined) return `${open}/>`;
  return `${open}>\n      <skipped message="${xml(skipped)}"/>\n    </testcase>`;
}

/** XML 1.0 has no way at all to write most controls: escapeLine has made words of them. */
function xml(text: string): string {
  return escapeLine(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
