/**
 * Request masking: what a request looks like to the record, and what of it may
 * leave, with the findings in it masked. Each request is looked at once, when
 * its policy is known; of one that is refused before that the head is all
 * there is.
 */
import type { Masking, SessionMasking } from "../../masking/masking.js";
import { type FindingCount, type MaskingTerms, usualMasking } from "../../model/masking-terms.js";
import type { Operation } from "../../model/operation.js";
import { withoutSessionTokens } from "../../model/session.js";
import type { Classified } from "../exchange.js";
import type { Reached } from "../exchange-start.js";
import { headText, withoutCredential, withoutHeaders } from "../headers.js";
import type { RecentBody } from "./recent-bodies.js";

/** A request as the record has it: what was to be masked is. */
export interface ShownRequest {
  readonly head: Buffer;
  readonly body: Buffer;
  readonly operation: Operation;
  /** Any other text about it. */
  readonly text: (text: string) => string;
  /** What was found in it. */
  readonly found: readonly FindingCount[];
}

export interface LookedAt {
  readonly shown: ShownRequest;
  readonly masking: SessionMasking;
  readonly inPrompt: readonly FindingCount[];
  /** Where the first of these is. */
  readonly where: string;
  /** What leaves in place of the request where findings may not; undefined where nothing was found. */
  readonly instead: Pick<Classified, "body" | "headers"> | undefined;
  /** The marks in it. */
  readonly marks: readonly string[];
  /** What a later body that begins alike is masked on from. */
  readonly masked: RecentBody["masked"];
}

/** Looks at a request under the terms of its policy. */
export async function lookAt(
  exchange: Classified,
  masking: Masking,
  terms: MaskingTerms,
): Promise<LookedAt> {
  const opened = masking.open(exchange.session.id, terms);
  const hidden = withoutTokenOf(exchange);
  if (terms.requests === "off") {
    return { shown: unmasked(exchange, hidden), ...nothing, masking: opened };
  }
  const { body, readable, operation, headers, provider, head, parsed } = exchange;
  const { mask, maskSteps } = opened;
  const basis = opened.basis();
  const begun = begunMasking(exchange, basis);
  const looked = provider.maskRequest(head, readable, { mask, maskSteps, parsed, begun });
  const found = looked instanceof Promise ? await looked : looked;
  const same = found.recorded === readable;
  // What was packed is recorded unpacked once it is masked: the bytes would say it again.
  const unpacked = same ? headers : withoutHeaders(headers, [encoding]);
  const masked = maskedHead(exchange, unpacked, opened);
  const text = (words: string) => hidden(opened.mask(words).text);
  const looks = masked.any || !same;
  const shown: ShownRequest = {
    head: masked.head,
    body: same ? body : found.recorded,
    operation: maskedOperation(operation, looks ? text : hidden),
    text,
    found: merged(masked.found, found.found),
  };
  return {
    shown,
    masking: opened,
    inPrompt: found.inPrompt,
    where: found.where,
    instead:
      terms.requests === "mask" && found.sent !== readable
        ? { body: found.sent, headers: withoutHeaders(headers, [encoding]) }
        : undefined,
    marks: found.marks,
    masked:
      found.progress && opened.basis() === basis ? { progress: found.progress, basis } : undefined,
  };
}

/** How the body was read, and how the one was masked that it goes on with: on the same basis only. */
function begunMasking({ reading, beginning }: Classified, basis: object) {
  if (reading?.list === undefined) return undefined;
  const { list, resumed } = reading;
  const { masked } = beginning?.recent ?? {};
  return { list, resumed, progress: masked?.basis === basis ? masked.progress : undefined };
}

const encoding = "content-encoding";
const nothing = {
  inPrompt: [],
  where: "the body",
  instead: undefined,
  marks: [],
  masked: undefined,
} as const;

/** A request without a decision; its body was not read, or could not be. */
export function shownUndecided(
  exchange: Reached,
  operation: Operation,
  masking: Masking,
): ShownRequest {
  // Without a session there are no marks that have to be the same again.
  const session = exchange.session?.id ?? exchange.id;
  const opened = masking.open(session, usualMasking);
  const { head, found } = maskedHead(exchange, exchange.headers, opened);
  // Whose token it is may not be known yet, and any may stand in a path.
  const text = (words: string) => withoutSessionTokens(opened.mask(words).text);
  const shown: ShownRequest = {
    head: Buffer.from(withoutSessionTokens(head.toString("latin1")), "latin1"),
    body: Buffer.alloc(0),
    operation: maskedOperation(operation, text),
    text,
    found,
  };
  if (exchange.session === undefined) masking.forget(session);
  return shown;
}

/** Hides the session's token: a client may put it where no token is looked for, as in a path. */
function withoutTokenOf({ token }: Reached): (text: string) => string {
  const secret = token?.reveal();
  if (secret === undefined) return (text) => text;
  return (text) =>
    text.includes(secret) ? text.replaceAll(secret, "*".repeat(secret.length)) : text;
}

function unmasked(exchange: Classified, hidden: (text: string) => string): ShownRequest {
  const { body, operation, headers } = exchange;
  const head = headText(requestLine(exchange, exchange.path, exchange.query), headers);
  return { head, body, operation: maskedOperation(operation, hidden), text: hidden, found: [] };
}

function requestLine(exchange: Reached, path: string, query: string): string {
  const asked = withoutCredential(query);
  const target = `/${exchange.connectionName}${path}${asked === "" ? "" : `?${asked}`}`;
  return `${exchange.method} ${target} HTTP/1.1`;
}

/** The head as text, masked: of the query each value as the upstream would read it. */
function maskedHead(exchange: Reached, headers: readonly string[], masking: SessionMasking) {
  const found: { detector: string }[] = [];
  const query = maskedQuery(exchange.query, masking, found);
  const line = requestLine(exchange, exchange.path, query);
  const text = headText(line, headers).toString("latin1");
  const masked = masking.mask(text);
  found.push(...masked.findings);
  return {
    head: Buffer.from(masked.text, "latin1"),
    any: found.length > 0,
    found: counted(found),
  };
}

function maskedQuery(
  query: string,
  masking: SessionMasking,
  found: { detector: string }[],
): string {
  if (query === "" || !query.includes("%")) return query;
  return query
    .split("&")
    .map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      const { text, findings } = masking.mask(decoded(`${name}=${rest.join("=")}`));
      found.push(...findings);
      return findings.length === 0 ? pair : encodeURIComponent(text).replace("%3D", "=");
    })
    .join("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function maskedOperation(operation: Operation, text: (text: string) => string): Operation {
  const { path, model, models, tools, hostedTools } = operation;
  return {
    ...operation,
    path: text(path),
    model: model && text(model),
    ...(models && { models: models.map(text) }),
    tools: tools.map(text),
    ...(hostedTools && { hostedTools: hostedTools.map(text) }),
  };
}

function counted(found: readonly { readonly detector: string }[]): readonly FindingCount[] {
  return merged(found.map(({ detector }) => ({ detector, count: 1, place: "request" })));
}

/** Counts of one detector added up. */
function merged(...counts: (readonly FindingCount[])[]): readonly FindingCount[] {
  const all = counts.flat();
  if (all.length < 2) return all;
  const byDetector = new Map<string, FindingCount>();
  for (const each of all) {
    const count = (byDetector.get(each.detector)?.count ?? 0) + each.count;
    byDetector.set(each.detector, { ...each, count });
  }
  return [...byDetector.values()];
}
