/**
 * Environment: what the child of `hoopx run` gets to see. No variable that is
 * known to hold a provider's key (unless the person keeps it), none whose value
 * is a stored secret, no secret of our own; then the session's variables on top. The daemon is asked
 * by digest: values never leave this process.
 */
import { createHash } from "node:crypto";
import { isKeyVariable, passphraseVariable } from "../../contract/key-variables.js";
import type { StartedSession } from "../../contract/session-start.js";
import type { Environment } from "../start-daemon.js";

/** SHA-256 (hex) of each value, by name, to find stored secrets among them. */
export function digestsOf(environment: Environment): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    // Secrets are stored trimmed; a variable read from a file often ends in a line break.
    const text = value?.trim() ?? "";
    if (text !== "") digests[name] = createHash("sha256").update(text).digest("hex");
  }
  return digests;
}

type Started = Pick<StartedSession, "environment" | "remove">;

/** The child's environment for a started session; `keep` names variables that the person passes on. */
export function childEnvironment(
  environment: Environment,
  started: Started,
  keep: readonly string[] = [],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || isTakenOut(name, started, keep)) continue;
    const headers = headersVariable.test(name) && !keep.includes(name);
    const safe = headers ? withoutCredentials(value) : value;
    if (safe !== "" || value === "") kept[name] = safe;
  }
  return { ...kept, ...pastProxies(kept), ...started.environment };
}

/** Keys that are taken out and that no connection of the session replaces, by name. */
export function unservedKeys(
  environment: Environment,
  started: Started,
  keep: readonly string[] = [],
): readonly string[] {
  return Object.keys(environment).filter(
    (name) =>
      environment[name] !== undefined &&
      name.toUpperCase() !== passphraseVariable &&
      started.environment[name] === undefined &&
      isTakenOut(name, started, keep),
  );
}

/** A stored secret and our passphrase are never passed on, whatever the person says. */
function isTakenOut(name: string, { remove }: Started, keep: readonly string[]): boolean {
  if (remove.includes(name) || name.toUpperCase() === passphraseVariable) return true;
  return isKeyVariable(name) && !keep.includes(name);
}

/**
 * An SDK that honours HTTP_PROXY for loopback too would hand the session token to the proxy:
 * where the child has one, the daemon's address is added to what goes past it.
 */
function pastProxies(kept: Environment): Record<string, string> {
  const proxied = Object.keys(kept).some((name) => /^(https?|all)_proxy$/i.test(name));
  if (!proxied) return {};
  const listed = kept.no_proxy ?? kept.NO_PROXY ?? "";
  const hosts = listed.split(/[\s,]+/).filter((host) => host !== "");
  if (!hosts.includes("*") && !hosts.includes("127.0.0.1")) hosts.push("127.0.0.1");
  const value = hosts.join(",");
  // Programs disagree about which of the two they read first.
  return { no_proxy: value, NO_PROXY: value };
}

/**
 * Variables that hold whole headers which a client adds to each request (`OPENAI_CUSTOM_HEADERS`).
 * Those of OpenTelemetry lead to no model API.
 */
const headersVariable = /^(?!OTEL_).*_HEADERS$/i;

const credentialHeader =
  /^\s*["']?(?:authorization|proxy-authorization|cookie|[\w-]*(?:api|auth|access|subscription)[-_]?(?:key|token)[\w-]*)["']?\s*[:=]/i;

/** Headers stand one a line, as pairs between commas, or as one JSON object. */
function withoutCredentials(headers: string): string {
  if (/^\s*\{/.test(headers)) return withoutJsonCredentials(headers);
  return headers
    .split("\n")
    .map((line) =>
      line
        .split(/,(?=\s*[\w-]+\s*[:=])/)
        .filter((pair) => !credentialHeader.test(pair))
        .join(","),
    )
    .filter((line) => line !== "")
    .join("\n");
}

/** A text that is no JSON after all may hold anything: none of it is passed on. */
function withoutJsonCredentials(text: string): string {
  try {
    const named = Object.entries(JSON.parse(text) as object);
    return JSON.stringify(
      Object.fromEntries(named.filter(([name]) => !credentialHeader.test(`${name}:`))),
    );
  } catch {
    return "";
  }
}
