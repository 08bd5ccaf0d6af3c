import { expect, test } from "vitest";
import { keyVariables, passphraseVariable } from "../../src/contract/key-variables.js";
import { spawnObjection } from "../../src/contract/spawn-guards.js";

test.each([
  "--inspect",
  "--inspect=0.0.0.0:9229",
  "--inspect-brk",
  "--inspect_brk=1",
  "--inspect-port=1",
  "--require=./x.js",
  "--require ./x.js",
  "-r ./x.js",
  "-r./x.js",
  "--import=./x.js",
  "--loader ./x.js",
  "--experimental-loader=./x.js",
  '--max-old-space-size=99 "--import" "./x y.js"',
  "--heapsnapshot-signal=SIGUSR2",
  "--heapsnapshot_near_heap_limit=1",
  "--tls-keylog=/tmp/keys",
  "--report-on-signal",
  "--cpu-prof",
  "--heap-prof",
  "--diagnostic-dir=/tmp",
  "--trace-event-categories=node.http",
  "--insecure-http-parser",
  "--tls-min-v1.0",
  "--openssl-config=x",
  "--env-file=x",
  "--an-option-that-is-not-there-yet",
  "-C x",
])("NODE_OPTIONS %s is refused", (options) => {
  expect(spawnObjection({ NODE_OPTIONS: options }, [])?.message).toMatch(/^NODE_OPTIONS holds -/);
});

test("of all options that Node takes in NODE_OPTIONS only the listed ones pass", () => {
  const passed = [...process.allowedNodeEnvironmentFlags].filter(
    (flag) => spawnObjection({ NODE_OPTIONS: flag }, []) === undefined,
  );
  for (const flag of passed) {
    expect(flag).toMatch(
      /^--(max-(old|semi)-space-size|use-(system|openssl|bundled)-ca|dns-result-order|(no-)?network-family-autoselection$|no-warnings|disable-warning|no-deprecation|title|disable-sigusr1)/,
    );
  }
  expect(passed.length).toBeGreaterThan(5);
});

test("a CPU profile is taken where an argument asks for it, not a variable", () => {
  expect(spawnObjection({}, ["--cpu-prof", "--cpu-prof-dir=x"])).toBeUndefined();
  expect(spawnObjection({ NODE_OPTIONS: "--cpu-prof" }, [])).toBeDefined();
});

test.each([
  "NODE_DEBUG",
  "NODE_V8_COVERAGE",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "SSLKEYLOGFILE",
  "OPENSSL_CONF",
])("%s in the environment is refused", (name) => {
  const objection = spawnObjection({ [name]: "0" }, []);
  expect(objection?.message).toContain(`the environment holds ${name}`);
  expect(spawnObjection({ [name]: "" }, [])).toBeUndefined();
});

test.each(["--inspect-brk", "-r", "--import=x", "--heap-prof", "--expose-gc"])(
  "node %s is refused",
  (argument) => {
    expect(spawnObjection({}, [argument])?.message).toContain("refuses to be started with");
  },
);

test.each(["--max-old-space-size=512", "--disable-sigusr1", "--no-warnings --title=require"])(
  "%s is harmless",
  (options) => {
    expect(spawnObjection({ NODE_OPTIONS: options }, options.split(" "))).toBeUndefined();
  },
);

test.each([...keyVariables, passphraseVariable])("%s in the environment is refused", (name) => {
  const objection = spawnObjection({ PATH: "/bin", [name]: "sk-secret" }, []);
  expect(objection?.message).toBe(`the environment holds a secret: ${name}`);
  expect(objection?.hint).toContain("hoopx daemon start");
});

test("an empty variable is no secret, and the message never holds a value", () => {
  expect(spawnObjection({ OPENAI_API_KEY: "" }, [])).toBeUndefined();
  expect(JSON.stringify(spawnObjection({ GROQ_API_KEY: "sk-secret" }, []))).not.toContain("sk-");
});
