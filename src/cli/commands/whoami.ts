/**
 * `hoopx whoami`: who is logged in, and how long the access token lives.
 */
import type { WhoamiView } from "../../contract/login-views.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJson } from "../output/json.js";
import { renderDetails } from "../output/table.js";
import { lasting } from "../output/time.js";

export interface WhoamiInput {
  readonly profile?: string;
  readonly refresh?: boolean;
}

export async function run(context: Context, input: WhoamiInput): Promise<undefined> {
  const view = await context.client.call("whoami", {
    body: {
      ...profileChoice(context.environment, input.profile),
      // Commands that begin together are content with one renewal.
      ...(input.refresh === true && { refresh: true, startedMsAgo: performance.now() }),
    },
  });
  if (context.json) {
    printJson(context.stdout, view);
    return;
  }
  context.stdout.write(renderDetails(detailsOf(context, view), context.table));
  if (view.note !== null) context.note(view.note);
}

type Detail = readonly [name: string, value: string];

function detailsOf(context: Context, view: WhoamiView): readonly Detail[] {
  const { identity, name, clientId } = view;
  const optional = (title: string, value: string | null): readonly Detail[] =>
    value === null ? [] : [[title, value]];
  return [
    ["profile", view.profile],
    ...optional("name", name),
    ...optional("e-mail", identity.email),
    ["subject", identity.subject],
    ["issuer", identity.issuer],
    ...optional("client", clientId),
    ["groups", identity.groups.length === 0 ? "none" : identity.groups.join(", ")],
    [view.kind === "workload" ? "token" : "access token", expiryOf(context, view)],
    ["login", keptWords[view.kept]],
  ];
}

const keptWords = {
  keychain: "in the OS keychain",
  file: "in the sealed file",
  memory: "in the daemon's memory only",
};

function expiryOf({ stdout, now }: Context, { expiresAt }: WhoamiView): string {
  if (expiresAt === null) return "none yet; obtained when it is needed";
  if (!stdout.isTTY) return expiresAt;
  const left = Date.parse(expiresAt) - now().getTime();
  return left > 0 ? `good for ${lasting(left)}` : `ran out ${lasting(-left)} ago`;
}
