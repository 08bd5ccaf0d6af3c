// Imports a TypeScript file of ours into a plain script (demo, picture): Node 20
// reads none itself. Packages below it are loaded from where they are installed.
import { build } from "esbuild";

/** From a data: URL only whole addresses can be imported. */
const installedPackages = {
  name: "installed-packages",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === "entry-point" || path.startsWith("node:")) return undefined;
      return { path: import.meta.resolve(path), external: true };
    });
  },
};

/** The exports of a TypeScript file. */
export async function importTypeScript(url) {
  const { outputFiles } = await build({
    entryPoints: [new URL(url).pathname],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    plugins: [installedPackages],
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}
