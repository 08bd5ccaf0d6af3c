/** What an approval is of (SECURITY A1): what makes another request makes another review. */
import { expect, test } from "vitest";
import type { Connection } from "../../../src/daemon/model/connection.js";
import { bindingOf } from "../../../src/daemon/path/binding.js";
import type { Policy } from "../../../src/daemon/policy/policy.js";

const body = Buffer.from('{"name":"plans"}');

function of(headers: Readonly<Record<string, string>>): string {
  const list = Object.entries({ "content-type": "application/json", ...headers });
  return bindingOf({
    method: "POST",
    path: "/v1/vector_stores",
    query: "",
    body,
    header: (name) => list.find(([one]) => one.toLowerCase() === name)?.[1],
    headers: list.flat(),
    connection: {
      name: "openai",
      origin: "https://api.example",
      credential: { kind: "static-key", secretName: "openai" },
    } as unknown as Connection,
    policy: { hash: "p" } as Policy,
  }).binding;
}

test.each([
  { "OpenAI-Project": "proj_other" },
  { "openai-organization": "org_other" },
  { "Content-Encoding": "br" },
  { "anthropic-beta": "computer-use" },
])("%o: another review", (headers) => {
  expect(of(headers)).not.toBe(of({}));
  const [[name = "", value = ""] = []] = Object.entries(headers);
  expect(of({ [name.toUpperCase()]: value })).toBe(of(headers));
});

test("what a client writes anew with each try is not bound", () => {
  expect(of({ "x-stainless-retry-count": "2", "x-client-request-id": "b" })).toBe(
    of({ "x-stainless-retry-count": "0" }),
  );
});
