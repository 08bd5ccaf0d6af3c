/**
 * Search text: what a search finds of an exchange: its turns as the provider reads
 * them, without those that the session has shown before. A client sends a whole
 * conversation again with each request; the index is to grow by what was added.
 */
import { hash } from "node:crypto";
import { createLruCache } from "../model/lru-cache.js";
import type { Provider, Turn } from "../providers/provider.js";
import type { ReadSaid } from "../store/search-index.js";

/** Sessions whose turns are known; one that comes back later is indexed once more from its start. */
const mostSessions = 64;

/** Creates the reader; it remembers, by digest, what sessions have said. */
export function createSaidReader(
  providerNamed: (name: string) => Pick<Provider, "converse"> | undefined,
): ReadSaid {
  const sessions = createLruCache<string, Set<string>>(mostSessions);

  return ({ operation, sessionId }, frames) => {
    const provider = operation && providerNamed(operation.provider);
    if (!operation || !provider || sessionId === null) return { text: "", calls: [] };
    const { prompt, reply } = provider.converse(operation, frames);
    const known = sessions.get(sessionId, () => new Set());
    const texts: string[] = [];
    for (const turn of [...prompt, ...reply]) {
      const digest = hash("sha256", `${turn.kind}\n${turn.name ?? ""}\n${turn.text}`, "base64");
      const short = digest.slice(0, 16);
      if (known.has(short)) continue;
      known.add(short);
      texts.push(wordsOf(turn));
    }
    const calls = reply.filter(({ kind }) => kind === "tool-call").map(({ name }) => name ?? "");
    return { text: texts.filter(Boolean).join("\n\n"), calls: calls.filter(Boolean) };
  };
}

/** Of a call its name, and what its arguments say: in JSON `\n` before a word would be part of it. */
function wordsOf({ kind, name = "", text }: Turn): string {
  if (kind !== "tool-call") return text;
  return `${name} ${argumentWords(text)}`;
}

function argumentWords(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    const words: string[] = [];
    JSON.parse(text, (key, value: unknown) => {
      words.push(key);
      if (typeof value !== "object") words.push(String(value));
      return value;
    });
    return words.join(" ");
  } catch {
    return text;
  }
}
