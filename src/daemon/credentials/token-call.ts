/**
 * Token call: one POST to a token endpoint and what came of it. Forms and JSON
 * in, JSON or XML out; whatever goes wrong is a CredentialError that names the
 * endpoint's host and the endpoint's own words, less anything that was sent.
 */
import type { Connection } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import type { CheckedFetch } from "../upstream/checked-fetch.js";
import { harmless } from "./foreign-words.js";
import { CredentialError } from "./source.js";

export interface TokenCall {
  readonly connection: Connection;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or an object to be sent as JSON; values that are undefined are left out. */
  readonly form?: Readonly<Record<string, string | undefined>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** What was sent and must never be repeated. */
  readonly secrets: readonly Secret[];
  readonly signal: AbortSignal;
}

export interface TokenReply {
  readonly text: string;
  /** Its fields, where it is a JSON object; empty where it is none. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The endpoint's clock when it answered, milliseconds; ours where it does not say. */
  readonly clock: number;
}

export type TokenCaller = (call: TokenCall) => Promise<TokenReply>;

export interface TokenCallerOptions {
  readonly fetch: CheckedFetch;
  readonly now: () => Date;
}

/** Creates the function that calls token endpoints. */
export function createTokenCaller({ fetch, now }: TokenCallerOptions): TokenCaller {
  return async function callTokenEndpoint(call) {
    const { connection, url, secrets, signal } = call;
    const json = call.form === undefined;
    let response: Response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": json ? "application/json" : "application/x-www-form-urlencoded",
          accept: "application/json",
          ...call.headers,
        },
        body: json ? JSON.stringify(call.json) : formOf(call.form ?? {}),
        signal,
        allowPrivateNetwork: connection.allowPrivateNetwork,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { message } = error as Error;
      throw new CredentialError(
        `no credential for connection ${connection.name}: ${message}`,
        "check the network and the token URL, then hoopx connections test NAME",
        { cause: error },
      );
    }
    const text = await response.text();
    const fields = fieldsOf(text);
    if (!response.ok) {
      throw refused(connection, url, response.status, wordsOf(text, fields, secrets));
    }
    const dated = Date.parse(response.headers.get("date") ?? "");
    return { text, fields, clock: Number.isNaN(dated) ? now().getTime() : dated };
  };
}

function formOf(fields: Readonly<Record<string, string | undefined>>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, value);
  }
  return form.toString();
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    const object = typeof value === "object" && value !== null && !Array.isArray(value);
    return object ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** RFC 6749 5.2, Google's `{error: {status, message}}`, and the XML of AWS. */
function wordsOf(
  text: string,
  fields: Readonly<Record<string, unknown>>,
  secrets: readonly Secret[],
): string {
  const { error, error_description: description } = fields;
  const nested = typeof error === "object" && error !== null ? (error as object) : {};
  const inner = nested as { readonly [name: string]: unknown };
  const code = String(typeof error === "string" ? error : (inner.status ?? inner.type ?? ""));
  const found = [
    // A code is one word; what is more than that is no code.
    /^[\w.-]{1,64}$/.test(code) ? code : "",
    description ?? inner.message ?? fields.message,
    xmlText(text, "Code"),
    xmlText(text, "Message"),
  ];
  const words = found.map((word) => harmless(word, secrets)).filter((word) => word !== "");
  return [...new Set(words)].join(": ");
}

/** The text of the first such element, where the reply is such XML. */
export function xmlText(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<>]*)</${name}>`).exec(xml)?.[1];
  const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" } as const;
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof entities) => {
    return entities[entity];
  });
}

function refused(
  { name, credential }: Connection,
  url: string,
  status: number,
  words: string,
): CredentialError {
  const said = words === "" ? "" : ` (${words})`;
  const { host } = new URL(url);
  const redirect = status >= 300 && status < 400;
  return new CredentialError(
    `no credential for connection ${name}: ${host} answered ${status}${said}`,
    redirect
      ? "redirects are not followed with a token; set the token URL to where it leads"
      : status >= 500 || status === 429
        ? `${host} reports an error of its own; try again in a moment`
        : `compare the ${credential.kind} settings in hoopx connections show ${name} with the provider's`,
  );
}

/** The reply is not what the endpoint should answer. */
export function unusable({ name }: Connection, url: string, what: string): CredentialError {
  return new CredentialError(
    `no credential for connection ${name}: ${new URL(url).host} answered ${what}`,
    `check the token URL in hoopx connections show ${name}`,
  );
}
