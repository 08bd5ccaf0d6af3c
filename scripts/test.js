// `npm test`: types, lint, dead code, build, then every test. Each stage
// counts as one test, so that a type error is a failure like any other. The
// last lines name what failed, the very last is always `N passed, N failed`; one
// failure makes the exit code 1.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { failureLine, failureLines } from "./failures.js";

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

let passed = 0;
/** A line each. */
const failures = [];

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
  await runTests();
} catch (error) {
  console.log(error);
  failures.push(failureLine("scripts/test.js", String(error)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const line of failures) console.log(line);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Runs vitest, lets its own report through, and adds its counts. */
async function runTests() {
  const coverage = process.env.HOOPX_TEST_COVERAGE === "0" ? [] : ["--coverage"];
  const { code } = await run(
    "vitest/vitest.mjs",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...coverage],
    "show",
  );
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  const failed = failureLines(result, root);
  // An error outside every test (an unhandled rejection) still fails the run.
  if (code !== 0 && failed.length === 0) {
    failed.push(
      failureLine("vitest", `exited ${code} without a failed test: see its errors above`),
    );
  }
  failures.push(...failed);

  const skipped = result.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => `${relative(root, file.name)}: ${fullName}`),
  );
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
