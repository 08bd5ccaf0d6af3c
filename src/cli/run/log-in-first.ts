/**
 * Log in first: a session that needs an identity and has none. On a terminal
 * the login begins at once and the run goes on after it; elsewhere it ends
 * with exit code 4 and the command to run.
 */
import type { ProfileChoice } from "../../contract/identity-requests.js";
import { CliError } from "../cli-error.js";
import type { Context } from "../context.js";
import { followLogin } from "../login/follow-login.js";
import { personName } from "../output/person.js";

/** Does the job, after a login where it needs one and a person is there to log in. */
export async function withLogin<Result>(
  context: Context,
  choice: ProfileChoice,
  job: () => Promise<Result>,
): Promise<Result> {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "login_needed") throw error;
    if (context.json || !context.prompter.interactive) throw error;
    await logIn(context, choice, error);
    return job();
  }
}

async function logIn(context: Context, choice: ProfileChoice, needed: CliError): Promise<void> {
  context.note(needed.message);
  try {
    const body = { ...choice, given: {}, way: { kind: "device" } } as const;
    const { identity } = await followLogin(context, { body, open: true });
    context.note(`logged in as ${personName(identity)}`);
  } catch (error) {
    // No option said where to log in: the first error has the command that does.
    throw error instanceof CliError && error.code === "bad_request" ? needed : error;
  }
}
