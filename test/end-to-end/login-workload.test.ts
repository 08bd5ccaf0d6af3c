/** Workloads and organisations: logins without a person, and settings that somebody else made. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { WhoamiView } from "../../src/contract/login-views.js";
import { createHome, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";

let idp: IdentityProvider;
let home: TestHome;

beforeAll(async () => {
  idp = await startIdentityProvider();
});
afterAll(() => idp.close());
beforeEach(() => {
  // No keychain here, and none is needed.
  home = createHome();
});
afterEach(() => home.dispose());

const workloadArgs = () => ["login", "--issuer", idp.issuer, "--audience", "hoopx", "--json"];
const printEnvironment = ["run", "--", process.execPath, "-p", "JSON.stringify(process.env)"];

test("a token in a variable: one line, the session is the workload's, and the agent does not see it", async () => {
  const token = await idp.workloadToken({ groups: ["ci"] });
  const environment = { CI_TOKEN: token };
  const { code, stdout, stderr } = await home.hoopx(
    [...workloadArgs(), "--id-token-env", "CI_TOKEN"],
    { environment },
  );
  expect(code, stderr).toBe(0);
  const identity = {
    issuer: idp.issuer,
    subject: "system:serviceaccount:ci:agent",
    email: null,
    groups: ["ci"],
    profile: "default",
  };
  expect(JSON.parse(stdout)).toEqual({ identity });
  expect(await home.json<WhoamiView>(["whoami"])).toMatchObject({
    identity,
    kind: "workload",
    kept: "memory",
  });
  await home.connect("http://127.0.0.1:1/v1", "sk-workload-0123456789abcdef");
  const run = await home.hoopx(printEnvironment, { environment });
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).not.toContain(token);
  expect((await home.lastSession()).identity).toEqual(identity);
  expect(home.filesWith(token)).toEqual([]);
  expect(readdirSync(join(home.path, "config"))).not.toContain("profiles.yaml");
});

test("a job of GitHub Actions: the agent cannot ask for tokens of its own", async () => {
  const environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: idp.github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: idp.github.requestToken,
  };
  const { code, stdout, stderr } = await home.hoopx([...workloadArgs(), "--github-actions"], {
    environment,
  });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).identity.subject).toBe("repo:acme/shop:ref:refs/heads/main");
  await home.connect("http://127.0.0.1:1/v1", "sk-workload-0123456789abcdef");
  const run = await home.hoopx(printEnvironment, { environment });
  expect(run.stdout).not.toContain(idp.github.requestToken);
  const elsewhere = await home.hoopx([...workloadArgs(), "--github-actions"]);
  expect(elsewhere.code).toBe(2);
});

test("a file, saved: after a restart the daemon logs in by itself", async () => {
  writeFileSync(join(home.path, "token"), await idp.workloadToken());
  const saved = [...workloadArgs(), "--id-token-file", "token", "--save"];
  expect((await home.hoopx(saved)).code).toBe(0);
  await home.hoopx(["daemon", "restart"]);
  expect(await home.json<WhoamiView>(["whoami"])).toMatchObject({
    identity: { subject: "system:serviceaccount:ci:agent" },
  });
});

test("a client's own key", async () => {
  writeFileSync(join(home.path, "key.json"), JSON.stringify(idp.workloadKey));
  const { code, stdout, stderr } = await home.hoopx([
    ...["login", "--issuer", idp.issuer, "--client-id", idp.workloadClientId],
    ...["--client-key", "key.json", "--json"],
  ]);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).identity.subject).toBe("hoopx-ci");
});

test("an organisation's file names the provider: login needs no flags, and no session is without one", async () => {
  writeFileSync(
    join(home.path, "system.yaml"),
    `issuer: ${idp.issuer}\nclientId: ${idp.clientId}\nsecretStore: file\n`,
  );
  await home.connect("http://127.0.0.1:1/v1", "sk-workload-0123456789abcdef");
  const refused = await home.hoopx(["run", "--", "true"]);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toBe("error: you are not logged in\nhint: hoopx login\n");
  const running = home.start(["login", "--no-open", "--json"]);
  await running.shows("}\n");
  await idp.approve(JSON.parse(running.stdout()).userCode);
  expect((await running.done).code).toBe(0);
  expect((await home.hoopx(["run", "--", "true"])).code).toBe(0);
});

test("variables do the same, for a daemon that was started without them too", async () => {
  await home.connect("http://127.0.0.1:1/v1", "sk-workload-0123456789abcdef");
  expect((await home.hoopx(["run", "--", "true"])).code).toBe(0);
  const environment = { HOOPX_ISSUER: idp.issuer, HOOPX_CLIENT_ID: idp.clientId };
  const refused = await home.hoopx(["run", "--", "true"], { environment });
  expect(refused.code).toBe(4);
  const profile = await home.hoopx(["whoami"], { environment: { HOOPX_PROFILE: "work" } });
  expect(profile.stderr).toContain("profile work is not logged in");
});

test.each([
  [["--browser", "--github-actions"], "only one way to log in"],
  [["--id-token-env", "eyJhbGciOiJub25lIn0.e30."], "takes the name of a variable"],
  [["--id-token-env", "HOOPX_TOKEN"], "may not be in one"],
  [["--id-token-env", "NOT_THERE"], "is not set"],
  [["--save"], "--save is for workloads"],
  [["--profile", "No Such"], "lower-case letters"],
])("login %j: a usage error that repeats no value", async (flags, message) => {
  const { code, stderr } = await home.hoopx([...workloadArgs().slice(0, -1), ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("eyJ");
});
