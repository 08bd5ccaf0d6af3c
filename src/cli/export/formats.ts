/**
 * Formats: what a session can be exported as. Each is loaded when it is asked
 * for, and writes its pieces as it reads the session.
 */
import type { Format } from "./format.js";

/** By the name that `--format` takes. */
export const formats: Readonly<Record<string, () => Promise<Format>>> = {
  jsonl: async () => (source) => source.bytes(),
  har: async () => (await import("./har.js")).har,
  markdown: async () => (await import("./markdown.js")).markdown,
  html: async () => (await import("./html.js")).html,
  otel: async () => (await import("./otel.js")).otel,
  asciicast: async () => (await import("./asciicast.js")).asciicast,
};
