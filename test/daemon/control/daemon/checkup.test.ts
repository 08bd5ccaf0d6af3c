import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  type CheckupOptions,
  createCheckup,
} from "../../../../src/daemon/control/daemon/checkup.js";
import type { Peer } from "../../../../src/daemon/processes/peers.js";
import { SecretStoreError } from "../../../../src/daemon/secrets/secret-store.js";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const empty = { get: async () => undefined };
const locked = {
  get: async () => {
    throw new SecretStoreError("locked", "the keychain is locked", "unlock it");
  },
};
const { signal } = new AbortController();

const shell: Peer = { kind: "process", pid: 7, start: "boot:9", uid: 1000 };

async function checks(change: Partial<CheckupOptions>, peer = shell) {
  const checkup = createCheckup({
    stores: { keychain: empty, file: empty },
    secretStore: "keychain",
    storesInUse: async () => [],
    processCheck: { unavailable: null },
    callersUnavailable: async () => null,
    terminalInput: () => "closed",
    record: () => ({ state: "anchored", message: null, hint: null }),
    settings: () => ({ file: "/c/config.yaml", problems: [], changed: false }),
    identityProvider: { issuer: async () => undefined, fetch },
    now: () => new Date("2026-11-24T09:10:00.000Z"),
    limit: 5_000,
    ...change,
  });
  const { checks: found, clocks } = await checkup({ proof: peer }, signal);
  return { clocks, found, of: (name: string) => found.find((each) => each.name === name) };
}

test("settings files are held to their schema while the daemon runs with older ones", async () => {
  const settings = { file: "/c/config.yaml", problems: [], changed: false };
  expect((await checks({})).of("settings")).toMatchObject({
    outcome: "ok",
    message: "/c/config.yaml",
  });
  const edited = await checks({ settings: () => ({ ...settings, changed: true }) });
  expect(edited.of("settings")).toMatchObject({
    outcome: "warning",
    hint: "hoopx daemon restart",
  });
  const problems = ["/c/config.yaml:1:1: no setting prot", "/c/config.yaml:2:7: port must be …"];
  const { found } = await checks({ settings: () => ({ ...settings, problems, changed: true }) });
  expect(found.filter(({ name }) => name === "settings")).toMatchObject(
    problems.map((message) => ({ outcome: "failed", message })),
  );
});

test.each([
  ["closed", "ok", null],
  ["open", "warning", "sysctl -w dev.tty.legacy_tiocsti=0"],
  ["always-open", "warning", "script -qc"],
] as const)("what a program may type into a terminal: %s", async (input, outcome, hint) => {
  const found = (await checks({ terminalInput: () => input })).of("terminal");
  expect(found).toMatchObject({
    outcome,
    hint: hint === null ? null : expect.stringContaining(hint),
  });
  expect((await checks({ terminalInput: () => undefined })).of("terminal")).toBeUndefined();
});

test("a store that opens is fine, one that is not in use is not looked for", async () => {
  const { of } = await checks({});
  expect(of("keychain")).toMatchObject({ outcome: "ok" });
  expect(of("sealed file")).toMatchObject({ outcome: "skipped", message: "not in use" });
});

test("a store that is in use is looked for", async () => {
  const { of } = await checks({ storesInUse: async () => ["file"] });
  expect(of("sealed file")).toMatchObject({ outcome: "ok" });
});

test("a keychain that is in use fails with its reason; one that is not is only said", async () => {
  const stores = { keychain: locked, file: empty };
  const needed = await checks({ stores, storesInUse: async () => ["keychain"] });
  expect(needed.of("keychain")).toEqual({
    name: "keychain",
    outcome: "failed",
    message: "the keychain is locked",
    hint: "unlock it",
  });
  const unused = await checks({ stores, storesInUse: async () => ["file"] });
  expect(unused.of("keychain")).toMatchObject({
    outcome: "skipped",
    message: "not in use (the keychain is locked)",
  });
  expect(unused.of("sealed file")).toMatchObject({ outcome: "ok" });
});

test("the process check: held, not possible here, or another namespace's", async () => {
  expect((await checks({})).of("process check")).toMatchObject({ outcome: "ok" });
  const why = "darwin does not tell which process a connection belongs to";
  const apart = await checks({ processCheck: { unavailable: why } });
  expect(apart.of("process check")).toMatchObject({ outcome: "skipped" });
  expect(apart.of("process check")?.message).toContain(why);
  const inside = await checks({}, { kind: "hidden" });
  expect(inside.of("process check")).toMatchObject({ outcome: "skipped" });
  expect(inside.of("process check")?.message).toContain("another pid namespace");
});

async function issuer(answer: (own: string) => RequestListener): Promise<string> {
  const listening = createServer();
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const own = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  listening.on("request", answer(own));
  return own;
}

const document = (own: string, change: object = {}) =>
  JSON.stringify({ issuer: own, token_endpoint: `${own}/t`, jwks_uri: `${own}/k`, ...change });

test("an identity provider that answers, and its clock", async () => {
  const asked: string[] = [];
  const own = await issuer((self) => (request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("date", "Tue, 24 Nov 2026 09:00:00 GMT");
    response.end(document(self));
  });
  const identityProvider = { issuer: async () => own, fetch };
  const { of, clocks } = await checks({ identityProvider });
  expect(of("identity provider")).toMatchObject({ outcome: "ok", message: `${own} answers` });
  expect(asked).toEqual(["/.well-known/openid-configuration"]);
  expect(clocks).toEqual([{ host: new URL(own).host, aheadMs: 600_000 }]);
});

test.each([
  ["answered with 404", () => [404, "{}"]],
  ["is not JSON", () => [200, "<html>"]],
  ["names another issuer", (own: string) => [200, document(own, { issuer: `${own}/other` })]],
  ["has no jwks_uri", (own: string) => [200, document(own, { jwks_uri: null })]],
] as [string, (own: string) => [number, string]][])(
  "an identity provider whose document %s fails",
  async (message, answer) => {
    const own = await issuer((self) => (_request, response) => {
      const [status, body] = answer(self);
      response.writeHead(status).end(body);
    });
    const { of } = await checks({ identityProvider: { issuer: async () => own, fetch } });
    expect(of("identity provider")).toMatchObject({ outcome: "failed" });
    expect(of("identity provider")?.message).toContain(message);
    expect(of("identity provider")?.hint).toContain("hoopx login");
  },
);

test("one that hangs fails within the limit, and one that is not there at once", async () => {
  const own = await issuer(() => () => {});
  const hanging = await checks({ limit: 50, identityProvider: { issuer: async () => own, fetch } });
  expect(hanging.of("identity provider")?.message).toContain("no answer within 0.05 s");
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  const gone = await checks({ identityProvider: { issuer: async () => own, fetch } });
  expect(gone.of("identity provider")?.message).toContain("unreachable: ECONNREFUSED");
});

test("the record is fine, not compared, or not the one that was sealed", async () => {
  const recordIn = async (
    state: "anchored" | "not-anchored" | "not-checked" | "altered" | "lost",
  ) => {
    const record = () => ({ state, message: `it is ${state}`, hint: "look" });
    return (await checks({ record })).of("record");
  };
  expect(await recordIn("anchored")).toMatchObject({ outcome: "ok" });
  expect(await recordIn("not-anchored")).toMatchObject({ outcome: "skipped" });
  for (const [state, outcome] of [
    ["not-checked", "skipped"],
    ["altered", "failed"],
    ["lost", "failed"],
  ] as const) {
    expect(await recordIn(state)).toMatchObject({ outcome, message: `it is ${state}` });
  }
});
