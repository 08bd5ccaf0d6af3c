/**
 * What every credential source must do, run on each against a token endpoint
 * in the test and through the same cache as in the daemon. They differ in what
 * they send and how the credential is carried, never in how they fail, expire
 * or keep what is secret.
 */
import { setMaxListeners } from "node:events";
import { homedir } from "node:os";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Credentials, createCredentials } from "../../src/daemon/credentials/credentials.js";
import { CredentialError, type OutgoingRequest } from "../../src/daemon/credentials/source.js";
import type { Connection } from "../../src/daemon/model/connection.js";
import type { CredentialConfig } from "../../src/daemon/model/credential-config.js";
import type { Identity } from "../../src/daemon/model/identity.js";
import { Secret } from "../../src/daemon/model/secret.js";
import type { SubjectTokenNeed } from "../../src/daemon/model/subject-token.js";
import { bindSecret } from "../../src/daemon/secrets/bound-secret.js";
import { createCheckedFetch } from "../../src/daemon/upstream/checked-fetch.js";
import { jwtOf } from "../support/jwt.js";
import {
  startTokenEndpoint,
  type TokenAnswer,
  type TokenCall,
  type TokenEndpoint,
} from "../support/token-endpoint.js";

export const subjectToken = jwtOf({ iss: "https://idp.example", sub: "ann" });
export const clientSecret = "client+secret/of hoopx%&=";
export const issuedToken = "issued-token-0123456789abcdef";
export const ann: Identity = {
  issuer: "https://idp.example",
  subject: "ann",
  email: "ann@example.com",
  groups: [],
  profile: "default",
};
const origin = "https://llm.example";

export interface SourceSample {
  readonly config: (endpoint: TokenEndpoint) => CredentialConfig;
  /** The endpoint's good answer with this token, which lives so many seconds; undefined: it does not say. */
  readonly answer: (token: string, seconds: number | undefined, at: Date) => TokenAnswer;
  /** Milliseconds that the source makes of an answer that does not say; `refused` where it must. */
  readonly unsaid: number | undefined | "refused";
  /** What was sent must be just this. */
  readonly sent?: (call: TokenCall) => void;
  /** The token on a request: what it must look like. */
  readonly carried: (request: OutgoingRequest, token: string) => void;
  readonly seenAs: string | undefined;
  /** It hands in a token of the login. */
  readonly handsIn: boolean;
  /** Milliseconds that it needs at most on a machine with other work; a second unless said. */
  readonly patience?: number;
}

/** A home for sources: real HTTP, clocks that the test holds. */
export function openCredentials(given: { readonly limit?: number } = {}) {
  const needs: SubjectTokenNeed[] = [];
  const time = { wall: 0, monotonic: 0 };
  const over = new AbortController();
  const secret = { origin: "", value: new Secret(clientSecret) };
  const store = (name: "keychain" | "file") => ({
    name,
    get: async () => bindSecret(secret),
    set: async () => undefined,
    delete: async () => undefined,
  });
  const credentials: Credentials = createCredentials({
    stores: { keychain: store("keychain"), file: store("file") },
    subjects: {
      async obtain(_identity, need) {
        needs.push(need);
        return { token: new Secret(subjectToken), kind: need.kind, expiresAt: null };
      },
    },
    fetch: createCheckedFetch({ connectTimeout: 5_000, timeout: 10_000, replyBytes: 65_536 }),
    now: () => new Date(Date.now() + time.wall),
    monotonic: () => performance.now() + time.monotonic,
    limit: given.limit ?? 10_000,
    environment: process.env,
    folder: homedir(),
    over: over.signal,
  });
  return { credentials, needs, time, over, secret };
}

export function connectionWith(credential: CredentialConfig): Connection {
  return {
    name: "llm",
    provider: "openai",
    origin,
    basePath: "/v1",
    credential,
    allowPrivateNetwork: false,
    createdAt: new Date(1),
    rotatedAt: null,
  };
}

export const requestTo = (to = origin): OutgoingRequest => ({
  method: "POST",
  origin: to,
  path: "/v1/responses?a=1",
  headers: ["accept", "*/*", "content-type", "application/json"],
  body: Buffer.from('{"model":"m"}'),
});

const { signal } = new AbortController();
setMaxListeners(0, signal);

