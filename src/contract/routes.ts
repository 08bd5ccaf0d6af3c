/**
 * The control API: every route with its method, path, request and response.
 * The client is typed by this table and the daemon's handlers are, so neither
 * can drift. `:name` stands for one path segment. Bodies are JSON; a response
 * marked `stream` is one JSON object a line for as long as the client listens;
 * one marked `bytes` takes and gives bytes, both for as long as they come.
 */

import type { CheckupView } from "./checkup-views.js";
import type { CredentialKind, CredentialSettings, SecretStoreChoice } from "./credential-kinds.js";
import type { DaemonView } from "./daemon-view.js";
import type { LiveEvent, LoginEvent } from "./events.js";
import type { AskWhoami, LogoutRequest, ProfileChoice, StartLogin } from "./identity-requests.js";
import type { LogoutView, WhoamiView } from "./login-views.js";
import type { MeasuredExchangeView, MeasuredSessionView } from "./measure-views.js";
import type {
  ExplainPolicy,
  PolicyCheckView,
  PolicyExplainView,
  PolicyPlace,
  PolicySuggestView,
  PolicyTestLine,
  PolicyText,
  PolicyView,
  TestPolicy,
} from "./policy-views.js";
import type {
  FrameView,
  PruneRecord,
  RecordAcceptView,
  RecordPruneView,
  RecordVerifyView,
  VerifyRecord,
} from "./record-views.js";
import type { ReplayView } from "./replay-views.js";
import type { GrantView, RevealedPieceView, ReviewDetailView, ReviewView } from "./review-views.js";
import type { StartedSession, StartSession } from "./session-start.js";
import type { ConnectionTestView, ConnectionView, ConversationView, SessionView } from "./views.js";

export interface AddConnection {
  readonly name: string;
  readonly provider: "openai";
  /** Absent: the provider's own. */
  readonly baseUrl?: string;
  readonly credential: CredentialKind;
  /** What its kind is told besides (credential-kinds.ts). */
  readonly settings?: CredentialSettings;
  /** The permanent key, or a client secret; on its way into the secret store, never answered back. */
  readonly secret?: string;
  /** Absent: what config.yaml says, else the keychain. */
  readonly secretStore?: SecretStoreChoice;
  readonly allowPrivateNetwork?: boolean;
}

/** What a reviewer says with a yes. */
export interface ApproveReview {
  /** Absent: once. Never more than the rule allows. */
  readonly for?: "once" | "session" | "time";
  /** For `time`, seconds. */
  readonly seconds?: number;
  readonly comment?: string;
  /** Who answers: the login that is meant. */
  readonly login?: ProfileChoice;
}

/** Which hidden pieces of a review's text are to be shown. */
export interface RevealReview {
  /** Their numbers; absent: all. */
  readonly pieces?: readonly number[];
}

export type DenyReview = Pick<ApproveReview, "comment" | "login">;

interface Route<Request, Response> {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly stream?: true;
  readonly bytes?: true;
  /** Types only; never set. */
  readonly request?: Request;
  readonly response?: Response;
}

const route = <Request, Response>(
  method: "GET" | "POST" | "DELETE",
  path: string,
): Route<Request, Response> => ({ method, path });

const stream = <Request, Line>(method: "GET" | "POST", path: string) =>
  ({ method, path, stream: true }) as const satisfies Route<Request, Line> as Route<
    Request,
    Line
  > & {
    readonly stream: true;
  };

const bytes = (path: string) =>
  ({ method: "POST", path, bytes: true }) as const satisfies Route<never, never> as Route<
    Readonly<Record<string, never>>,
    never
  > & { readonly bytes: true };

type None = Readonly<Record<string, never>>;

