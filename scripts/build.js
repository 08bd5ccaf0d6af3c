// Builds dist/: one split bundle for the command line and the daemon, so that
// start-up reads a file or two and commands that draw load their library late.
// Native modules stay outside; everything else is bundled.
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version, engines } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    hoopx: "src/cli/main.ts",
    hoopxd: "src/daemon/main.ts",
    checkpointer: "src/daemon/store/checkpointer.ts",
    verifier: "src/daemon/store/verifier.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  chunkNames: "chunks/[name]-[hash]",
  external: ["@napi-rs/keyring", "koffi"],
  // ink's development tools: loaded where DEV=true, and not installed.
  alias: {
    "react-devtools-core": "./scripts/nothing.js",
    undici: "./scripts/undici.js",
    // Node's own would parse the bundle to word the message of an assertion.
    assert: "./scripts/assert.cjs",
    "node:assert": "./scripts/assert.cjs",
  },
  define: {
    "process.env.NODE_ENV": '"production"',
    "process.env.DEV": '"false"',
    HOOPX_VERSION: JSON.stringify(version),
    HOOPX_ENGINES: JSON.stringify(engines.node),
  },
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: 'import { createRequire as hoopxRequire } from "node:module"; const require = hoopxRequire(import.meta.url);',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  logLevel: "warning",
});
