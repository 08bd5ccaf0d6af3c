// `npm run test:matrix`: hoopx on each Node version with each npm that we support.
// For each pair, in a copy of the tree: the README's first command, the packed
// package installed globally, and a session with it. For each Node, also the
// unit and end-to-end tests. Node and npm come from the npm registry.
// `--main` takes one npm for each Node, and only the tests of what meets Node
// itself (on 26, which shares 24's binaries, the installation alone). Versions
// as arguments (`22`) take only those.
// The last lines name what failed, and on which; the very last is `N passed, N failed`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureLine } from "./failures.js";
import { runTests } from "./run-tests.js";
import { run, tryInstalled } from "./try-installed.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules/.cache/hoopx-matrix");
const asked = process.argv.slice(2).filter((argument) => argument !== "--main");
const main = process.argv.includes("--main");

/** npm 12 runs on Node 22 and newer only. The first of each is what `--main` takes. */
const npmsOf = {
  20: ["10", "11"],
  22: ["12", "11", "10"],
  24: ["11", "12", "10"],
  26: ["12", "11", "10"],
};
const versions = asked.length > 0 ? asked : Object.keys(npmsOf);

/**
 * Where a Node version shows: sockets, streams, signals and child processes, the
 * database's binary, terminals, TLS and cryptography, and the whole program at
 * work. What is left out (rules, parsers, screens' words) is plain JavaScript.
 */
const meetsNode = [
  "test/daemon/control",
  "test/daemon/compose/daemon.test.ts",
  "test/daemon/doors",
  "test/daemon/oauth",
  "test/daemon/path",
  "test/daemon/processes",
  "test/daemon/secrets",
  "test/daemon/record/sealing.test.ts",
  "test/daemon/store",
  "test/daemon/lifecycle/stopper.test.ts",
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

let passed = 0;
/** A line each. */
const failures = [];
const again = [];
for (const version of versions) {
  const own = process.versions.node.startsWith(`${version}.`);
  if (main && own && asked.length === 0) {
    console.log(`Node ${version}: this is it (${process.version}); npm ci and npm test ran on it`);
    continue;
  }
  const npms = main ? npmsOf[version].slice(0, 1) : npmsOf[version];
  for (const [place, npm] of npms.entries()) {
    const pair = `Node ${version}, npm ${npm}`;
    const copy = mkdtempSync(join(tmpdir(), `hoopx-node-${version}-`));
    try {
      const machine = prepare(copy, own ? process.execPath : fetchNode(version), npm);
      console.log(`${pair}: ${(await run(machine.node, ["--version"], machine.env)).trim()}`);
      await install(copy, machine, version);
      passed += 1;
      console.log(`ok      ${pair}: installs from a clone and from the packed package`);
      // npm test has just run these on the Node that runs this script.
      const justRun = own && asked.length === 0;
      if (place === 0 && !justRun && !(main && version === "26")) {
        await test(copy, machine, version);
      }
    } catch (error) {
      failures.push(failureLine(pair, error.message));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
}
for (const line of [...again, ...failures]) console.log(line);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** A copy of the tree without what was installed, and Node and npm for it. */
function prepare(copy, node, npm) {
  copyTree(copy);
  // `node` in scripts and child processes must be this one.
  const bin = join(copy, ".node-bin");
  mkdirSync(bin);
  symlinkSync(node, join(bin, "node"));
  const modules = fetchPackage(`npm@${npm}`, `npm-${npm}`);
  const script = join(modules, "npm/bin/npm-cli.js");
  symlinkSync(script, join(bin, "npm"));
  const env = {
    ...withoutNpm(process.env),
    PATH: `${bin}:${dirname(node)}:${process.env.PATH}`,
  };
  return { node, env, npm: (args, cwd = copy) => run(node, [script, ...args], env, "", cwd) };
}

/** Both ways to install, and what Node 20 says where its install script did not run. */
async function install(copy, { node, env, npm }, version) {
  const node20 = Number(version) < 22;
  if (node20) {
    await npm(["ci", "--ignore-scripts"]);
    await npm(["run", "build"]);
    const said = await tryInstalled({
      ...{ hoopx: join(copy, "bin/hoopx.js"), node, environment: env },
    }).then(
      () => "it ran",
      (error) => error.message,
    );
    const mend = /in a clone: npm (rebuild [^)]+)\)/.exec(said)?.[1];
    if (mend === undefined) throw new Error(`a missing install script is not told: ${said}`);
    await npm(mend.split(" "));
  } else {
    await npm(["ci"]);
  }
  await npm(["run", "demo"]);
  await npm(["pack", "--ignore-scripts", "--pack-destination", copy]);
  const packed = readdirSync(copy).find((name) => name.endsWith(".tgz"));
  const prefix = join(copy, ".global");
  // Newer Nodes need no script; the one that Node 20 needs is what the clone has just run.
  const scripts = node20 ? [] : ["--ignore-scripts"];
  await npm(["install", "-g", "--prefix", prefix, ...scripts, join(copy, packed)]);
  const installed = join(prefix, process.platform === "win32" ? "" : "lib", "node_modules/hoopx");
  await tryInstalled({ hoopx: join(installed, "bin/hoopx.js"), node, environment: env });
}

async function test(copy, { node, env }, version) {
  const result = await runTests({
    ...{ node, root: copy, env, suffix: ` (Node ${version})` },
    args: main ? meetsNode : [],
  });
  passed += result.passed;
  again.push(...result.again);
  failures.push(...result.failures);
}

/** Installs a package of the registry beside the tree; gives its folder. */
function fetchPackage(spec, folder) {
  const prefix = join(cache, folder);
  if (!existsSync(join(prefix, "node_modules"))) {
    mkdirSync(prefix, { recursive: true });
    execFileSync("npm", ["install", "--prefix", prefix, "--no-save", "--no-package-lock", spec], {
      // The outer npm's configuration would point the inner one at this tree.
      env: withoutNpm(process.env),
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return join(prefix, "node_modules");
}

function fetchNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  return join(fetchPackage(`${name}@${version}`, `node-${version}`), name, "bin/node");
}

function copyTree(copy) {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
  for (const folder of new Set(files.map(dirname))) {
    mkdirSync(join(copy, folder), { recursive: true });
  }
  for (const file of files) execFileSync("cp", ["-P", join(root, file), join(copy, file)]);
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
