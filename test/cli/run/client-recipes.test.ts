import { expect, test } from "vitest";
import { recipeFor } from "../../../src/cli/run/client-recipes.js";

const session = {
  OPENAI_BASE_URL: "http://127.0.0.1:4141/openai/v1",
  OPENAI_API_KEY: "hxs_token",
};

test.each(["codex", "/usr/local/bin/codex", "node_modules/.bin/codex", "codex.cmd"])(
  "%s is pointed at the daemon, without its background server",
  (program) => {
    const recipe = recipeFor([program, "exec", "say hello"], session);
    expect(recipe?.arguments).toEqual([
      "--no-daemon",
      "-c",
      'openai_base_url="http://127.0.0.1:4141/openai/v1"',
    ]);
    expect(recipe?.environment).toEqual({ CODEX_API_KEY: "hxs_token" });
    // A process argument is world-readable.
    expect(recipe?.arguments.join(" ")).not.toContain("hxs_");
  },
);

test("other programs, and a session without an OpenAI connection, run as they are", () => {
  expect(recipeFor(["node", "codex"], session)).toBeUndefined();
  expect(recipeFor([], session)).toBeUndefined();
  expect(recipeFor(["codex"], {})).toBeUndefined();
});
