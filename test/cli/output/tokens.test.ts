import { expect, test } from "vitest";
import { aboutTokens, tokenFlow, tokensInAndOut } from "../../../src/cli/output/tokens.js";

test("an estimate is marked, and what a reply stated is not", () => {
  const stated = { input: 1_204, output: 96 };
  expect(tokenFlow(stated)).toBe("1,204 → 96");
  expect(tokensInAndOut(stated)).toBe("1,204 tokens in, 96 out");
  const estimated = { ...stated, estimated: true } as const;
  expect(tokenFlow(estimated)).toBe("~1,204 → ~96");
  expect(tokensInAndOut(estimated)).toBe("~1,204 tokens in, ~96 out");
  expect(aboutTokens(1_300, true)).toBe("~1,300");
});
