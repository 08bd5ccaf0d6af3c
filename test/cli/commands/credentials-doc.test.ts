/** docs/credentials.md: every example is a line that command line and daemon take, and every kind has one. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { credentialKindNames } from "../../../src/contract/credential-kinds.js";
import type { AddConnection } from "../../../src/contract/routes.js";
import { readCredential } from "../../../src/daemon/connections/credential-row.js";
import { parseBaseUrl } from "../../../src/daemon/upstream/address.js";
import { root } from "../../support/sources.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { connectionView } from "../support/views.js";

const page = readFileSync(join(root, "docs/credentials.md"), "utf8");
const examples = [...page.matchAll(/^```sh\nhoopx (.+)\n```$/gm)].map(([, line = ""]) => line);
const asked: AddConnection[] = [];
let home: string;
let daemon: FakeDaemon;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-doc-"));
  daemon = await startFakeDaemon(home, {
    connectionsCheckNew: () => ({}),
    connectionsAdd: ({ body }) => {
      asked.push(body);
      return connectionView({ name: body.name });
    },
  });
});
afterAll(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

test.each(examples)("hoopx %s", async (line) => {
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  const environment = {
    OPENAI_API_KEY: "sk-1-long-enough",
    STS_CLIENT_SECRET: "secret-long-enough",
  };
  const { code, stderr } = await runCli(args, { home, environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const body = asked.at(-1);
  const stored = body?.secret && { secretStore: "keychain", secretName: "x" };
  const settings = { ...body?.settings, ...(stored || {}) };
  expect(readCredential(body?.credential ?? "", settings, false).kind).toBe(body?.credential);
  parseBaseUrl(body?.baseUrl ?? "https://api.openai.com/v1", { allowPrivateNetwork: false });
});

test("every kind has an example", () => {
  expect(asked.map(({ credential }) => credential).sort()).toEqual([...credentialKindNames].sort());
});
