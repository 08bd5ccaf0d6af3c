// Writes docs/policy.schema.json from the schema that the daemon holds policy
// files to; a test says when it is stale.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ["src/daemon/policy/schema.ts"],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
});
const code = Buffer.from(outputFiles[0].text).toString("base64");
const { policyJsonSchema } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(
  `${root}/docs/policy.schema.json`,
  `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`,
);
