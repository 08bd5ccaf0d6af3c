/**
 * `hoopx policy explain`: which rule decides a request, recorded or described,
 * and why each rule matches it or does not. Exits 3 where the verdict is deny,
 * so that a script can ask before it does something.
 */
import type { DescribedRequest } from "../../../contract/policy-views.js";
import { exitCodes, usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { renderExplanation } from "./explanation.js";
import { readPolicyFile } from "./policy-file.js";

interface ExplainInput {
  readonly exchange?: string;
  readonly file?: string;
  readonly operation?: string;
  readonly connection?: string;
  readonly model?: string;
  readonly prompt?: readonly string[];
  readonly tool?: readonly string[];
  readonly toolCall?: string;
  readonly arguments?: string;
  readonly identity?: string;
  readonly issuer?: string;
  readonly group?: readonly string[];
  readonly command?: string;
  readonly host?: string;
  readonly ci?: string;
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly background?: boolean;
  readonly bytes?: number;
  readonly at?: string;
  readonly requests?: number;
  readonly tokens?: number;
  readonly cost?: number;
}

export async function run(context: Context, input: ExplainInput): Promise<number> {
  const { client, stdout, table } = context;
  const { exchange, file, ...options } = input;
  // An option that may be given again is there as an empty list where it was not.
  const described = Object.fromEntries(
    Object.entries(options).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
  const asked =
    exchange === undefined ? { described: describedBy(described) } : recorded(exchange, described);
  const text = readPolicyFile(file);
  const view = await client.call("policyExplain", {
    body: { folder: context.folder(), ...asked, ...(text && { file: text }) },
  });
  if (context.json) printJson(stdout, view);
  else stdout.write(renderExplanation(view, table));
  if (!context.json) for (const note of view.notes) context.note(note);
  return view.effect === "deny" ? exitCodes.denied : exitCodes.done;
}

/** A recorded exchange is what it is: options that describe one would be heeded nowhere. */
function recorded(exchange: string, described: object): { readonly exchange: string } {
  const given = Object.keys(described);
  if (given.length === 0) return { exchange };
  throw usage(
    "give an exchange's id or options that describe a request, not both",
    "hoopx policy explain EXCHANGE, or --operation with the options that describe a request",
  );
}

function describedBy({
  operation,
  tool,
  group,
  identity,
  toolCall,
  arguments: written,
  at,
  ...rest
}: Omit<ExplainInput, "exchange" | "file">): DescribedRequest {
  if (operation === undefined) {
    throw usage(
      "the request to explain is missing",
      "hoopx policy explain EXCHANGE, or --operation responses.create",
    );
  }
  if (written !== undefined && toolCall === undefined) {
    throw usage("--arguments belongs to a tool call", "add --tool-call NAME");
  }
  return {
    ...rest,
    operation,
    ...(tool && { tools: tool }),
    ...(group && { groups: group }),
    ...(identity !== undefined &&
      (identity.includes("@") ? { email: identity, subject: identity } : { subject: identity })),
    ...(toolCall !== undefined && { toolCall: { name: toolCall, arguments: written ?? "{}" } }),
    ...(at !== undefined && { at: momentOf(at) }),
  };
}

function momentOf(text: string): string {
  const moment = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(moment.getTime())) return moment.toISOString();
  throw usage("--at is not a time", "write --at 2026-01-31T22:30");
}
