import { expect, test } from "vitest";
import type { DescribedRequest } from "../../../../src/contract/policy-views.js";
import { createDescribedRequests } from "../../../../src/daemon/control/policy/described-request.js";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { providerNamed } from "../../../../src/daemon/providers/providers.js";
import { nearestWord } from "../../../../src/daemon/yaml/nearest-word.js";

const identity = {
  issuer: "os:desk",
  subject: "ada",
  email: "ada@example.com",
  groups: ["leads"],
  profile: null,
};
const eu = { name: "eu", provider: "openai", basePath: "/proxy/v1" } as Connection;

function imagine(described: DescribedRequest, connections: readonly Connection[] = [eu]) {
  return createDescribedRequests({
    providerNamed,
    fallbackProvider: openai,
    connections: () => connections,
    host: "desk",
    nearestWord,
    now: () => new Date(0),
  })(described, "/work", { identity: async () => identity });
}

test("what is not described is an ordinary request of one's own, and that is said", async () => {
  const { input, toolCall, notes } = await imagine({ operation: "files.delete" });
  expect(input).toMatchObject({
    identity,
    connection: "eu",
    now: new Date(0),
    operation: {
      action: "files.delete",
      class: "write",
      method: "DELETE",
      path: "/proxy/v1/files/{file_id}",
      model: null,
      tools: [],
    },
  });
  expect(toolCall).toBeNull();
  expect(notes.join("\n")).toMatch(/connection eu[\s\S]*ada@example\.com/);
  expect((await imagine({ operation: "files.delete" }, [])).input.connection).toBe("openai");
});

test("what is described is asked", async () => {
  const { input, toolCall, notes } = await imagine({
    operation: "responses.create",
    connection: "other",
    subject: "eve",
    groups: ["ops"],
    prompt: ["one", "two"],
    tokens: 7,
    ci: "gitlab",
    at: "2026-01-31T22:30:00Z",
    toolCall: { name: "shell", arguments: "{}" },
  });
  expect(input.identity).toEqual({
    issuer: "os:desk",
    subject: "eve",
    email: null,
    groups: ["ops"],
    profile: null,
  });
  expect(input.prompt()).toEqual(["one", "two"]);
  expect(input.spent("day")).toEqual({ requests: 0, tokens: 7, cost: 0 });
  expect(input.process.ci?.system).toBe("gitlab");
  expect(input.now.toISOString()).toBe("2026-01-31T22:30:00.000Z");
  expect(toolCall).toEqual({ name: "shell", arguments: "{}", kind: "function" });
  expect(notes).toEqual([]);
});

test.each([
  ["delete /proxy/v1/files/file-1", "files.delete", "write"],
  ["POST /proxy/v1/odd", "unknown", "unknown"],
  ["GET /v1/files", "unknown", "unknown"],
])("%s is %s", async (operation, action, kind) => {
  const { input } = await imagine({ operation });
  expect(input.operation).toMatchObject({ action, class: kind });
});

test("an operation that there is not is refused with the one that was meant", async () => {
  await expect(imagine({ operation: "files.dlete" })).rejects.toMatchObject({
    code: "bad_request",
    hint: "did you mean files.delete?",
  });
  await expect(imagine({ operation: "write" })).rejects.toMatchObject({
    hint: expect.stringContaining("name an action"),
  });
});
