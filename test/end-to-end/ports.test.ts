/** The daemon's port as built: one that another program has is said, and runs keep theirs over a restart. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { CheckView } from "../../src/contract/checkup-views.js";
import type { DaemonView } from "../../src/contract/daemon-view.js";
import { holdSession } from "../support/held-session.js";
import { createHome, eventually } from "../support/home.js";
import { startModelApi } from "../support/model-api.js";

test("a port of the settings that another program has is said, with its mend", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port: taken } = other.address() as AddressInfo;
  const home = createHome({ HOOPX_PORT: String(taken) });
  onTestFinished(async () => {
    await home.dispose();
    other.close();
  });
  const said = `another program has port ${taken}: the daemon listens on `;
  const first = await home.hoopx(["connections"]);
  expect(first.code).toBe(0);
  expect(first.stderr).toContain(said);
  expect(first.stderr).toContain("HOOPX_PORT");
  // Once, by the command that started it; from then on where it is asked for.
  expect((await home.hoopx(["connections"])).stderr).not.toContain(said);
  expect((await home.hoopx(["daemon", "status"])).stderr).toContain(said);
  const status = await home.json<DaemonView>(["daemon", "status"]);
  expect(status.portTaken).toBe(taken);
  expect(status.port).not.toBe(taken);
  const { stdout } = await home.hoopx(["doctor", "--json"]);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly CheckView[] };
  expect(checks.find(({ name }) => name === "port")).toMatchObject({
    outcome: "warning",
    message: expect.stringContaining(said),
  });
});

test("any port (0) is the same one after a restart while a run is alive", async () => {
  const api = await startModelApi();
  const home = createHome({ HOOPX_PORT: "0" });
  onTestFinished(async () => {
    await home.dispose();
    await api.close();
  });
  await home.connect(api.baseUrl, "sk-real-ports-0123456789abcdef");
  const held = await holdSession(home);
  expect((await held.request({})).status).toBe(200);
  const before = await home.daemon();
  process.kill(before.pid, "SIGKILL");
  const reply = await eventually(
    () => held.request({}),
    ({ status }) => status === 200,
  );
  expect(reply.status).toBe(200);
  const after = await home.daemon();
  expect(after.pid).not.toBe(before.pid);
  expect(after.port).toBe(before.port);
  expect(after.portTaken).toBeNull();
  await held.end();
});
