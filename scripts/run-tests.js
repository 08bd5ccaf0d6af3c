// Runs vitest once and reads its JSON report. A file that failed runs a second
// time, alone: the suite keeps both cores busy with daemons, browsers and
// keyrings, and what fails only in that crowd is told apart from what is broken.
// A test that fails twice has failed; one that passes alone counts as passed and is
// named in a line `AGAIN  …`, so that it is seen and mended.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { failureLine, failureLines } from "./failures.js";

/** More files than these at once are no accident, and are not run again. */
const mostAgain = 3;

/**
 * @param {{node?: string, root: string, env?: NodeJS.ProcessEnv, args?: string[], suffix?: string}} options
 *   `args` are vitest's, files and folders among them; `suffix` follows each test's name.
 * @returns {Promise<{passed: number, failures: string[], again: string[], skipped: string[]}>} lines, and how many passed
 */
export async function runTests({ args = [], ...options }) {
  const first = await runOnce({ ...options, args });
  const files = first.report.testResults
    .filter((file) => file.status === "failed")
    .map((file) => relative(options.root, file.name));
  if (files.length === 0 || files.length > mostAgain) {
    return { ...first, again: [] };
  }
  console.log(`again, alone: ${files.join(", ")}`);
  const second = await runOnce({ ...options, args: files });
  const stillFailed = new Set(second.failures.map(testOf));
  return {
    // The files that ran twice count once, as they ended.
    passed: first.passed - passedIn(first.report, files, options.root) + second.passed,
    failures: second.failures,
    again: first.failures
      .filter((line) => !stillFailed.has(testOf(line)))
      .map((line) => line.replace("FAILED", "AGAIN ")),
    skipped: first.skipped,
  };
}

async function runOnce({ node = process.execPath, root, env = process.env, args, suffix = "" }) {
  const scratch = mkdtempSync(join(tmpdir(), "hoopx-report-"));
  const file = join(scratch, "report.json");
  try {
    const code = await vitest(
      node,
      ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args],
      { cwd: root, env },
    );
    const report = JSON.parse(readFileSync(file, "utf8"));
    const failures = failureLines(report, root, suffix);
    // An error outside every test (an unhandled rejection) still fails the run.
    if (code !== 0 && failures.length === 0) {
      const message = `exited ${code} without a failed test: see its errors above`;
      failures.push(failureLine("vitest", message, suffix));
    }
    const skipped = report.testResults.flatMap((tests) =>
      tests.assertionResults
        .filter(({ status }) => status !== "passed" && status !== "failed")
        .map(({ fullName }) => `${relative(root, tests.name)}: ${fullName}`),
    );
    return { report, passed: report.numPassedTests, failures, skipped };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function vitest(node, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const script = join(cwd, "node_modules/vitest/vitest.mjs");
    const child = spawn(node, [script, ...args], { cwd, env, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function passedIn(report, files, root) {
  return report.testResults
    .filter((file) => files.includes(relative(root, file.name)))
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status === "passed").length;
}

/** The test's name of a line of failureLine, without its message. */
function testOf(line) {
  return line.split(": ").slice(0, 2).join(": ");
}
