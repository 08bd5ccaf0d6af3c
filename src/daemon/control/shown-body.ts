/**
 * Shown body: a request's body for a reviewer to read. JSON is drawn pretty;
 * what is no text is not shown at all. Values that are credentials by their
 * name or form are masked: whoever reviews need not know them.
 */
import type { Frame } from "../model/transcript.js";

/** Keys whose value is a credential wherever they stand (a hosted MCP tool's `authorization`). */
const secretKeys =
  /^(?:authorization|proxy-authorization|api[-_]?key|apikey|access[-_]?token|refresh[-_]?token|id[-_]?token|client[-_]?secret|secret|password|passwd|token|private[-_]?key|cookie)$/i;

/** Texts that are credentials by their form. */
const secretForms =
  /\b(?:sk-[\w-]{16,}|hxs_[\w-]{20,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,})|\bBearer +[\w.~+/-]{12,}=*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

const mask = "[masked]";

/** A text with the credentials in it masked. */
export function shownText(text: string): string {
  return text.replace(secretForms, mask);
}

/** The body in a transcript's frames; null where there is none, or it is no text. */
export function shownBody(frames: readonly Frame[]): string | null {
  const pieces = frames.filter(({ kind }) => kind === "request-body").map(({ data }) => data);
  if (pieces.length === 0) return null;
  const text = textIn(Buffer.concat(pieces));
  if (text === null) return null;
  const value = jsonIn(text);
  return shownText(value === undefined ? text : JSON.stringify(withoutSecrets(value), null, 2));
}

/**
 * A tool call's arguments, as the model wrote them: written anew, JSON that
 * has a key twice would lose one of them, and the agent may read the other.
 */
export function shownArguments(text: string): string {
  return shownText(
    text.replace(/"([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (member, key, colon) =>
      secretKeys.test(key) ? `"${key}"${colon}"${mask}"` : member,
    ),
  );
}

function textIn(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

function jsonIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === "string" && secretKeys.test(key) ? mask : withoutSecrets(inner),
    ]),
  );
}
