import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { adminOperations } from "../../../../src/daemon/providers/openai/admin-operations.js";
import { operations } from "../../../../src/daemon/providers/openai/operations.js";
import { recognise } from "../../../../src/daemon/providers/openai/recognise.js";

const all = [...operations, ...adminOperations];
const nameOf = (method: string, path: string) =>
  recognise({ method, path, fullPath: `/v1${path}`, query: "", contentType: "" })?.name;

describe("the table", () => {
  test("has each action and each route once", () => {
    expect(new Set(all.map(({ action }) => action.name)).size).toBe(all.length);
    const routes = all.map(
      ({ method, template }) => `${method} ${template.replace(/\{\w+\}/g, "{}")}`,
    );
    expect(new Set(routes).size).toBe(all.length);
  });

  test("every row is recognised by a path of its own, and HEAD as the GET it is", () => {
    for (const { method, template, action } of all) {
      const path = template.replace(/\{\w+\}/g, "x-1");
      expect(nameOf(method, path)).toBe(action.name);
      if (method === "GET") expect(nameOf("HEAD", path)).toBe(action.name);
    }
  });

  test("everything of an organization or its projects is admin, reads too", () => {
    for (const { template, action } of all) {
      if (/^\/(?:organization|projects)\b/.test(template)) expect(action.class).toBe("admin");
    }
    expect(adminOperations).toHaveLength(119);
  });

  test("what changes nothing by its method is read or admin; what deletes is write or admin", () => {
    for (const { method, action } of all) {
      if (method === "GET") expect(["read", "admin"]).toContain(action.class);
      if (method === "DELETE") expect(["write", "admin"]).toContain(action.class);
    }
  });

  test("POSTs that only read are these, and no others", () => {
    const reads = all.filter(({ method, action }) => method === "POST" && action.class === "read");
    expect(reads.map(({ action }) => action.name).sort()).toEqual([
      "fine_tuning.alpha.graders.validate",
      "responses.input_tokens.count",
      "vector_stores.search",
    ]);
  });

  test("what mints a credential is write or admin, never inference", () => {
    const minting = all.filter(({ action }) => action.mintsCredential);
    expect(minting.map(({ action }) => action.name).sort()).toEqual([
      "chatkit.sessions.create",
      "organization.admin_api_keys.create",
      "organization.projects.service_accounts.api_keys.create",
      "organization.projects.service_accounts.create",
      "realtime.client_secrets.create",
      "realtime.sessions.create",
      "realtime.transcription_sessions.create",
      "realtime.translations.client_secrets.create",
    ]);
    for (const { action } of minting) expect(["write", "admin"]).toContain(action.class);
  });
});

describe("a path finds one operation or none", () => {
  test.each([
    ["POST", "/responses", "responses.create"],
    ["POST", "/responses/input_tokens", "responses.input_tokens.count"],
    ["POST", "/responses/compact", "responses.compact"],
    ["GET", "/responses/resp_1", "responses.retrieve"],
    ["POST", "/threads/runs", "threads.create_and_run"],
    ["POST", "/threads/thread_1", "threads.update"],
    ["POST", "/organization/certificates/activate", "organization.certificates.activate"],
    ["POST", "/organization/certificates/cert_1", "organization.certificates.update"],
    ["GET", "/models/ft:gpt-4.1:acme::8", "models.retrieve"],
    ["GET", "/models/ft%3Agpt-4.1%3Aacme", "models.retrieve"],
    ["GET", "/files/%E6%97%A5", "files.retrieve"],
  ])("%s %s is %s", (method, path, name) => {
    expect(nameOf(method, path)).toBe(name);
  });

  test.each([
    ["", "GET", ""],
    ["the root", "GET", "/"],
    ["no leading slash", "GET", "models"],
    ["a trailing slash", "GET", "/models/"],
    ["an empty parameter", "GET", "/files//content"],
    ["another case", "GET", "/Models"],
    ["another case of the method", "get", "/models"],
    ["a segment too many", "GET", "/models/a/b"],
    ["a method it has not", "PUT", "/files/f"],
    ["a POST as HEAD", "HEAD", "/responses"],
    ["an escaped literal", "GET", "/%6dodels"],
    ["an escaped sibling", "POST", "/threads/%72uns"],
    ["an escaped underscore", "POST", "/responses/input%5ftokens"],
    ["a literal where a parameter stands elsewhere", "GET", "/threads/runs"],
    ["a literal where a parameter stands elsewhere", "DELETE", "/videos/characters"],
    ["a name of every object", "GET", "/constructor"],
    ["a parameter's name", "GET", "/files/{file_id}/nothing"],
    ["GET of the WebSocket", "GET", "/responses"],
    ["a version", "GET", "/v1/models"],
  ])("%s is none: %s %s", (_why, method, path) => {
    expect(nameOf(method, path)).toBeUndefined();
  });
});

