// Imports a TypeScript file of ours into a plain script (demo, picture): Node 20
// reads none itself. Only Node's own modules may be imported below it.
import { build } from "esbuild";

/** The exports of a TypeScript file. */
export async function importTypeScript(url) {
  const { outputFiles } = await build({
    entryPoints: [new URL(url).pathname],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}
