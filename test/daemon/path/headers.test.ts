import { expect, test } from "vitest";
import {
  clientHeaders,
  headText,
  meantForAll,
  upstreamHeaders,
  withoutCredential,
} from "../../../src/daemon/path/headers.js";

test("H4: hop-by-hop, proxy claims, method overrides and credentials stay here", () => {
  const kept = upstreamHeaders(
    [
      ["Host", "127.0.0.1:4141"],
      ["Connection", "keep-alive, X-Private , Content-Type"],
      ["Keep-Alive", "timeout=5"],
      ["TE", "trailers"],
      ["Trailer", "x"],
      ["Transfer-Encoding", "chunked"],
      ["Upgrade", "h2c"],
      ["Proxy-Authorization", "Basic x"],
      ["X-Private", "1"],
      ["X-HTTP-Method-Override", "DELETE"],
      ["Forwarded", "for=1.2.3.4"],
      ["X-Forwarded-For", "1.2.3.4"],
      ["X-Original-URL", "/v1/files"],
      ["X-Rewrite-URL", "/v1/files"],
      ["Authorization", "Bearer hxs_x"],
      ["X-Api-Key", "hxs_x"],
      ["api-key", "hxs_x"],
      ["X-Amz-Security-Token", "x"],
      ["Cookie", "a=b"],
      ["OpenAI-Beta", "one"],
      ["openai-beta", "two"],
      ["Accept-Encoding", "gzip, deflate"],
    ].flat(),
  );
  expect(kept).toEqual([
    "OpenAI-Beta",
    "one",
    "openai-beta",
    "two",
    "Accept-Encoding",
    "gzip, deflate",
  ]);
});

test("M6: the agent does not choose where a reply begins", () => {
  const asked = ["Range", "bytes=5-", "If-Range", "x", "Last-Event-ID", "7", "If-None-Match", "e"];
  expect(upstreamHeaders(asked)).toEqual(["If-None-Match", "e"]);
});

test.each([
  "content-type",
  "Content-Encoding",
  "Content-Length",
  "transfer-encoding",
  "Host",
  "OpenAI-Project",
  "anthropic-beta",
  "x-goog-user-project",
  "accept",
  "idempotency-key",
  "if-match",
])("Connection may not take %s off", (name) => {
  expect(meantForAll(["Connection", `close, ${name}`])).toBe(name.toLowerCase());
  expect(meantForAll(["connection", "keep-alive", "Connection", ` ${name} `])).toBeDefined();
});

test("Connection may name what ends at this hop, and what nobody knows", () => {
  for (const value of ["close", "keep-alive", "Keep-Alive, TE", "Upgrade", "x-listed, trailer"]) {
    expect(meantForAll(["Connection", value])).toBeUndefined();
  }
  expect(meantForAll(["content-type", "text/plain"])).toBeUndefined();
});

test("replies keep their end-to-end headers in order, repeated ones too", () => {
  expect(
    clientHeaders([
      "Connection",
      "close, x-hop",
      "X-Hop",
      "1",
      "Set-Cookie",
      "a",
      "Set-Cookie",
      "b",
      "Date",
      "d",
    ]),
  ).toEqual(["Set-Cookie", "a", "Set-Cookie", "b", "Date", "d"]);
});

test("a reply names one exchange, ours: an upstream's own id is not passed on", () => {
  expect(clientHeaders(["X-Hoopx-Exchange-Id", "exc_theirs", "x-request-id", "req_1"])).toEqual([
    "x-request-id",
    "req_1",
  ]);
});

test("a transcript's head shows no credential", () => {
  const text = headText("GET / HTTP/1.1", [
    "Authorization",
    "Bearer hxs_x",
    "X-Api-Key",
    "k",
    "Accept",
    "*/*",
  ]);
  expect(text.toString()).toBe(
    "GET / HTTP/1.1\r\nAuthorization: [masked]\r\nX-Api-Key: [masked]\r\nAccept: */*\r\n",
  );
});

test.each([
  ["", ""],
  ["limit=2&after=key", "limit=2&after=key"],
  ["key=hxs_x", ""],
  ["a=1&KEY=hxs_x&b=%20", "a=1&b=%20"],
  ["%6bey=hxs_x&a=1", "a=1"],
  ["access_token=x&a=%zz", "a=%zz"],
])("the query %j leaves as %j", (query, expected) => {
  expect(withoutCredential(query)).toBe(expected);
});