/** The error, which must tell what mends it and give no secret away. */
export async function credentialErrorOf(promise: Promise<unknown>): Promise<CredentialError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CredentialError)) throw error;
  const shown = inspect(error, { depth: 8, showHidden: true }) + JSON.stringify(error);
  const told = shown + error.stack + error.message + error.hint;
  for (const text of [subjectToken, issuedToken, clientSecret, subjectToken.split(".")[1] ?? ""]) {
    expect(told).not.toContain(text);
  }
  expect(error.hint).not.toBe("");
  expect(error.code).toBe("credential_unavailable");
  return error;
}

/** Registers the contract's tests. */
export function credentialSourceContract(kind: string, sample: SourceSample): void {
  describe(`${kind} as a credential source`, () => {
    let endpoint: TokenEndpoint;
    let home: ReturnType<typeof openCredentials>;
    let connection: Connection;

    beforeEach(async () => {
      endpoint = await startTokenEndpoint();
      endpoint.respond(() => sample.answer(issuedToken, 3600, endpoint.now()));
      home = openCredentials();
      home.secret.origin = endpoint.origin;
      connection = connectionWith(sample.config(endpoint));
    });
    afterEach(() => endpoint.close());

    const obtain = (who = ann, stop = signal) => home.credentials.obtain(connection, who, stop);

    test("sends the fields of its protocol and carries what it was given", async () => {
      const credential = await obtain();
      expect(endpoint.calls).toHaveLength(1);
      const call = await endpoint.call(0);
      expect(call.method).toBe("POST");
      sample.sent?.(call);
      const request = requestTo();
      await credential.apply(request);
      sample.carried(request, issuedToken);
      expect(credential.sensitive).toContain(issuedToken);
      expect(credential.seenAs).toBe(sample.seenAs);
    });

    test("lives as long as it was said", async () => {
      const { expiresAt, lifetime = 0 } = await obtain();
      expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(5_000);
      expect(Math.abs(lifetime - 3_600_000)).toBeLessThan(5_000);
    });

    test("where nothing is said of its end", async () => {
      endpoint.respond(() => sample.answer(issuedToken, undefined, endpoint.now()));
      if (sample.unsaid === "refused") {
        await credentialErrorOf(obtain());
        return;
      }
      const credential = await obtain();
      expect(credential.lifetime).toBe(sample.unsaid);
      expect(credential.expiresAt === undefined).toBe(sample.unsaid === undefined);
      // Kept all the same, for a while.
      expect(await obtain()).toBe(credential);
      home.time.monotonic += 4_000_000;
      expect(await obtain()).not.toBe(credential);
    });

    test.each([-600_000, -60_000, 60_000, 600_000])(
      "an endpoint whose clock is %i ms off makes no difference",
      async (skew) => {
        endpoint.skew(skew);
        const { lifetime = 0, expiresAt } = await obtain();
        expect(Math.abs(lifetime - 3_600_000)).toBeLessThan(5_000);
        expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(5_000);
      },
    );

    test("one that is over already is refused, with a word on clocks", async () => {
      endpoint.respond(() => sample.answer(issuedToken, -5, endpoint.now()));
      expect((await credentialErrorOf(obtain())).message).toContain("expired already");
    });

    test("50 who ask at once make one call, and later ones none", async () => {
      let open = () => {};
      const until = new Promise<void>((resolve) => {
        open = resolve;
      });
      endpoint.script({ kind: "wait", until });
      const waiting = Array.from({ length: 50 }, () => obtain());
      await endpoint.call(0);
      open();
      const had = await Promise.all(waiting);
      expect(new Set(had).size).toBe(1);
      expect(await obtain()).toBe(had[0]);
      expect(endpoint.calls).toHaveLength(1);
      expect(home.needs).toHaveLength(sample.handsIn ? 1 : 0);
      await obtain({ ...ann, subject: "bob" });
      await obtain({ ...ann, profile: "work" });
      expect(endpoint.calls).toHaveLength(3);
    });

    test("one who leaves does not end the others' wait", async () => {
      let open = () => {};
      const until = new Promise<void>((resolve) => {
        open = resolve;
      });
      endpoint.script({ kind: "wait", until });
      const leaving = new AbortController();
      const left = obtain(ann, leaving.signal);
      const stayed = obtain();
      await endpoint.call(0);
      const reason = new Error("the client left");
      leaving.abort(reason);
      await expect(left).rejects.toBe(reason);
      open();
      expect((await stayed).sensitive).toContain(issuedToken);
      expect(endpoint.calls).toHaveLength(1);
    });

    test("an endpoint that hangs costs so long and no longer, and the next one asks anew", async () => {
      const { patience = 1_000 } = sample;
      home = openCredentials({ limit: patience });
      home.secret.origin = endpoint.origin;
      endpoint.script({ kind: "hang" });
      const error = await credentialErrorOf(obtain());
      const seconds = patience / 1000;
      expect(error.message).toMatch(new RegExp(`(within|longer than) ${seconds} s`));
      expect(await (await endpoint.call(0)).over).toBe("left");
      expect((await obtain()).sensitive).toContain(issuedToken);
    });

    test("the daemon's stop ends what is asked", async () => {
      endpoint.script({ kind: "hang" });
      const asked = obtain();
      const call = await endpoint.call(0);
      home.over.abort(new Error("the daemon stops"));
      await expect(asked).rejects.toThrow();
      expect(await call.over).toBe("left");
    });

    test.each([
      ["an OAuth error", 400, { error: "invalid_grant", error_description: "no such rule" }],
      ["an error that repeats what was sent", 401, undefined],
      ["a page", 500, "<html>bad gateway</html>"],
      ["nothing", 200, ""],
      ["a list", 200, "[]"],
      ["no token", 200, { expires_in: 3600 }],
      ["a number for a token", 200, { access_token: 7, token: 7, expires_in: 3600 }],
    ])("%s is an error that gives nothing away and is not kept", async (_what, status, body) => {
      endpoint.respond(({ text, header }) => {
        const [, pair = ""] = header("authorization")?.split(" ") ?? [];
        const basic = Buffer.from(pair, "base64").toString();
        const secret = pair === "" ? "" : clientSecret;
        const error = decodeURIComponent(text.replaceAll("+", " "));
        const echo = `what is ${secret} ${pair} ${basic} of ${subjectToken} ${text}`;
        return { status, body: body ?? { error, error_description: echo } };
      });
      await credentialErrorOf(obtain());
      endpoint.respond(() => sample.answer(issuedToken, 3600, endpoint.now()));
      expect((await obtain()).sensitive).toContain(issuedToken);
    });

    test("a token that would begin a header of its own is refused", async () => {
      endpoint.respond(() => sample.answer("token\r\nx-evil: 1", 3600, endpoint.now()));
      await credentialErrorOf(obtain());
      endpoint.respond(() => sample.answer("tökén", 3600, endpoint.now()));
      await credentialErrorOf(obtain());
    });

    test("an endpoint that breaks off, and one that is gone", async () => {
      endpoint.script({ kind: "reset" });
      await credentialErrorOf(obtain());
      await endpoint.close();
      await credentialErrorOf(obtain());
    });

    test("goes to the connection's origin and nowhere else", async () => {
      const credential = await obtain();
      const request = requestTo("https://evil.example");
      const before = [...request.headers];
      await credentialErrorOf((async () => credential.apply(request))());
      expect(request.headers).toEqual(before);
      // An edited base URL is another connection: what was had for the old one is not used for it.
      const moved = { ...connection, origin: "https://evil.example" };
      expect(await home.credentials.obtain(moved, ann, signal)).not.toBe(credential);
    });

    test("shows nothing when it is logged or inspected", async () => {
      const credential = await obtain();
      const shown = inspect(credential, { depth: 8, showHidden: true });
      for (const text of [issuedToken, subjectToken, clientSecret])
        expect(shown).not.toContain(text);
      expect(inspect(home.credentials, { depth: 8, showHidden: true })).not.toContain(issuedToken);
    });

    test("a refused one is replaced once, for all who hold it", async () => {
      const first = await obtain();
      endpoint.respond((_call, count) =>
        sample.answer(`${issuedToken}-${count}`, 3600, endpoint.now()),
      );
      const renewed = await Promise.all(
        [1, 2, 3].map(() => home.credentials.obtain(connection, ann, signal, first)),
      );
      expect(new Set(renewed).size).toBe(1);
      expect(renewed[0]).not.toBe(first);
      expect(endpoint.calls).toHaveLength(2);
      expect(await obtain()).toBe(renewed[0]);
      // An upstream that refuses the next as well does not make it ask again and again.
      const [next] = renewed;
      if (next === undefined) throw new Error("there is one");
      expect(await home.credentials.obtain(connection, ann, signal, next)).toBe(next);
      expect(endpoint.calls).toHaveLength(2);
    });
  });
}
