/**
 * `hoopx doctor [-- CMD]`: everything that must work, a line each with what
 * mends it; exit 1 where something fails. It starts the daemon if it can, and
 * is of use where it cannot. With CMD: that its SDK really goes through hoopx.
 */
import type { CheckView } from "../../contract/checkup-views.js";
import { exitCodes } from "../cli-error.js";
import type { Context } from "../context.js";
import { clockCheck, connectionChecks, daemonChecks, policyChecks } from "../doctor/checks.js";
import { commandCheck } from "../doctor/command-check.js";
import { renderChecks } from "../doctor/render.js";
import { printJson } from "../output/json.js";

interface DoctorInput {
  readonly command?: readonly string[];
  /** Connections to check; none: all. */
  readonly connection?: readonly string[];
  readonly profile?: string;
}

export async function run(context: Context, input: DoctorInput): Promise<number> {
  const checks: CheckView[] = [];
  const { stdout, json } = context;
  const say = (...found: readonly CheckView[]) => {
    checks.push(...found);
    if (!json) stdout.write(renderChecks(found, context.table));
  };
  const daemon = await daemonChecks(context);
  say(...daemon.checks);
  if (daemon.checkup !== undefined) {
    say(...(await policyChecks(context)));
    const { checks: connections, clocks } = await connectionChecks(context, input.connection ?? []);
    say(...connections, clockCheck([...daemon.checkup.clocks, ...clocks]));
  }
  const command = input.command ?? [];
  if (command.length > 0) {
    say(await commandCheck(context, { ...input, command }, daemon.checkup !== undefined));
  }

  const ok = checks.every(({ outcome }) => outcome !== "failed");
  if (json) printJson(stdout, { ok, checks });
  return ok ? exitCodes.done : exitCodes.failed;
}
