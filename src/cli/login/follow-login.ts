/**
 * Follow login: one login from its first line to its last, drawn for a person
 * or printed for a program. Ctrl-C gives it up, at the daemon too: nothing is
 * stored of a login that is not waited for.
 */
import type { LoginEvent } from "../../contract/events.js";
import type { StartLogin } from "../../contract/identity-requests.js";
import type { IdentityView } from "../../contract/views.js";
import { CliError, fromProblem } from "../cli-error.js";
import type { Context } from "../context.js";
import { printJsonLine } from "../output/json.js";
import { hasDisplay } from "./browser.js";
import { createLoginScreen } from "./screen.js";

export interface LoggedIn {
  readonly identity: IdentityView;
  readonly kept: "keychain" | "file" | "memory";
}

export interface FollowOptions {
  readonly body: StartLogin;
  /** False after `--no-open`. */
  readonly open: boolean;
}

const interruptedCode = 130;

/** Logs in; ends with a CliError where the login failed. */
export async function followLogin(context: Context, options: FollowOptions): Promise<LoggedIn> {
  const { client, stdout, json } = context;
  const signal = context.interrupted();
  const screen = createLoginScreen(context);
  try {
    // A new sealed file takes the passphrase that this process knows.
    const store = options.body.secretStore ?? (await client.connect()).secretStore;
    if (store === "file") await client.unlockIfKnown();
    for await (const event of client.stream("loginStart", { body: options.body, signal })) {
      if ("problem" in event) throw fromProblem(event.problem);
      if ("identity" in event) {
        if (json) printJsonLine(stdout, { identity: event.identity });
        return event;
      }
      if (json) printJsonLine(stdout, event);
      await show(context, options, event, screen);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    screen.close();
  }
  if (signal.aborted) throw givenUp();
  throw new CliError("daemon_lost", "the daemon stopped", "hoopx login starts again");
}

async function show(
  context: Context,
  { open }: FollowOptions,
  event: Exclude<LoginEvent, { identity: unknown } | { problem: unknown }>,
  screen: ReturnType<typeof createLoginScreen>,
): Promise<void> {
  const { environment, json } = context;
  const address =
    "userCode" in event
      ? (event.verificationUriComplete ?? event.verificationUri)
      : event.authorizationUrl;
  const shown = open && hasDisplay(environment, process.platform);
  const opened = shown && (await context.openBrowser(address));
  if (json) return;
  if ("userCode" in event) await screen.device(event, opened);
  else screen.browser(event, opened);
}

function givenUp(): CliError {
  return new CliError(
    "cancelled",
    "the login was cancelled",
    "nothing was changed; hoopx login starts again",
    {
      exitCode: interruptedCode,
    },
  );
}
