import { expect, test } from "vitest";
import { keyVariables, passphraseVariable } from "../../src/contract/key-variables.js";
import { spawnObjection } from "../../src/daemon/spawn-guards.js";

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
])("NODE_OPTIONS %s is refused", (options) => {
  expect(spawnObjection({ NODE_OPTIONS: options }, [])?.message).toMatch(/^NODE_OPTIONS holds -/);
});

test.each(["--inspect-brk", "-r", "--import=x"])("node %s is refused", (argument) => {
  expect(spawnObjection({}, [argument])?.message).toContain("refuses to be started with");
});

test.each(["--max-old-space-size=512", "--disable-sigusr1", "--no-warnings --title=require"])(
  "%s is nobody's harm",
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
