import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { childEnvironment, digestsOf, unservedKeys } from "../../../src/cli/run/environment.js";

const started = {
  environment: { OPENAI_API_KEY: "hxs_token", OPENAI_BASE_URL: "http://127.0.0.1:4141/openai/v1" },
  remove: ["MY_OWN_NAME"],
};

test("known keys, stored secrets and our passphrase go; the rest stays", () => {
  const child = childEnvironment(
    {
      PATH: "/bin",
      EMPTY: "",
      OPENAI_API_KEY: "sk-real",
      openai_api_key: "sk-real",
      ANTHROPIC_API_KEY: "sk-ant",
      HOOPX_PASSPHRASE: "correct horse",
      HOOPX_HOME: "/h",
      MY_OWN_NAME: "sk-real",
    },
    started,
  );
  expect(child).toEqual({ PATH: "/bin", EMPTY: "", HOOPX_HOME: "/h", ...started.environment });
});

test("header variables lose the lines that carry credentials", () => {
  const child = childEnvironment(
    {
      OPENAI_CUSTOM_HEADERS: "X-Team: sky\nAuthorization: Bearer sk-real\napi-key: k\nX-Api-Key: k",
      ANTHROPIC_CUSTOM_HEADERS: "x-api-key: sk-ant",
    },
    { environment: {}, remove: [] },
  );
  expect(child).toEqual({ OPENAI_CUSTOM_HEADERS: "X-Team: sky" });
});

test.each([
  ["COPILOT_PROVIDER_HEADERS", '{"X-Team":"sky","Authorization":"Bearer k"}', '{"X-Team":"sky"}'],
  ["LITELLM_HEADERS", "x-team=sky,api-key=k,x-auth-token=k", "x-team=sky"],
  ["SOME_HEADERS", "Ocp-Apim-Subscription-Key: k", undefined],
  ["SOME_HEADERS", "{not json", undefined],
  ["OTEL_EXPORTER_OTLP_HEADERS", "api-key=k", "api-key=k"],
])("%s=%s is passed on as %s", (name, value, passed) => {
  expect(childEnvironment({ [name]: value }, { environment: {}, remove: [] })[name]).toBe(passed);
});

test("keys that no connection replaces are named; a kept one is passed on, a stored secret never", () => {
  const environment = {
    OPENAI_API_KEY: "sk-real",
    ANTHROPIC_API_KEY: "sk-ant",
    KIMI_API_KEY: "k",
    MISTRAL_ACCESS_TOKEN: "m",
    MY_OWN_NAME: "sk-real",
    HOOPX_PASSPHRASE: "correct horse",
    STRIPE_API_KEY: "not of a model API",
  };
  const keep = ["KIMI_API_KEY", "MY_OWN_NAME", "HOOPX_PASSPHRASE"];
  expect(unservedKeys(environment, started, keep)).toEqual([
    "ANTHROPIC_API_KEY",
    "MISTRAL_ACCESS_TOKEN",
    "MY_OWN_NAME",
  ]);
  expect(childEnvironment(environment, started, keep)).toEqual({
    KIMI_API_KEY: "k",
    STRIPE_API_KEY: "not of a model API",
    ...started.environment,
  });
});

test("the token never goes to a proxy: the daemon's address is past it, what was listed stays", () => {
  const none = { environment: {}, remove: [] };
  expect(childEnvironment({ HTTPS_PROXY: "http://proxy:3128" }, none)).toEqual({
    HTTPS_PROXY: "http://proxy:3128",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  });
  const listed = { http_proxy: "http://proxy", NO_PROXY: "internal.example, 10.0.0.1" };
  expect(childEnvironment(listed, none)).toMatchObject({
    NO_PROXY: "internal.example,10.0.0.1,127.0.0.1",
    no_proxy: "internal.example,10.0.0.1,127.0.0.1",
  });
  expect(childEnvironment({ all_proxy: "socks://p", no_proxy: "*" }, none)).toMatchObject({
    no_proxy: "*",
  });
  expect(childEnvironment({ NO_PROXY: "x" }, none)).toEqual({ NO_PROXY: "x" });
});

test("digests are of trimmed values, and never the values", () => {
  const digests = digestsOf({ KEY: "sk-real\n", EMPTY: "", NONE: undefined });
  expect(digests).toEqual({ KEY: createHash("sha256").update("sk-real").digest("hex") });
});
