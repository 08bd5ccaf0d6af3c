/**
 * A token endpoint on loopback that does what a test says: it answers, refuses,
 * waits, hangs, redirects or tells another time, and remembers every call with
 * its fields. Each kind of credential has its answer here in the vendor's form.
 */
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenCall {
  readonly method: string;
  readonly url: string;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
  /** Fields of a form. */
  readonly form: Readonly<Record<string, string>>;
  /** Fields of a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Resolves when the reply ended or the caller left. */
  readonly over: Promise<"complete" | "left">;
}

export interface TokenAnswer {
  readonly status?: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Act =
  | { readonly kind: "answer"; readonly answer: TokenAnswer }
  /** Never answers. */
  | { readonly kind: "hang" }
  | { readonly kind: "reset" }
  /** Answers once `until` is resolved. */
  | { readonly kind: "wait"; readonly until: Promise<unknown> };

export interface TokenEndpoint {
  readonly origin: string;
  readonly url: string;
  readonly calls: readonly TokenCall[];
  /** Resolves with the call of this place (from 0). */
  call(index: number): Promise<TokenCall>;
  /** What it answers when nothing else is scripted. */
  respond(answer: (call: TokenCall, count: number) => TokenAnswer): void;
  /** The next calls, in order. */
  script(...acts: readonly Act[]): void;
  /** Its clock is so many milliseconds ahead of ours, and its Date header says so. */
  skew(milliseconds: number): void;
  /** By its own clock. */
  now(): Date;
  close(): Promise<void>;
}

/** Starts it. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const calls: TokenCall[] = [];
  const acts: Act[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  let ahead = 0;
  let answer: (call: TokenCall, count: number) => TokenAnswer = (_call, count) => ({
    body: { access_token: `issued-token-${count}`, token_type: "Bearer", expires_in: 3600 },
  });
  const now = () => new Date(Date.now() + ahead);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const over = once(response, "close").then((): "complete" | "left" =>
      response.writableFinished ? "complete" : "left",
    );
    let text = "";
    request.setEncoding("utf8");
    for await (const chunk of request) text += chunk;
    const call: TokenCall = {
      method: request.method ?? "",
      url: request.url ?? "",
      header: (name) => request.headers[name]?.toString(),
      text,
      form: Object.fromEntries(new URLSearchParams(text)),
      json: jsonOf(text),
      over,
    };
    calls.push(call);
    arrivals.emit("call");
    const count = calls.length;
    const act = acts.shift();
    if (act?.kind === "hang") return;
    if (act?.kind === "reset") return void request.socket.resetAndDestroy();
    if (act?.kind === "wait") await act.until;
    const {
      status = 200,
      body,
      headers,
    } = act?.kind === "answer" ? act.answer : answer(call, count);
    response.sendDate = false;
    response.writeHead(status, {
      "content-type": "application/json",
      date: now().toUTCString(),
      ...headers,
    });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    url: `${origin}/oauth/token`,
    calls,
    now,
    async call(index) {
      for (;;) {
        const call = calls[index];
        if (call !== undefined) return call;
        await once(arrivals, "call");
      }
    },
    respond: (next) => {
      answer = next;
    },
    script: (...next) => void acts.push(...next),
    skew: (milliseconds) => {
      ahead = milliseconds;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}

/** What STS answers to AssumeRoleWithWebIdentity. */
export function stsXml(keys: {
  readonly secret: string;
  readonly session: string;
  readonly expiration: string | undefined;
}): string {
  const end = keys.expiration === undefined ? "" : `<Expiration>${keys.expiration}</Expiration>`;
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>ann</SubjectFromWebIdentityToken>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/agents/ann@example.com</Arn>
      <AssumedRoleId>AROAEXAMPLE:ann@example.com</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>${keys.secret}</SecretAccessKey>
      <SessionToken>${keys.session}</SessionToken>
      ${end}
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`;
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
