// The scanner that bench/masking.js measures: the sources' own, bundled, with
// all detectors of a group.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * `secrets`; `personal` for those and the detectors of personal data; `generic` for what knows a
 * secret by its name or place only, as it meets one whose issuer nobody wrote a rule for.
 */
export async function loadScanner(root, group) {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-bench-masking-"));
  const outfile = join(folder, "scanner.mjs");
  const personal =
    group === "personal" && existsSync(join(root, "src/daemon/masking/personal/catalogue.ts"));
  await build({
    absWorkingDir: root,
    stdin: { contents: scanner(group === "generic", personal), resolveDir: root },
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
    },
  });
  const { scan } = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return { scan };
}

const genericRules = `
    import { genericAssignmentRules } from "./src/daemon/masking/rules/generic-assignments.ts";
    import { genericHeaderRules } from "./src/daemon/masking/rules/generic-headers.ts";
    import { genericPlaceRules } from "./src/daemon/masking/rules/generic-places.ts";
    const rules = [...genericHeaderRules, ...genericPlaceRules, ...genericAssignmentRules];`;

function scanner(generic, personal) {
  return `
    import { createMasking } from "./src/daemon/masking/create-masking.ts";
    import { createPrivateKeyFinder } from "./src/daemon/masking/engine/private-key.ts";
    import { createRuleFinder } from "./src/daemon/masking/engine/rule-finder.ts";
    ${generic ? genericRules : 'import { secretRules as rules } from "./src/daemon/masking/rules/index.ts";'}
    ${
      personal
        ? 'import { personalFinders, personalNames } from "./src/daemon/masking/personal/catalogue.ts";'
        : "const personalNames = []; const personalFinders = () => [];"
    }
    const compile = () => [
      createRuleFinder(rules),
      ${generic ? "" : "createPrivateKeyFinder(),"}
      ...personalFinders(personalNames),
    ];
    const terms = { detectors: [], patterns: [], words: [], requests: "record", restore: false };
    const session = createMasking({ compile }).open("bench", terms);
    export const scan = (text) => session.mask(text).findings;
  `;
}
