// The scanner that bench/masking.js measures: the sources' own, bundled, with
// all detectors of a group. What the group lacks is no finding.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** `secrets` or `personal`: all detectors of the group, or of both. */
export async function loadScanner(root, group) {
  const has = (path) => existsSync(join(root, "src/daemon/masking", path));
  const engine = has("rule-finder.ts");
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: engine ? withEngine(has, group) : withMatcher(group),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
    },
  });
  const code = Buffer.from(outputFiles[0].text).toString("base64");
  const { scan } = await import(`data:text/javascript;base64,${code}`);
  return { name: engine ? "the daemon's" : "the plain matcher", scan };
}

function withMatcher(group) {
  return `
    import { secretRules } from "./src/daemon/masking/rules/index.ts";
    import { matchesOf } from "./test/support/rule-matches.ts";
    export const scan = (text) => ${group === "secrets" ? "matchesOf(secretRules, text)" : "[]"};
  `;
}

function withEngine(has, group) {
  const personal = group === "personal" && has("personal/catalogue.ts");
  return `
    import { createRuleFinder } from "./src/daemon/masking/rule-finder.ts";
    import { createMasking } from "./src/daemon/masking/create-masking.ts";
    import { secretRules } from "./src/daemon/masking/rules/index.ts";
    ${has("private-key.ts") ? 'import * as keys from "./src/daemon/masking/private-key.ts";' : ""}
    ${personal ? 'import * as catalogue from "./src/daemon/masking/personal/catalogue.ts";' : ""}
    const masking = createMasking({ compile: () => [createRuleFinder(secretRules)] });
    const session = masking.open("bench", { detectors: ["${group}"], patterns: [], words: [], requests: "record", restore: false });
    export const scan = (text) => session.mask(text).findings;
  `;
}
