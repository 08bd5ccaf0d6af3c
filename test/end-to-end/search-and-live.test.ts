/**
 * A real agent, seen while it works and found afterwards: `tail` shows what the
 * model says before it has ended, and a search finds a word of a streamed reply
 * and of a tool call's arguments.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  MeasuredExchangeView,
  MeasuredSessionView,
} from "../../src/contract/measure-views.js";
import { createHome, eventually, type TestHome } from "../support/home.js";
import { thinkOfResponse } from "../support/model-mind.js";
import { responseEvents } from "../support/model-replies.js";
import { openHoopx } from "../support/pty.js";

const key = "sk-real-live-0123456789abcdef";
let upstream: Server;
let home: TestHome;
/** Holds the streams that answer: they go on once it resolves. */
let held: Promise<void> | undefined;

beforeAll(async () => {
  upstream = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of responseEvents(asked, thinkOfResponse(asked))) {
      response.write(event);
      // The words before it are out.
      if (event.includes('"delta":" tool,"')) await held;
    }
    response.end();
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  home = createHome();
  const prices = join(home.path, "prices.json");
  writeFileSync(prices, JSON.stringify({ models: { gpt: { input: 1000, output: 1000 } } }));
  mkdirSync(join(home.path, "config"), { recursive: true });
  writeFileSync(join(home.path, "config", "config.yaml"), `prices: ${prices}\n`);
  await home.connect(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`, key);
});
afterAll(async () => {
  await home.dispose();
  upstream.closeAllConnections();
  upstream.close();
});

const search = (...flags: string[]) =>
  home.json<readonly MeasuredSessionView[]>(["sessions", ...flags]);

test("tail shows words of a reply while the upstream still holds the rest", async () => {
  const options = { environment: home.environment, cwd: home.path, columns: 100 };
  const tail = openHoopx(["tail", "--no-color"], options);
  // It does not say when it listens: asked until it has seen one.
  await eventually(
    async () => {
      await home.agent("agent.mjs", ["--stream"]).done;
      return tail.screen();
    },
    (screen) => screen.includes("allowed 200"),
    120_000,
  );
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  const before = tail.screen().length;
  const agent = home.agent("agent.mjs", ["--stream"]);
  const screen = await eventually(
    () => tail.screen().slice(before),
    (text) => text.includes("I asked the tool,"),
    120_000,
  );
  // It cannot have come: the upstream has not sent it.
  expect(screen).not.toContain("sunny in Lisbon");
  expect(screen).toMatch(/#1 {2}calls weather \{"city":"Lisbon"\}/);
  release();
  await eventually(
    () => tail.screen().slice(before),
    (text) => text.includes("I asked the tool, and it says: 21 degrees and sunny in Lisbon"),
    120_000,
  );
  expect((await agent.done).code).toBe(0);
  held = undefined;
  tail.type("\u0003");
  expect((await tail.exited).exitCode).toBe(0);
});

test("a search finds a word of a streamed reply and of a tool call's arguments", async () => {
  await home.agent("agent.mjs", ["--stream"], { flags: ["--title", "forecast"] }).done;
  const { id } = await home.lastSession();
  // The reply's last word; the call's name, key and value, which stand together nowhere else.
  for (const text of ['"asked the tool"', '"weather city lisbon"', "SUNN* forecast"]) {
    expect((await search("--search", text)).map((session) => session.id)).toContain(id);
  }
  expect(await search("--search", "nobody-said-that")).toEqual([]);
  const all = ["--tool", "weather", "--model", "gpt-*", "--cost-over", "0.01"];
  expect((await search("--search", "sunny", ...all))[0]).toMatchObject({
    id,
    cost: expect.any(Number),
  });
  expect(await search("--denied")).toEqual([]);
  expect(await search("--cost-over", "100000")).toEqual([]);
  const shown = await home.json<{ exchanges: readonly MeasuredExchangeView[]; cost: number }>([
    "sessions",
    "show",
    id,
  ]);
  const costs = shown.exchanges.map(({ cost }) => cost ?? Number.NaN);
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(shown.cost, 6);
  expect(shown.exchanges[0]).toMatchObject({ retryOf: null, retries: 0 });
  const { stdout } = await home.hoopx(["sessions", "verify"]);
  expect(stdout).not.toContain("problem");
});

test("sessions --watch tells of a run as it starts and ends", async () => {
  const watch = home.start(["sessions", "--watch", "--json"]);
  await watch.shows('"forecast"');
  await home.agent("agent.mjs", [], { flags: ["--title", "watched"] }).done;
  await watch.shows(/"watched".*"status":"ended"/s);
  watch.child.kill("SIGINT");
  expect((await watch.done).code).toBe(0);
});
