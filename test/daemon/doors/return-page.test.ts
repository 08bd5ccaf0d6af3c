import { afterEach, beforeEach, expect, test } from "vitest";
import { openReturnPage, type ReturnPage } from "../../../src/daemon/doors/return-page.js";
import { sendRaw } from "../../support/raw-http.js";

let page: ReturnPage;
const never = new AbortController().signal;

beforeEach(async () => {
  page = await openReturnPage();
});
afterEach(() => page.close());

const right = (url: URL) => url.searchParams.get("state") === "right";

test("the awaited return waits for its answer, which names nothing it should not", async () => {
  const arrival = page.arrival(right, never);
  const shown = fetch(`${page.redirectUri}?state=right&code=the-code`);
  const { url, answer } = await arrival;
  expect(url.searchParams.get("code")).toBe("the-code");
  answer(false, "The login failed: <script>alert(1)</script>.");
  const response = await shown;
  expect(response.status).toBe(400);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const text = await response.text();
  expect(text).not.toContain("<script>");
  expect(text).not.toContain("the-code");
});

test("whatever else is asked for gets a 404 and ends nothing", async () => {
  const arrival = page.arrival(right, never);
  const { origin } = new URL(page.redirectUri);
  for (const path of [
    "/",
    "/callback",
    "/callback?state=wrong",
    "/callback/?state=right",
    "//callback",
  ]) {
    expect((await fetch(origin + path)).status, path).toBe(404);
  }
  const post = await fetch(`${page.redirectUri}?state=right`, { method: "POST" });
  expect(post.status).toBe(404);
  const port = Number(new URL(page.redirectUri).port);
  const rebound = `GET /callback?state=right HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`;
  expect((await sendRaw(port, Buffer.from(rebound))).status).toBe(404);
  void fetch(`${page.redirectUri}?state=right`).catch(() => undefined);
  const { answer } = await arrival;
  answer(true, "Done.");
});

test("a reload does not arrive twice", async () => {
  const arrival = page.arrival(right, never);
  const first = fetch(`${page.redirectUri}?state=right`);
  (await arrival).answer(true, "Done.");
  expect((await first).status).toBe(200);
  expect((await fetch(`${page.redirectUri}?state=right`)).status).toBe(404);
});

test("nobody waits longer than the signal lets them", async () => {
  await expect(page.arrival(right, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
  const leaving = new AbortController();
  const arrival = page.arrival(right, leaving.signal);
  leaving.abort(new Error("left"));
  await expect(arrival).rejects.toThrow("left");
});
