import { expect, test } from "vitest";
import { shownArguments, shownBody, shownText } from "../../../src/daemon/control/shown-body.js";
import { frameOf } from "../../contracts/records.js";

const bodyOf = (...pieces: readonly string[]) =>
  shownBody(pieces.map((piece) => frameOf("request-body", 0, piece)));

test("JSON is drawn pretty, over several frames too, and credentials in it are masked", () => {
  const body = {
    input: "use sk-live-0123456789abcdefghij please",
    tools: [{ type: "mcp", authorization: "opaque", headers: { Authorization: "Bearer x" } }],
    tokens: 7,
    max_output_tokens: 3,
  };
  const text = JSON.stringify(body);
  const shown = bodyOf(text.slice(0, 9), text.slice(9)) ?? "";
  expect(shown).toContain('\n  "input": "use [masked] please"');
  expect(shown).toContain('"authorization": "[masked]"');
  expect(shown).toContain('"Authorization": "[masked]"');
  expect(shown).toContain('"max_output_tokens": 3');
  expect(shown).not.toContain("opaque");
});

test("a form is shown as it is; what is no text is not, nor is nothing", () => {
  expect(bodyOf("--b\r\nsecret plans\r\n--b--")).toContain("secret plans");
  expect(bodyOf("a\0b")).toBeNull();
  expect(bodyOf()).toBeNull();
  const broken = { kind: "request-body", at: 0, data: Buffer.from([0xff, 0xfe]) } as const;
  expect(shownBody([broken])).toBeNull();
});

test.each([
  `hxs_${"t".repeat(43)}`,
  "ghp_0123456789abcdefghijABCDEFGHIJ",
  "AKIAIOSFODNN7EXAMPLE",
  "Bearer abcdefghijklmnop",
  "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl",
  "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
])("masked by its form: %s", (secret) => {
  const shown = shownText(`before ${secret} after`);
  expect(shown).toBe("before [masked] after");
});

test("a tool call's arguments are shown as written, credentials masked by name and form", () => {
  expect(shownArguments('{"path":"a","path":"b","api_key" : "s\\"x","n":1}')).toBe(
    '{"path":"a","path":"b","api_key" : "[masked]","n":1}',
  );
  expect(shownArguments("run with Bearer abcdefghijklmnop")).toBe("run with [masked]");
});