export const routes = {
  daemonStatus: route<None, DaemonView>("GET", "/v1/daemon"),
  /** Drains and exits; `whenIdle`: only once no session is live. */
  daemonStop: route<{ readonly whenIdle?: boolean }, DaemonView>("POST", "/v1/daemon/stop"),
  /** Gives the sealed file's passphrase to the daemon, which keeps the derived key in memory. */
  unlock: route<{ readonly passphrase: string }, None>("POST", "/v1/unlock"),

  /** First what to show the person, if there is one; last who logged in, or why the login failed. */
  loginStart: stream<StartLogin, LoginEvent>("POST", "/v1/login"),
  whoami: route<AskWhoami, WhoamiView>("POST", "/v1/whoami"),
  /** Of one profile, or of all that there are. */
  logout: route<LogoutRequest, readonly LogoutView[]>("POST", "/v1/logout"),
  checkup: route<None, CheckupView>("POST", "/v1/checkup"),

  connectionsList: route<None, readonly ConnectionView[]>("GET", "/v1/connections"),
  connectionsAdd: route<AddConnection, ConnectionView>("POST", "/v1/connections"),
  /** Throws what `connectionsAdd` would throw, and keeps nothing: asked before a person types a key. */
  connectionsCheckNew: route<Omit<AddConnection, "secret">, None>("POST", "/v1/connections/check"),
  connectionsShow: route<None, ConnectionView>("GET", "/v1/connections/:name"),
  /** The same before `connectionsRotate`. */
  connectionsCheckKey: route<None, None>("POST", "/v1/connections/:name/check"),
  connectionsRotate: route<{ readonly secret: string }, ConnectionView>(
    "POST",
    "/v1/connections/:name/rotate",
  ),
  connectionsTest: route<None, ConnectionTestView>("POST", "/v1/connections/:name/test"),
  /** It becomes the one that sessions of its provider get which name none. */
  connectionsDefault: route<None, ConnectionView>("POST", "/v1/connections/:name/default"),
  connectionsRemove: route<None, ConnectionView>("DELETE", "/v1/connections/:name"),

  sessionsStart: route<StartSession, StartedSession>("POST", "/v1/sessions"),
  /** Query string: SessionQuery (session-query.ts). Newest first. */
  sessionsList: route<None, readonly MeasuredSessionView[]>("GET", "/v1/sessions"),
  /** `:id` may be `last` or an unambiguous beginning. */
  sessionsShow: route<None, MeasuredSessionView>("GET", "/v1/sessions/:id"),
  /**
   * Held open by `hoopx run`: the session ends when this closes. After a restart of
   * the daemon `run` asks again. It takes the token and, where the kernel tells who asks, the
   * process that started the session. The first lease names the child, and none after it another.
   */
  sessionsLease: stream<
    { readonly token: string; readonly childPid: number | null },
    { readonly alive: true }
  >("POST", "/v1/sessions/:id/lease"),
  sessionsEnd: route<{ readonly exitCode: number | null }, SessionView>(
    "POST",
    "/v1/sessions/:id/end",
  ),
  replayShow: route<None, ReplayView>("GET", "/v1/sessions/:id/replay"),
  sessionsRevoke: route<None, SessionView>("POST", "/v1/sessions/:id/revoke"),
  /** Query: `status`, `session`, `limit`. Newest first. */
  reviewsList: route<None, readonly ReviewView[]>("GET", "/v1/reviews"),
  /** `:id` may be an unambiguous beginning. */
  reviewsShow: route<None, ReviewDetailView>("GET", "/v1/reviews/:id"),
  reviewsApprove: route<ApproveReview, ReviewView>("POST", "/v1/reviews/:id/approve"),
  reviewsReveal: route<RevealReview, readonly RevealedPieceView[]>(
    "POST",
    "/v1/reviews/:id/reveal",
  ),
  reviewsDeny: route<DenyReview, ReviewView>("POST", "/v1/reviews/:id/deny"),
  /** Query: `limit`. Newest first. */
  grantsList: route<None, readonly GrantView[]>("GET", "/v1/grants"),
  grantsRevoke: route<None, GrantView>("POST", "/v1/grants/:id/revoke"),
  policyShow: route<PolicyPlace, PolicyView>("POST", "/v1/policy"),
  /** Without a file: the layers in force, as they are on disk now. */
  policyCheck: route<PolicyPlace & { readonly file?: PolicyText }, PolicyCheckView>(
    "POST",
    "/v1/policy/check",
  ),
  policyExplain: route<ExplainPolicy, PolicyExplainView>("POST", "/v1/policy/explain"),
  /** How far it got, now and then; the result last. */
  policyTest: stream<TestPolicy, PolicyTestLine>("POST", "/v1/policy/test"),
  /** `session`: an id, its beginning, or `last`. */
  policySuggest: route<{ readonly session: string }, PolicySuggestView>(
    "POST",
    "/v1/policy/suggest",
  ),
  /** A session as lines (export-lines.ts), each with its hash, the last one its seal; nothing in. */
  sessionsExport: bytes("/v1/sessions/:id/export"),
  /** Such lines in; one ImportOutcome out. */
  sessionsImport: bytes("/v1/sessions/import"),
  recordVerify: route<VerifyRecord, RecordVerifyView>("POST", "/v1/record/verify"),
  recordPrune: route<PruneRecord, RecordPruneView>("POST", "/v1/record/prune"),
  /** Goes on with the record as it is, although it is not the one that was sealed last. */
  recordAccept: route<None, RecordAcceptView>("POST", "/v1/record/accept"),
  /**
   * Bytes in, the same with what is to be masked masked out. Query: `folder`; `detectors`,
   * separated by commas; `explain=true` for a MaskFindingView a line instead.
   */
  mask: bytes("/v1/mask"),
  /** Those of no session. Query: `limit`. Newest first. */
  exchangesOutside: route<None, readonly MeasuredExchangeView[]>("GET", "/v1/exchanges"),
  exchangesList: route<None, readonly MeasuredExchangeView[]>("GET", "/v1/sessions/:id/exchanges"),
  /** One line an exchange. Query: `exchange` (its place or id). */
  conversation: stream<None, ConversationView>("GET", "/v1/sessions/:id/conversation"),
  /** One line a frame, in the order they were recorded. `:exchange`: its place or id. */
  exchangeFrames: stream<None, FrameView>("GET", "/v1/sessions/:id/exchanges/:exchange/frames"),
  /** Query: `session` to see one only; `only=reviews` for reviews, first those that are pending; `text=1`: replies as they come. */
  events: stream<None, LiveEvent>("GET", "/v1/events"),
} as const;

export type RouteName = keyof typeof routes;

/** Those whose body may hold a secret: no process gets one that is not known to be the daemon. */
export const secretRoutes: ReadonlySet<RouteName> = new Set([
  "unlock",
  "loginStart",
  "connectionsAdd",
  "connectionsRotate",
] as const);

export type RequestOf<Name extends RouteName> = NonNullable<(typeof routes)[Name]["request"]>;
export type ResponseOf<Name extends RouteName> = NonNullable<(typeof routes)[Name]["response"]>;
