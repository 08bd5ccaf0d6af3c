// `npm run test:matrix`: the unit and end-to-end tests on each Node version we
// support, Node itself taken from the npm registry. Runs in a copy of the tree
// (hard links), because better-sqlite3 12 is compiled for the Node it was
// installed with and 13, which has binaries for 22 and later, crashes Node 20.
// `--main` runs only what meets Node itself, versions as arguments only those.
// The last lines name what failed, and on which; the very last is `N passed, N failed`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureLine } from "./failures.js";
import { runTests } from "./run-tests.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules/.cache/hoopx-matrix");
const asked = process.argv.slice(2).filter((argument) => argument !== "--main");
const versions = asked.length > 0 ? asked : ["20", "22", "24"];
const sqliteForNewNode = "13.2.0";

/**
 * Where a Node version shows: sockets, streams, signals and child processes, the
 * database's binary, terminals, TLS and cryptography, and the whole program at
 * work. What is left out (rules, parsers, screens' words) is plain JavaScript.
 */
const meetsNode = [
  "test/daemon/control",
  "test/daemon/daemon.test.ts",
  "test/daemon/listener",
  "test/daemon/oauth",
  "test/daemon/path",
  "test/daemon/processes",
  "test/daemon/secrets",
  "test/daemon/sealing.test.ts",
  "test/daemon/store",
  "test/daemon/stopper.test.ts",
  "test/daemon/upstream",
  "test/cli/run",
  "test/cli/start-daemon.test.ts",
  "test/end-to-end/failures.test.ts",
  "test/end-to-end/login.test.ts",
  "test/end-to-end/masking.test.ts",
  "test/end-to-end/policy.test.ts",
  "test/end-to-end/record.test.ts",
  "test/end-to-end/run.test.ts",
  "test/end-to-end/session.test.ts",
];
const only = process.argv.includes("--main") ? meetsNode : [];

let passed = 0;
/** A line each. */
const failures = [];
const again = [];
for (const version of versions) {
  // npm test has just run these on the Node we are running on.
  const own = process.versions.node.startsWith(`${version}.`);
  if (own && asked.length === 0) {
    console.log(`Node ${version}: this is it (${process.version}); npm test runs on it`);
    continue;
  }
  try {
    await testOn(version, own ? process.execPath : fetchNode(version));
  } catch (error) {
    failures.push(failureLine(`Node ${version}`, error.message));
  }
}
for (const line of [...again, ...failures]) console.log(line);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Installs a package of the registry beside the tree; gives its folder. */
function fetchPackage(spec, folder) {
  const prefix = join(cache, folder);
  mkdirSync(prefix, { recursive: true });
  execFileSync("npm", ["install", "--prefix", prefix, "--no-save", "--no-package-lock", spec], {
    // The outer npm's configuration would point the inner one at this tree.
    env: withoutNpm(process.env),
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(prefix, "node_modules");
}

function fetchNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(cache, `node-${version}`, "node_modules", name, "bin/node");
  if (!existsSync(node)) fetchPackage(`${name}@${version}`, `node-${version}`);
  return node;
}

async function testOn(version, node) {
  const copy = mkdtempSync(join(tmpdir(), `hoopx-node-${version}-`));
  try {
    copyTree(copy);
    if (Number(version) >= 22) {
      const modules = fetchPackage(`better-sqlite3@${sqliteForNewNode}`, "sqlite");
      const target = join(copy, "node_modules/better-sqlite3");
      rmSync(target, { recursive: true });
      execFileSync("cp", ["-r", join(modules, "better-sqlite3"), target]);
    }
    // `node` in scripts and child processes must be this one.
    const bin = join(copy, ".node-bin");
    mkdirSync(bin);
    symlinkSync(node, join(bin, "node"));
    console.log(
      `Node ${version}: ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`,
    );
    const result = await runTests({
      node,
      root: copy,
      args: only,
      suffix: ` (Node ${version})`,
      env: { ...withoutNpm(process.env), PATH: `${bin}:${dirname(node)}:${process.env.PATH}` },
    });
    passed += result.passed;
    again.push(...result.again);
    failures.push(...result.failures);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Hard links where the file system allows: 300 MB in a moment. */
function copyTree(copy) {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
  for (const file of [...new Set(files.map(dirname))]) {
    mkdirSync(join(copy, file), { recursive: true });
  }
  for (const file of files) execFileSync("cp", ["-P", join(root, file), join(copy, file)]);
  for (const folder of ["dist", "node_modules"]) {
    const from = join(root, folder);
    const linked = spawnSync("cp", ["-al", from, copy], { stdio: "ignore" }).status === 0;
    if (!linked) execFileSync("cp", ["-r", from, copy]);
  }
}

function withoutNpm(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        !/^npm_(package_|lifecycle_|command|config_local_prefix|config_global_prefix|config_prefix)/.test(
          name,
        ),
    ),
  );
}
