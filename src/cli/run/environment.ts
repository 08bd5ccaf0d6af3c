/**
 * Environment: what the child of `hoopx run` gets to see. No variable that is
 * known to hold a provider's key, none whose value is a stored secret, no
 * secret of our own; then the session's variables on top. The daemon is asked
 * by digest: values never leave this process.
 */
import { createHash } from "node:crypto";
import { isKeyVariable } from "../../contract/key-variables.js";
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

/** The child's environment for a started session. */
export function childEnvironment(
  environment: Environment,
  started: Pick<StartedSession, "environment" | "remove">,
): Record<string, string> {
  const stored = new Set(started.remove);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || isKeyVariable(name) || stored.has(name)) continue;
    const safe = headerVariables.has(name.toUpperCase()) ? withoutCredentials(value) : value;
    if (safe !== "" || value === "") kept[name] = safe;
  }
  return { ...kept, ...pastProxies(kept), ...started.environment };
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

/** Variables that hold whole headers, one a line, which an SDK adds to each request. */
const headerVariables = new Set(["OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS"]);

function withoutCredentials(headers: string): string {
  return headers
    .split("\n")
    .filter(
      (line) =>
        !/^\s*("?)(authorization|proxy-authorization|cookie|.*(api|auth|access)[-_]?(key|token).*)\1\s*:/i.test(
          line,
        ),
    )
    .join("\n");
}
