/**
 * HAR: the exchanges as browser tools show requests (HTTP Archive 1.2), with
 * what was decided on each beside it. Heads and bodies are as they were
 * recorded: credentials and what a policy masks are not in them.
 */
import { STATUS_CODES } from "node:http";
import type { Outcome } from "../../contract/outcome.js";
import { escapeJson } from "../output/escape.js";
import type { Format } from "./format.js";
import { type HttpHead, headerOf, headIn } from "./http-head.js";
import { bytesOf, type RecordedExchange, verdictsIn } from "./source.js";

export const har: Format = async function* ({ session, version, exchanges, recorded }) {
  const log = {
    version: "1.2",
    creator: { name: "hoopx", version },
    pages: [
      {
        startedDateTime: session.startedAt,
        id: session.id,
        title: session.title ?? session.process.command,
        pageTimings: { onContentLoad: -1, onLoad: -1 },
      },
    ],
  };
  yield `{"log":${json(log).slice(0, -1)},"entries":[`;
  let first = true;
  const views = new Map((await exchanges()).map((view) => [view.id, view]));
  for await (const exchange of recorded()) {
    const outcome = views.get(exchange.exchange.id)?.outcome ?? null;
    yield `${first ? "" : ","}\n${json(entryOf(session.id, exchange, outcome))}`;
    first = false;
  }
  yield "\n]}}\n";
};

/** One exchange as an entry; its outcome is the daemon's, which derives those of old records. */
export function entryOf(
  pageref: string,
  recorded: RecordedExchange,
  outcome: Outcome | null,
): object {
  const { exchange, frames, ending } = recorded;
  const request = headIn(bytesOf(frames, "request-head"));
  const reply = headIn(bytesOf(frames, "reply-head"));
  const total = (ending?.endedAt ?? frames.at(-1)?.at ?? 0) / 1000;
  const wait = Math.min((ending?.firstByteAt ?? ending?.endedAt ?? 0) / 1000, total);
  return {
    pageref,
    startedDateTime: exchange.startedAt,
    time: total,
    request: requestOf(recorded, request),
    response: responseOf(recorded, reply),
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, send: 0, wait, receive: total - wait, ssl: -1 },
    connection: String(exchange.seq),
    _hoopx: {
      exchange: exchange.id,
      connection: exchange.connection,
      operation: exchange.operation && {
        action: exchange.operation.action,
        class: exchange.operation.class,
        model: exchange.operation.model,
        tools: exchange.operation.tools,
      },
      decision: exchange.decision,
      outcome,
      review: exchange.review,
      toolCalls: verdictsIn(frames),
      masked: ending?.masked ?? [],
      tokens: ending?.tokens ?? null,
      error: ending?.error ?? null,
    },
  };
}

function requestOf({ exchange, frames }: RecordedExchange, head: HttpHead): object {
  const [method = "", target = ""] = head.first.split(" ");
  // As the client asked it: on the data path, the connection's name in front.
  const url = addressOf(
    headerOf(head, "host"),
    target === "" ? (exchange.operation?.path ?? "/") : target,
  );
  const body = bytesOf(frames, "request-body");
  return {
    method: exchange.operation?.method ?? (method === "" ? "GET" : method),
    url,
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: head.headers,
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(body.length > 0 && {
      postData: { mimeType: headerOf(head, "content-type") ?? "", ...contentOf(body) },
    }),
    headersSize: -1,
    bodySize: exchange.requestBytes,
  };
}

function responseOf({ frames, ending }: RecordedExchange, head: HttpHead): object {
  const body = bytesOf(frames, "reply-body");
  const status = ending?.status ?? (Number(head.first.split(" ")[1]) || 0);
  return {
    status,
    statusText: STATUS_CODES[status] ?? "",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: head.headers,
    content: {
      size: body.length,
      mimeType: headerOf(head, "content-type") ?? "x-unknown",
      ...(body.length > 0 && contentOf(body)),
    },
    redirectURL: headerOf(head, "location") ?? "",
    headersSize: -1,
    bodySize: ending?.responseBytes ?? -1,
  };
}

/** Text where it is some; `encoding` is of HAR's own content, and tools read it of postData too. */
function contentOf(bytes: Buffer): { readonly text: string; readonly encoding?: "base64" } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    // Audio, images, files.
    return { text: bytes.toString("base64"), encoding: "base64" };
  }
}

function addressOf(host: string | undefined, path: string): string {
  const base = `http://${host ?? "hoopx.invalid"}`;
  return URL.canParse(path, base) ? new URL(path, base).href : `${base}/`;
}

function json(value: unknown): string {
  return escapeJson(JSON.stringify(value));
}
