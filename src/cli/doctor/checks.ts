/**
 * Checks: what `hoopx doctor` asks the daemon. It is started if it does not
 * run; where that fails, that is the finding, and all that only a daemon knows
 * is said to be unknown.
 */
import type { CheckupView, CheckView } from "../../contract/checkup-views.js";
import type { PolicyCheckView } from "../../contract/policy-views.js";
import type { ConnectionTestView } from "../../contract/views.js";
import { CliError } from "../cli-error.js";
import type { Context } from "../context.js";
import { lasting } from "../output/time.js";
import { portTakenText } from "../port-taken.js";
import { socketTakenText } from "../socket-taken.js";
import { failed, failure, passed, skipped, warning } from "./check.js";

/** Identity providers tolerate about a minute; what is tolerated is no fault. */
const toleratedMs = 60_000;
/** An HTTP date has whole seconds, and a reply takes its time. */
const preciseMs = 2_000;

/** The daemon, and what it says of its surroundings; no checkup where there is no daemon. */
export async function daemonChecks({ client, version }: Context): Promise<{
  readonly checks: readonly CheckView[];
  readonly checkup: CheckupView | undefined;
}> {
  try {
    const view = await client.connect();
    const { pid, port, version: theirs, connectionProblems } = view;
    const other = theirs === version ? "" : ` (this is ${version})`;
    const daemon = passed(
      "daemon",
      `version ${theirs}${other} · process ${pid} · 127.0.0.1:${port}`,
    );
    const checkup = await client.call("checkup");
    const taken = { port: portTakenText(view), "control socket": socketTakenText(view) };
    const takings = Object.entries(taken).flatMap(([name, text]) =>
      text === undefined ? [] : [warning(name, text.message, text.hint)],
    );
    const unread = connectionProblems.map((problem) =>
      failed("connections", problem, "mend that line, then hoopx daemon restart"),
    );
    return { checks: [daemon, ...takings, ...checkup.checks, ...unread], checkup };
  } catch (error) {
    const rest = ["record", "keychain", "identity provider", "policy", "connections", "clock"];
    const unknown = rest.map((name) => skipped(name, "not checked: only the daemon knows"));
    const details = error instanceof CliError ? error.details : [];
    const settings = details.map((detail) => failed("settings", detail, null));
    return { checks: [failure("daemon", error), ...settings, ...unknown], checkup: undefined };
  }
}

/** The policy files of where the person stands, as they are on disk now: a line for each mistake. */
export async function policyChecks(context: Context): Promise<readonly CheckView[]> {
  try {
    const body = { folder: context.folder() };
    const { files, problems, warnings } = await context.client.call("policyCheck", { body });
    if (problems.length + warnings.length === 0) {
      return [passed("policy", files.join(", ") || "the built-in rules are in force")];
    }
    return [...lines(problems, failed), ...lines(warnings, warning)];
  } catch (error) {
    return [failure("policy", error)];
  }
}

function lines(found: PolicyCheckView["problems"], outcome: typeof failed): readonly CheckView[] {
  return found.map(({ file, line, column, reason, hint }) =>
    outcome("policy", `${file}:${line}:${column}: ${reason}`, hint ?? "hoopx policy check"),
  );
}

/** Each connection, with its real credential. */
export async function connectionChecks(
  { client }: Context,
  names: readonly string[] = [],
): Promise<{
  readonly checks: readonly CheckView[];
  readonly clocks: CheckupView["clocks"];
}> {
  const listed = await client.call("connectionsList");
  const unknown = names.find((name) => !listed.some((connection) => connection.name === name));
  if (unknown !== undefined) {
    const why = `unknown connection ${unknown}`;
    return { checks: [failed("connections", why, "hoopx connections")], clocks: [] };
  }
  const all = listed.filter(({ name }) => names.length === 0 || names.includes(name));
  if (all.length === 0) {
    const none = skipped(
      "connections",
      "no connection was added yet",
      "hoopx connections add openai",
    );
    return { checks: [none], clocks: [] };
  }
  const clocks: { host: string; aheadMs: number }[] = [];
  const checks = await Promise.all(
    all.map(async ({ name, baseUrl }) => {
      const title = `connection ${name}`;
      try {
        const test = await client.call("connectionsTest", { path: { name } });
        const { clockAheadMs: aheadMs } = test;
        if (aheadMs !== null) clocks.push({ host: new URL(baseUrl).host, aheadMs });
        return connectionCheck(title, test);
      } catch (error) {
        return failure(title, error);
      }
    }),
  );
  return { checks, clocks };
}

function connectionCheck(title: string, test: ConnectionTestView): CheckView {
  const status = test.status === null ? "no answer" : String(test.status);
  const said = `${test.request} → ${status} in ${lasting(test.durationMs)}: ${test.message}`;
  if (test.ok) return passed(title, said);
  const rejected = test.status === 401 || test.status === 403;
  return failed(
    title,
    said,
    `hoopx connections ${rejected ? "rotate" : "show"} ${test.connection}`,
  );
}

/** This machine's clock against all who told theirs. */
export function clockCheck(clocks: CheckupView["clocks"]): CheckView {
  const [furthest] = [...clocks].sort((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
  if (furthest === undefined) return skipped("clock", "no server answered to compare it with");
  const { host, aheadMs } = furthest;
  const off = Math.abs(aheadMs);
  if (off <= preciseMs) return passed("clock", `agrees with ${host}`);
  const said = `${lasting(off)} ${aheadMs > 0 ? "ahead of" : "behind"} ${host}`;
  if (off <= toleratedMs) return passed("clock", said);
  return failed("clock", said, "set the clock, for instance with timedatectl set-ntp true");
}
