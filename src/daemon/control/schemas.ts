/**
 * Schemas: each control request's body and query, held to the contract's types
 * by the compiler. An unknown key is refused: a misspelt option would
 * otherwise be an option not given.
 */
import * as z from "zod";
import {
  type CredentialSetting,
  credentialKindNames,
  credentialSettings,
} from "../../contract/credential-kinds.js";
import { outcomes } from "../../contract/outcome.js";
import { replayRules } from "../../contract/replay-views.js";
import type { RequestOf, RouteName } from "../../contract/routes.js";
import type { SessionQuery } from "../../contract/session-query.js";
import { checkShape, mistakeLine } from "../yaml/check-shape.js";
import { ControlProblem } from "./control-problem.js";

/** Texts that people see in tables and scripts keep in records. */
const line = z.string().max(4096);
const name = z.string().min(1).max(64);
/** Git's and CI's own names and addresses. */
const fact = line.nullable();
const secret = z.string().min(1).max(65_536);
const pid = z
  .int()
  .min(1)
  .max(2 ** 31);
/** Longer than any run of an agent; and what a timer can hold is 24 days. */
const week = 7 * 24 * 3600;
const none = z.strictObject({});
const setting = z.string().min(1).max(2048).exactOptional();
const identitySettings = z.strictObject({
  issuer: setting,
  clientId: setting,
  scope: setting,
  audience: setting,
  groupsClaim: setting,
});
const profileChoice = {
  profile: name.exactOptional(),
  defaults: identitySettings.exactOptional(),
};
const path = z.string().min(1).max(4096);
const loginWay = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("device") }),
  z.strictObject({ kind: z.literal("browser") }),
  z.strictObject({ kind: z.literal("id-token-file"), file: path }),
  z.strictObject({ kind: z.literal("id-token"), token: secret }),
  z.strictObject({
    kind: z.literal("github-actions"),
    requestUrl: line.min(1),
    requestToken: secret,
  }),
  z.strictObject({ kind: z.literal("client-key"), keyFile: path }),
]);
/** The registry holds each to its form, and to its kind. */
const settings = z.strictObject(
  Object.fromEntries(
    Object.keys(credentialSettings).map((name) => [name, line.exactOptional()]),
  ) as Record<CredentialSetting, z.ZodExactOptional<typeof line>>,
);

/** Bounded so that a file in the wrong place is refused, not parsed. */
const policyText = z.strictObject({
  name: path,
  text: z.string().max(512 * 1024, "is over 512 KB, the most that a policy may have"),
});
const folder = path.exactOptional();
const amount = z.number().min(0).exactOptional();
const described = z.strictObject({
  operation: line.min(1),
  connection: name.exactOptional(),
  model: line.exactOptional(),
  tools: z.array(line).max(1024).exactOptional(),
  prompt: z
    .array(z.string().max(512 * 1024))
    .max(64)
    .exactOptional(),
  stream: z.boolean().exactOptional(),
  store: z.boolean().exactOptional(),
  background: z.boolean().exactOptional(),
  bytes: z.int().min(0).exactOptional(),
  at: z.iso.datetime({ offset: true }).exactOptional(),
  subject: line.exactOptional(),
  email: line.exactOptional(),
  issuer: line.exactOptional(),
  groups: z.array(line).max(1024).exactOptional(),
  command: line.exactOptional(),
  host: line.exactOptional(),
  ci: line.exactOptional(),
  requests: amount,
  tokens: amount,
  cost: amount,
  toolCall: z.strictObject({ name: line, arguments: z.string().max(512 * 1024) }).exactOptional(),
});

const replayChoice = z.strictObject({
  session: line.min(1),
  from: z.int().min(1).exactOptional(),
  onMiss: z.enum(["fail", "live", "nearest"]),
  pace: z.enum(["recorded", "none"]),
  ignore: z.array(line).max(256),
  exact: z.array(z.enum(replayRules)).max(replayRules.length),
  anyProcess: z.boolean().exactOptional(),
});

/** By route. */
const newConnection = {
  name,
  provider: z.literal("openai"),
  baseUrl: line.exactOptional(),
  credential: z.enum(credentialKindNames),
  settings: settings.exactOptional(),
  secretStore: z.enum(["keychain", "file"]).exactOptional(),
  allowPrivateNetwork: z.boolean().exactOptional(),
};

