// `npm test`: types, lint, dead code, build, then every test. Each stage
// counts as one test, so that a type error is a failure like any other. The
// last lines name what failed, or passed only alone; the very last is always
// `N passed, N failed`; one failure makes the exit code 1.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureLine } from "./failures.js";
import { runTests } from "./run-tests.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");

const stages = [
  ["types", ["typescript/bin/tsc", "--noEmit"]],
  ["lint", ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"]],
  ["dead code", ["knip/bin/knip.js"]],
  ["build", [join(root, "scripts/build.js")]],
];

let passed = 0;
/** A line each. */
const failures = [];
const again = [];

try {
  for (const [name, [script, ...args]] of stages) {
    const started = Date.now();
    const { code, output } = await run(script, args);
    console.log(`${code === 0 ? "ok    " : "FAILED"}  ${name}  ${seconds(started)}`);
    if (code === 0) passed += 1;
    else {
      console.log(output);
      failures.push(failureLine(name, output));
    }
  }
  await runEvery();
} catch (error) {
  console.log(error);
  failures.push(failureLine("scripts/test.js", String(error)));
}
for (const line of [...again, ...failures]) console.log(line);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Runs every test and adds what came of it. */
async function runEvery() {
  const coverage = process.env.HOOPX_TEST_COVERAGE === "0" ? [] : ["--coverage"];
  const result = await runTests({ root, args: coverage });
  passed += result.passed;
  failures.push(...result.failures);
  again.push(...result.again);
  if (result.skipped.length > 0) console.log(`skipped:\n  ${result.skipped.join("\n  ")}`);
}

function run(script, args) {
  return new Promise((resolve, reject) => {
    const path = join(script.startsWith("/") ? "" : modules, script);
    const child = spawn(process.execPath, [path, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const keep = (chunk) => {
      text += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: text }));
  });
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
