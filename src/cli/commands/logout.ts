/**
 * `hoopx logout`: tells the identity provider and forgets the login here,
 * whatever the provider says.
 */
import type { LogoutView } from "../../contract/login-views.js";
import { askFirst } from "../ask-first.js";
import { usage } from "../cli-error.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJson } from "../output/json.js";
import { personName } from "../output/person.js";

export interface LogoutInput {
  readonly profile?: string;
  readonly all?: boolean;
  readonly forget?: boolean;
  readonly yes?: boolean;
}

export async function run(context: Context, input: LogoutInput): Promise<undefined> {
  if (input.all && input.profile !== undefined) {
    throw usage("--all is every profile", "leave --profile or --all out");
  }
  if (input.all) await askFirst(context, "log out of every profile?", input);
  const { profile } = profileChoice(context.environment, input.profile);
  const views = await context.client.call("logout", {
    body: {
      ...(input.all ? { all: true } : profile !== undefined && { profile }),
      ...(input.forget && { forget: true }),
    },
  });
  if (context.json) {
    printJson(context.stdout, views);
    return;
  }
  if (views.length === 0) context.note("there was no login");
  for (const view of views) tell(context, view);
}

function tell(context: Context, view: LogoutView): void {
  const { profile, identity, revoked, note, settingsKept } = view;
  const of = profile === "default" ? "" : ` (profile ${profile})`;
  if (identity === null) {
    context.note(`there was no login${of}`);
    sayKept(context, settingsKept);
    return;
  }
  const who = personName(identity);
  context.confirm(`logged out ${who}${of}${revoked ? " · revoked at the identity provider" : ""}`);
  if (note !== null) {
    context.note(`forgotten here, but not revoked: ${note}; end it on the provider's own pages`);
  }
  sayKept(context, settingsKept);
}

function sayKept(context: Context, kept: boolean): void {
  if (!kept) return;
  context.note("its settings are kept, so runs need a login: hoopx login");
  context.note("  hoopx logout --forget forgets them too, and runs go on without a login");
}
