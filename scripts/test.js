// `npm test`: types, lint, dead code, build, then every test. Each stage
// counts as one test, so that a type error is a failure like any other. The
// last line is always `N passed, N failed`; one failure makes the exit code 1.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "hoopx-test-"));
const report = join(scratch, "report.json");
const modules = join(root, "node_modules");

const stages = [
  ["types", ["typescript/bin/tsc", "--noEmit"]],
  ["lint", ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"]],
  ["dead code", ["knip/bin/knip.js"]],
  ["build", [join(root, "scripts/build.js")]],
];

const count = { passed: 0, failed: 0 };

try {
  for (const [name, [script, ...args]] of stages) {
    const started = Date.now();
    const { code, output } = await run(script, args);
    console.log(`${code === 0 ? "ok    " : "FAILED"}  ${name}  ${seconds(started)}`);
    if (code !== 0) console.log(output);
    count[code === 0 ? "passed" : "failed"] += 1;
  }
  await runTests();
} catch (error) {
  console.log(error);
  count.failed += 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** Runs vitest, lets its own report through, and adds its counts. */
async function runTests() {
  const coverage = process.env.HOOPX_TEST_COVERAGE === "0" ? [] : ["--coverage"];
  const { code } = await run(
    "vitest/vitest.mjs",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...coverage],
    "show",
  );
  const result = JSON.parse(readFileSync(report, "utf8"));
  count.passed += result.numPassedTests;
  count.failed += result.numFailedTests;

  const skipped = [];
  for (const file of result.testResults) {
    const tests = file.assertionResults;
    // A file that does not load, or whose set-up fails, has no failed test to count.
    if (file.status === "failed" && tests.every((test) => test.status !== "failed")) {
      console.log(`FAILED  ${relative(root, file.name)}: ${file.message}`);
      count.failed += 1;
    }
    for (const test of tests) {
      if (test.status !== "passed" && test.status !== "failed") {
        skipped.push(`${relative(root, file.name)}: ${test.fullName}`);
      }
    }
  }
  // An error outside every test (an unhandled rejection) still fails the run.
  if (code !== 0 && count.failed === 0) count.failed += 1;
  if (skipped.length > 0) console.log(`skipped:\n  ${skipped.join("\n  ")}`);
}

function run(script, args, output = "keep") {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(script.startsWith("/") ? "" : modules, script), ...args],
      {
        cwd: root,
        stdio: output === "show" ? "inherit" : ["ignore", "pipe", "pipe"],
      },
    );
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: text }));
  });
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
