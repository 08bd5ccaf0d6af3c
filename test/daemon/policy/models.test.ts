/** Rules about models and tools: all that a request names counts, wherever it does and under whatever name. */
import { describe, expect, test } from "vitest";
import { inputOf, policyWhen } from "./input.js";

const effectOf = async (when: string, effect: string, operation: object) => {
  const { evaluate } = await policyWhen(when, effect);
  const { rule } = evaluate(inputOf({ operation }));
  return rule === "r";
};

describe("models: some match, some do not, some are not named", () => {
  const cases: readonly (readonly [object, deny: boolean, allow: boolean])[] = [
    [{ model: "gpt-5", models: ["gpt-5"] }, true, true],
    [{ model: "o9", models: ["o9"] }, false, false],
    [{ model: "gpt-5", models: ["gpt-5", "o9"] }, true, false],
    [{ model: "o9", models: ["o9", "gpt-5"] }, true, false],
    [{ model: "gpt-5", models: ["gpt-5", "gpt-6"] }, true, true],
    [{ model: "gpt-5", models: ["gpt-5"], otherModels: true }, true, false],
    [{ model: "o9", models: ["o9"], otherModels: true }, true, false],
    [{ model: null, models: [], otherModels: true }, true, false],
    [{ model: null, models: [], otherModels: false }, false, false],
    [{ model: null }, false, false],
  ];
  test.each(cases)("%j", async (operation, deny, allow) => {
    const named = { models: undefined, ...operation };
    expect(await effectOf("models: ['gpt-*']", "deny", named)).toBe(deny);
    expect(await effectOf("models: ['gpt-*']", "review", named)).toBe(deny);
    expect(await effectOf("models: ['gpt-*']", "allow", named)).toBe(allow);
  });

  test("a doubt counts against the request behind a not, too", async () => {
    const operation = { model: "gpt-5", models: ["gpt-5", "o9"] };
    expect(await effectOf("not: { models: ['gpt-*'] }", "deny", operation)).toBe(true);
    expect(await effectOf("not: { models: ['gpt-*'] }", "allow", operation)).toBe(false);
  });
});

test.each([
  [{ model: null, models: [], otherModels: true }, "names no model that hoopx can read"],
  [{ model: "o9", models: ["o9"], otherModels: true }, "cannot tell which model works on"],
  [{ model: "gpt-5", models: ["gpt-5"] }, undefined],
])("%j: a denial for a model that is not known says so", async (operation, said) => {
  for (const effect of ["deny", "review"]) {
    const { evaluate } = await policyWhen("models: ['gpt-*']", effect);
    const { reason } = evaluate(inputOf({ operation }));
    if (said === undefined) expect(reason).toBe("it matches models: gpt-*");
    else
      expect(reason).toContain(
        `it matches models: gpt-*; ${said.startsWith("names") ? "the request " : "hoopx "}${said}`,
      );
  }
});

describe("a tool under another of its names", () => {
  const operation = {
    tools: ["web_search_preview", "mine"],
    alsoCalled: { web_search_preview: ["web_search"] },
  };
  test("is the tool that a rule means", async () => {
    expect(await effectOf("tools: [web_search]", "deny", operation)).toBe(true);
    expect(await effectOf("tools: [web_search_preview]", "deny", operation)).toBe(true);
    expect(await effectOf("tools: [other]", "deny", operation)).toBe(false);
    expect(await effectOf("tools: { only: [web_search, mine] }", "allow", operation)).toBe(true);
    expect(await effectOf("tools: { only: [mine] }", "allow", operation)).toBe(false);
  });
});
