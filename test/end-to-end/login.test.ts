/** Logging in with the built program: what a person or a script sees, against a real identity provider. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WhoamiView } from "../../src/contract/views.js";
import { createHome, type Running, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";

let idp: IdentityProvider;
let home: TestHome;

beforeAll(async () => {
  idp = await startIdentityProvider();
  home = createHome({ HOOPX_SECRET_STORE: "file" });
});
afterAll(async () => {
  await home.dispose();
  await idp.close();
});

const loginArgs = () => [
  ...["login", "--issuer", idp.issuer, "--client-id", idp.clientId, "--no-open", "--json"],
];

/** Logs in as a script would, the test being the person; its lines of JSON. */
async function login(args = loginArgs(), account?: string): Promise<readonly unknown[]> {
  const running = home.start(args);
  await idp.approve(await codeOf(running), account);
  const { code, stdout, stderr } = await running.done;
  expect(code, stderr).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function codeOf(running: Running): Promise<string> {
  await running.shows("}\n");
  return JSON.parse(running.stdout().split("\n", 1)[0] ?? "").userCode;
}

test("the first line is the code, the last the identity, and whoami knows it from then on", async () => {
  const lines = await login();
  expect(lines).toHaveLength(2);
  const [first, last] = lines as [Record<string, unknown>, Record<string, unknown>];
  expect(Object.keys(first)).toEqual([
    ...["userCode", "verificationUri", "verificationUriComplete", "expiresIn"],
  ]);
  expect(last).toEqual({
    identity: {
      issuer: idp.issuer,
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering", "leads"],
      profile: "default",
    },
  });
  const who = await home.json<WhoamiView>(["whoami"]);
  expect(who).toMatchObject({ ...last, profile: "default", kind: "person", kept: "file" });
  expect(Date.parse(who.expiresAt ?? "")).toBeGreaterThan(Date.now());
});
