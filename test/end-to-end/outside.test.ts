/** What belongs to no session stands in a list too: tests of connections, and requests without a token. */
import { expect, test } from "vitest";
import type { ExchangeView } from "../../src/contract/views.js";
import { connectedHome } from "../support/connected-home.js";

const { home } = await connectedHome("sk-real-outside-0123456789abcdef");
const outside = (...flags: readonly string[]) =>
  home.json<readonly ExchangeView[]>(["sessions", "outside", ...flags]);

test("a connection's test and a request without a token are listed, newest first", async () => {
  expect(await outside()).toEqual([]);
  expect((await home.hoopx(["connections", "test", "openai"])).code).toBe(0);
  const { port } = await home.daemon();
  const refused = await fetch(`http://127.0.0.1:${port}/openai/v1/models`, {
    headers: { authorization: "Bearer hxs_none" },
  });
  expect(refused.status).toBe(401);
  const [stranger, probe] = await outside();
  expect(stranger).toMatchObject({ sessionId: null, outcome: "refused", status: 401 });
  expect(probe).toMatchObject({
    ...{ sessionId: null, connection: "openai", outcome: "allowed", status: 200 },
    operation: { action: "models.list", method: "GET", path: "/v1/models" },
    decision: { reason: expect.stringContaining("test") },
  });
  const { stdout } = await home.hoopx(["sessions", "outside"]);
  expect(stdout).toContain(`${probe?.id}\topenai\tGET /v1/models\tallowed`);
  const first = await home.hoopx(["sessions", "outside", "--limit", "1", "--json"]);
  expect(JSON.parse(first.stdout)).toMatchObject([{ id: stranger?.id }]);
  expect(first.stderr).toContain("hoopx sessions outside --limit 2 shows more");
  // A run's own exchanges are in its session, and not here.
  await home.agent("ask.mjs", ["models"]).done;
  expect(await outside()).toHaveLength(2);
});
