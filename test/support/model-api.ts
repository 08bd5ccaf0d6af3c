/**
 * A small mock of the model API on loopback: responses, chat completions,
 * models, files, embeddings and audio, whole and streamed. It remembers all
 * that it receives, byte for byte, and can be scripted to fail in the ways
 * real ones do. Tests, demo and bench share it.
 */
import { createHash, randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { thinkOfChat, thinkOfResponse } from "./model-mind.js";
import {
  chatEvents,
  embeddings,
  errorBody,
  fileView,
  models,
  responseEvents,
  wholeChat,
  wholeResponse,
} from "./model-replies.js";
import { partsOf } from "./multipart.js";

export interface ReceivedCall {
  readonly method: string;
  /** The request target as it came. */
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  readonly bodySha256: string;
  /** Bytes of the reply's body so far. */
  readonly sent: Buffer;
  /** Resolves when the reply ended or the client left. */
  readonly over: Promise<"complete" | "aborted">;
}

/** What to do in place of answering, for the next `times` calls whose path begins so. */
export interface Script {
  readonly path?: string;
  /** Once unless said. */
  readonly times?: number;
  readonly act:
    | {
        readonly kind: "reply";
        readonly status: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** Closes the connection before a byte. */
    | { readonly kind: "reset" }
    /** Never answers. */
    | { readonly kind: "hang" }
    /** Sends `bytes` of the right reply, then closes the connection. */
    | { readonly kind: "half"; readonly bytes: number };
}

export interface ModelApiOptions {
  readonly port?: number;
  /** Milliseconds between two events of a stream. */
  readonly paceMs?: number;
  /** Compresses replies, whatever the client accepts. */
  readonly encoding?: "gzip" | "br";
  /** Calls with another bearer get 401. */
  readonly key?: string;
  /** Do not keep bodies (bench): only their count. */
  readonly forget?: boolean;
}

export interface ModelApi {
  readonly port: number;
  /** With `/v1`, as an SDK takes it. */
  readonly baseUrl: string;
  readonly calls: readonly ReceivedCall[];
  /** Resolves with the call of this place (from 0) once its body is here. */
  call(index: number): Promise<ReceivedCall>;
  script(script: Script): void;
  /** Changes settings for what comes next; undefined takes one back. */
  set(
    change: { readonly [Key in "paceMs" | "encoding" | "key"]?: ModelApiOptions[Key] | undefined },
  ): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Several: the events of a stream. */
  readonly chunks: readonly (string | Buffer)[];
}

interface StoredFile {
  readonly name: string;
  readonly purpose: string;
  readonly content: Buffer;
}

type Mutable = { -readonly [Key in keyof ReceivedCall]: ReceivedCall[Key] };

/** Starts the mock on loopback. */
export async function startModelApi(options: ModelApiOptions = {}): Promise<ModelApi> {
  let settings: { [Key in keyof ModelApiOptions]: ModelApiOptions[Key] | undefined } = options;
  const calls: ReceivedCall[] = [];
  const scripts: { script: Script; left: number }[] = [];
  const files = new Map<string, StoredFile>();
  const arrivals = new EventEmitter().setMaxListeners(0);

  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = once(response, "close").then((): "complete" | "aborted" =>
      response.writableFinished ? "complete" : "aborted",
    );
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const call: Mutable = {
      method: request.method ?? "",
      url: request.url ?? "",
      rawHeaders: request.rawHeaders,
      header: (name) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value.join(", ") : value;
      },
      body: options.forget ? Buffer.alloc(0) : body,
      bodySha256: createHash("sha256").update(body).digest("hex"),
      sent: Buffer.alloc(0),
      over: left,
    };
    calls.push(call);
    arrivals.emit("call");

    const act = nextAct(call.url);
    if (act?.kind === "reset") return void request.socket.resetAndDestroy();
    if (act?.kind === "hang") return;
    const answer = act?.kind === "reply" ? scripted(act) : answerTo(call);
    await send(response, compressed(answer), call, act?.kind === "half" ? act.bytes : undefined);
  }

  function nextAct(url: string): Script["act"] | undefined {
    const found = scripts.find(
      ({ script, left }) => left > 0 && url.startsWith(script.path ?? "/"),
    );
    if (found !== undefined) found.left -= 1;
    return found?.script.act;
  }

  function answerTo(call: ReceivedCall): Answer {
    if (settings.key !== undefined && call.header("authorization") !== `Bearer ${settings.key}`) {
      return json(401, errorBody("incorrect API key", "invalid_api_key", "invalid_request_error"));
    }
    const path = call.url.split("?")[0] ?? "";
    const operation = `${call.method} ${path.replace(/^\/v1/, "")}`;
    switch (operation) {
      case "POST /responses": {
        const request = JSON.parse(call.body.toString());
        const thought = thinkOfResponse(request);
        if (request.stream === true) return events(responseEvents(request, thought));
        return json(200, wholeResponse(request, thought));
      }
      case "POST /chat/completions": {
        const request = JSON.parse(call.body.toString());
        const thought = thinkOfChat(request);
        if (request.stream === true) return events(chatEvents(request, thought));
        return json(200, wholeChat(request, thought));
      }
      case "POST /embeddings":
        return json(200, embeddings(JSON.parse(call.body.toString())));
      case "GET /models":
        return json(200, models());
      case "POST /audio/speech":
        return { status: 200, headers: { "content-type": "audio/mpeg" }, chunks: [speech] };
      case "POST /audio/transcriptions": {
        const file = partsOf(call.body, call.header("content-type") ?? "").get("file");
        return json(200, { text: `heard ${file?.content.length ?? 0} bytes` });
      }
      default:
        return fileAnswer(call, operation);
    }
  }

  function fileAnswer(call: ReceivedCall, operation: string): Answer {
    if (operation === "POST /files") {
      const parts = partsOf(call.body, call.header("content-type") ?? "");
      const file = parts.get("file");
      if (file === undefined) return notFound(operation);
      const id = `file-${files.size + 1}`;
      const purpose = parts.get("purpose")?.content.toString() ?? "assistants";
      files.set(id, { name: file.filename ?? "file", purpose, content: file.content });
      return json(200, fileView(id, file.filename ?? "file", file.content.length, purpose));
    }
    const view = ([id, file]: [string, StoredFile]) =>
      fileView(id, file.name, file.content.length, file.purpose);
    if (operation === "GET /files") {
      return json(200, { object: "list", data: [...files].map(view), has_more: false });
    }
    const [, id = "", content] = /^\w+ \/files\/([^/]+)(\/content)?$/.exec(operation) ?? [];
    const file = files.get(id);
    if (file === undefined) return notFound(operation);
    if (call.method === "DELETE") {
      files.delete(id);
      return json(200, { id, object: "file", deleted: true });
    }
    if (content === undefined) return json(200, view([id, file]));
    const headers = { "content-type": "application/octet-stream" };
    return { status: 200, headers, chunks: [file.content] };
  }

  function compressed(answer: Answer): Answer {
    if (settings.encoding === undefined) return answer;
    const whole = Buffer.concat(answer.chunks.map((chunk) => Buffer.from(chunk)));
    const packed = settings.encoding === "gzip" ? gzipSync(whole) : brotliCompressSync(whole);
    const headers = { ...answer.headers, "content-encoding": settings.encoding };
    return { status: answer.status, headers, chunks: [packed] };
  }

  async function send(
    response: ServerResponse,
    answer: Answer,
    call: Mutable,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const streamed = answer.chunks.length > 1;
    const length = answer.chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
    response.writeHead(answer.status, {
      ...answer.headers,
      "x-request-id": "req_mock",
      ...(streamed ? {} : { "content-length": String(length) }),
    });
    let sent = 0;
    for (const chunk of answer.chunks) {
      if (response.destroyed) return;
      const bytes = Buffer.from(chunk).subarray(0, limit - sent);
      sent += bytes.length;
      if (!options.forget) call.sent = Buffer.concat([call.sent, bytes]);
      if (sent >= limit && sent < length) {
        // Only once these bytes are out is the connection cut.
        response.write(bytes, () => response.destroy());
        return;
      }
      if (!response.write(bytes)) await Promise.race([once(response, "drain"), call.over]);
      if (streamed && settings.paceMs !== undefined) await pause(settings.paceMs);
    }
    response.end();
  }

  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    async call(index) {
      for (;;) {
        const call = calls[index];
        if (call !== undefined) return call;
        await once(arrivals, "call");
      }
    },
    script: (script) => void scripts.push({ script, left: script.times ?? 1 }),
    set: (change) => {
      settings = { ...settings, ...change };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}

/** Bytes that are no text, as audio is. */
const speech = randomBytes(4096);

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  chunks: [JSON.stringify(body)],
});

const events = (chunks: readonly string[]): Answer => ({
  status: 200,
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  chunks,
});

const notFound = (operation: string): Answer =>
  json(404, errorBody(`no such thing: ${operation}`, "not_found", "invalid_request_error"));

const scripted = (act: Extract<Script["act"], { kind: "reply" }>): Answer => ({
  ...json(act.status, act.body ?? errorBody("scripted", null, "server_error")),
  headers: { "content-type": "application/json", ...act.headers },
});
