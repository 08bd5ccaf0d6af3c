import { expect, test } from "vitest";
import { lenientFetch } from "../../../src/daemon/oauth/lenient-reply.js";

async function reply(body: unknown, status = 200, method = "POST") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": String(text.length) };
  const fetch = lenientFetch(async () => new Response(text, { status, headers }));
  const got = await fetch("https://idp.example/token", { method });
  const said = await got.text();
  return { status: got.status, type: got.headers.get("content-type"), said };
}
const members = async (body: unknown) => JSON.parse((await reply(body)).said);

test.each([
  [
    { verification_url: "https://a" },
    { verification_url: "https://a", verification_uri: "https://a" },
  ],
  [
    { verification_uri: "", verification_url: "b" },
    { verification_url: "b", verification_uri: "b" },
  ],
  [
    { verification_uri: "a", verification_url: "b" },
    { verification_uri: "a", verification_url: "b" },
  ],
  [{ verification_uri_complete: "" }, {}],
  [{ verification_uri_complete: null }, {}],
  [{ interval: 0 }, { interval: 1 }],
  [{ interval: "0" }, { interval: 1 }],
  [{ interval: "1" }, { interval: 1 }],
  [{ interval: null }, {}],
  [{ expires_in: "600" }, { expires_in: 600 }],
  [{ expires_in: null }, {}],
  [{ refresh_token: null, access_token: "a" }, { access_token: "a" }],
  [{ refresh_token: "", access_token: "a" }, { access_token: "a" }],
  [{ scope: null }, {}],
  // Nothing is made up: the library refuses these as before.
  [
    { access_token: null, token_type: "" },
    { access_token: null, token_type: "" },
  ],
  [
    { interval: "soon", expires_in: -1 },
    { interval: "soon", expires_in: -1 },
  ],
  [{ device_code: "" }, { device_code: "" }],
])("%j is read as %j", async (given, read) => {
  expect(await members(given)).toEqual(read);
});

test("an error told with 200 is an error; tokens beside one are not", async () => {
  const pending = { error: "authorization_pending" };
  expect(await reply(pending)).toMatchObject({ status: 400, type: "application/json" });
  expect(await reply({ ...pending, access_token: "a" })).toMatchObject({ status: 200 });
  expect(await reply(pending, 503)).toMatchObject({ status: 503 });
});

test("what is no JSON object, and what is only read, stays as it is", async () => {
  for (const text of ["<html>", "[1]", "null", '"x"', ""]) {
    expect((await reply(text)).said).toBe(text);
  }
  const text = '{ "scope": null, "error": "x" }';
  expect(await reply(text, 200, "GET")).toMatchObject({ status: 200, said: text });
});
