import { expect, test } from "vitest";
import { createMalformed } from "../../../src/daemon/doors/malformed.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";

test.each([
  ["malformed", "400 Bad Request", "request_malformed"],
  ["too-large", "431 Request Header Fields Too Large", "headers_too_large"],
  ["timeout", "408 Request Timeout", "body_timeout"],
  ["connect", "405 Method Not Allowed", "method_not_allowed"],
] as const)("%s is a whole %s in the provider's shape", (problem, status, code) => {
  const answer = createMalformed({ nextId: () => "exc_x", provider: openai })(problem).toString();
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head.startsWith(`HTTP/1.1 ${status}\r\n`)).toBe(true);
  expect(head).toContain("connection: close");
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
  expect(head).toContain("x-hoopx-exchange-id: exc_x");
  expect(JSON.parse(body).error.code).toBe(code);
});