describe("the openai package", () => {
  /** Methods that call another of the package's methods, once or many times over. */
  const composed = /^(?:parse|stream|runTools|upload|poll|.*Poll|.*Stream|waitForProcessing)$/;
  const notResources = new Set(["webhooks"]);

  test("sends nothing but operations that bear its own resource's name", async () => {
    const sent: { called: string; name: string | undefined }[] = [];
    let called = "";
    const client = new OpenAI({
      apiKey: "k",
      adminAPIKey: "k",
      baseURL: "http://127.0.0.1/v1",
      maxRetries: 0,
      fetch: async (url, init) => {
        const { pathname, protocol } = new URL(String(url));
        // The package's own probe of what fetch can do.
        if (protocol === "data:") return new Response("");
        sent.push({ called, name: nameOf(init?.method ?? "GET", pathname.slice("/v1".length)) });
        return new Response("{}", { headers: { "content-type": "application/json" } });
      },
    });

    /** Answers every question for a path parameter, and is an empty object as a body. */
    const anything = new Proxy({}, { get: (_, key) => (key === "toJSON" ? () => ({}) : "x-1") });

    async function visit(resource: object, path: string): Promise<void> {
      for (const [key, value] of Object.entries(resource)) {
        if (key.startsWith("_") || notResources.has(key)) continue;
        if (typeof value === "object" && value !== null && "_client" in value) {
          await visit(value, path === "" ? key : `${path}.${key}`);
        }
      }
      if (path === "") return;
      for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
        if (method === "constructor" || composed.test(method)) continue;
        called = `${path}.${method}`;
        const before = sent.length;
        const attempts = [["x-1", anything], [anything], ["x-1", "x-2", anything], ["x-1"], []];
        for (const values of attempts) {
          if (sent.length > before) break;
          try {
            await (resource as Record<string, (...given: unknown[]) => unknown>)[method]?.(
              ...values,
            );
          } catch {
            // These arguments were not its own.
          }
        }
      }
    }
    await visit(client, "");

    // The package says `vectorStores`, `admin.` and `beta.` where the API's paths do not.
    const snake = (name: string) =>
      name
        .replace(/^(?:admin|beta)\./, "")
        .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
        .replace(/_a_p_i_/g, "_api_");
    const renamed: Record<string, string> = {
      "organization.projects.rate_limits.list_rate_limits":
        "organization.projects.rate_limits.list",
      "organization.projects.rate_limits.update_rate_limit":
        "organization.projects.rate_limits.update",
      // The same path twice; the package calls one of them deprecated.
      "fine_tuning.checkpoints.permissions.retrieve": "fine_tuning.checkpoints.permissions.list",
    };
    const wrong = sent
      .map(({ called: method, name }) => ({
        expected: renamed[snake(method)] ?? snake(method),
        name,
      }))
      .filter(({ expected, name }) => expected !== name);
    expect(wrong).toEqual([]);
    expect(new Set(sent.map(({ name }) => name)).size).toBeGreaterThan(230);
  });
});

test("an escaped slash stands in a parameter, and hides no other operation", () => {
  expect(nameOf("GET", "/models/org%2Fname")).toBe("models.retrieve");
  expect(nameOf("DELETE", "/models/ft:a%2fb%2Fc")).toBe("models.delete");
  expect(nameOf("GET", "/files/a%2Fcontent")).toBeUndefined();
  expect(nameOf("GET", "/files%2Fa")).toBeUndefined();
  expect(nameOf("POST", "/threads/t%2Fruns")).toBeUndefined();
});
