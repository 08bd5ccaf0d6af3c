/** A disk that fills: nothing leaves that cannot be recorded, nothing is torn, and it heals when there is room. */
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RecordVerifyView } from "../../src/contract/record-views.js";
import { holdSession } from "../support/held-session.js";
import { createHome, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

const key = "sk-real-full-disk-0123456789abcdef";
const megabytes = 24;
let api: ModelApi;
let home: TestHome;
let isMounted = false;

beforeAll(async () => {
  api = await startModelApi({ key });
  home = createHome();
  const folder = join(home.path, "data");
  mkdirSync(folder, { mode: 0o700 });
  const options = ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700`, "tmpfs", folder];
  // Only root may, and not everywhere: where it cannot be, this is not shown.
  if (process.platform !== "linux") return;
  isMounted = (await home.spawn("mount", options).done).code === 0;
});
afterAll(async () => {
  await home.hoopx(["daemon", "stop"]);
  if (isMounted) await home.spawn("umount", ["-l", join(home.path, "data")]).done;
  await home.dispose();
  await api.close();
});

test("is 503 before anything leaves, and over once there is room", async ({ skip }) => {
  if (!isMounted) skip();
  await home.connect(api.baseUrl, key);
  const held = await holdSession(home);
  const input = "words ".repeat(8_000);
  const body = JSON.stringify({ model: "gpt-mock", input, stream: true });
  const ask = () => held.request({ method: "POST", target: "/openai/v1/responses", body });
  expect((await ask()).status).toBe(200);

  const filler = join(home.path, "data/filler");
  fill(filler);
  // What the log has room for already is still written.
  let refused: Awaited<ReturnType<typeof ask>> | undefined;
  for (let count = 0; count < 400 && refused === undefined; count += 1) {
    const before = api.calls.length;
    const reply = await ask();
    if (reply.status === 200) continue;
    refused = reply;
    expect(api.calls.length).toBe(before);
  }
  expect(refused?.status).toBe(503);
  expect(refused?.body).toContain("record_unavailable");

  rmSync(filler);
  expect((await ask()).status).toBe(200);
  await held.end();
  const report = await home.json<RecordVerifyView>(["sessions", "verify"]);
  expect(report.problems).toEqual([]);
  const exchanges = await home.exchangesOf("last");
  expect(exchanges.at(-1)).toMatchObject({ status: 200, error: null });
});

/** Takes all the room there is. */
function fill(file: string): void {
  for (let size = 1024 * 1024; size >= 512; ) {
    try {
      appendFileSync(file, Buffer.alloc(size, 1));
    } catch {
      size /= 2;
    }
  }
}