export const requestSchemas: { readonly [Name in RouteName]: z.ZodType<RequestOf<Name>> } = {
  daemonStatus: none,
  daemonStop: z.strictObject({ whenIdle: z.boolean().exactOptional() }),
  unlock: z.strictObject({ passphrase: z.string().min(1).max(4096) }),
  loginStart: z.strictObject({
    ...profileChoice,
    given: identitySettings,
    way: loginWay,
    secretStore: z.enum(["keychain", "file"]).exactOptional(),
    save: z.boolean().exactOptional(),
  }),
  whoami: z.strictObject({
    ...profileChoice,
    refresh: z.boolean().exactOptional(),
    startedMsAgo: z.number().min(0).exactOptional(),
  }),
  logout: z.strictObject({
    profile: name.exactOptional(),
    all: z.boolean().exactOptional(),
    forget: z.boolean().exactOptional(),
  }),
  checkup: none,
  mask: none,
  sessionsExport: none,
  sessionsImport: none,
  connectionsList: none,
  connectionsAdd: z.strictObject({ ...newConnection, secret: secret.exactOptional() }),
  connectionsCheckNew: z.strictObject(newConnection),
  connectionsCheckKey: none,
  connectionsShow: none,
  connectionsRotate: z.strictObject({ secret }),
  connectionsTest: none,
  connectionsDefault: none,
  connectionsRemove: none,
  sessionsStart: z.strictObject({
    login: z.strictObject(profileChoice).exactOptional(),
    connections: z.array(name).max(64),
    ttlSeconds: z.int().min(1).max(week),
    title: line.exactOptional(),
    labels: z.record(z.string().min(1).max(256), line),
    process: z.strictObject({
      runnerPid: pid.exactOptional(),
      command: z.string().max(65_536),
      cwd: line,
      host: line,
      user: line,
      git: z.strictObject({ remote: fact, branch: fact, commit: fact }).nullable().exactOptional(),
      ci: z
        .strictObject({ system: name, job: fact, run: fact, url: fact })
        .nullable()
        .exactOptional(),
    }),
    replay: replayChoice.exactOptional(),
    environment: z.record(
      z.string(),
      z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
    ),
  }),
  sessionsList: none,
  sessionsShow: none,
  sessionsLease: z.strictObject({ token: z.string().max(256), childPid: pid.nullable() }),
  sessionsEnd: z.strictObject({
    exitCode: z
      .int()
      .min(0)
      .max(2 ** 32)
      .nullable(),
  }),
  replayShow: none,
  sessionsRevoke: none,
  reviewsList: none,
  reviewsShow: none,
  reviewsApprove: z.strictObject({
    for: z.enum(["once", "session", "time"]).exactOptional(),
    seconds: z.int().min(1).max(week).exactOptional(),
    comment: line.exactOptional(),
    login: z.strictObject(profileChoice).exactOptional(),
  }),
  reviewsReveal: z.strictObject({
    pieces: z.array(z.int().min(1)).max(10_000).exactOptional(),
  }),
  reviewsDeny: z.strictObject({
    comment: line.exactOptional(),
    login: z.strictObject(profileChoice).exactOptional(),
  }),
  grantsList: none,
  grantsRevoke: none,
  policyShow: z.strictObject({ folder }),
  policyCheck: z.strictObject({ folder, file: policyText.exactOptional() }),
  policyExplain: z.strictObject({
    folder,
    exchange: line.exactOptional(),
    described: described.exactOptional(),
    file: policyText.exactOptional(),
  }),
  policyTest: z.strictObject({
    folder,
    since: z.iso.datetime({ offset: true }),
    file: policyText.exactOptional(),
  }),
  policySuggest: z.strictObject({ session: line.min(1) }),
  recordVerify: z.strictObject({
    session: line.exactOptional(),
    head: z
      .strictObject({
        place: z.int().min(1),
        hash: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
      })
      .exactOptional(),
    file: path.exactOptional(),
  }),
  recordAccept: none,
  recordPrune: z.strictObject({ before: z.iso.datetime(), dryRun: z.boolean() }),
  exchangesOutside: none,
  exchangesList: none,
  conversation: none,
  exchangeFrames: none,
  events: none,
};

const sessionQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).exactOptional(),
  since: z.iso.datetime({ offset: true }).exactOptional(),
  status: z.enum(["active", "ended", "revoked", "expired"]).exactOptional(),
  identity: line.exactOptional(),
  search: line.exactOptional(),
  model: line.exactOptional(),
  tool: line.exactOptional(),
  denied: z.literal("true").exactOptional(),
  outcome: z.enum(outcomes).exactOptional(),
  masked: z.literal("true").exactOptional(),
  costOver: z.coerce.number().min(0).exactOptional(),
}) satisfies z.ZodType<SessionQuery>;

const reviewQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).exactOptional(),
  status: z.enum(["pending", "approved", "denied", "expired", "cancelled"]).exactOptional(),
  session: line.exactOptional(),
});

const limitQuery = reviewQuery.pick({ limit: true });

const eventQuery = z.strictObject({
  session: line.exactOptional(),
  only: z.literal("reviews").exactOptional(),
  text: z.literal("1").exactOptional(),
});

/** Of the routes that take a query. */
export const querySchemas = {
  sessionsList: sessionQuery,
  reviewsList: reviewQuery,
  grantsList: reviewQuery,
  exchangesOutside: limitQuery,
  events: eventQuery,
} as const;

/** The body as its route's schema has it; throws the problem `bad_request`. */
export function checkBody<Name extends RouteName>(route: Name, body: unknown): RequestOf<Name> {
  return check(requestSchemas[route] as z.ZodType<RequestOf<Name>>, body, "the request");
}

/** The query of a route that takes one. */
export function checkQuery<Name extends keyof typeof querySchemas>(
  route: Name,
  query: URLSearchParams,
): z.infer<(typeof querySchemas)[Name]> {
  type Query = z.infer<(typeof querySchemas)[Name]>;
  const schema = querySchemas[route] as unknown as z.ZodType<Query>;
  return check(schema, Object.fromEntries(query), "the query");
}

function check<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const checked = checkShape(schema, value);
  if (checked.mistakes.length === 0) return checked.value as Value;
  const wording = { whole: what, key: "field" };
  const problems = checked.mistakes.map((mistake) => mistakeLine(mistake, wording));
  throw new ControlProblem("bad_request", problems.join("; "));
}
