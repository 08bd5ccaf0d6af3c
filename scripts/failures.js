// Failures of a vitest JSON report, one line each. The scripts that run tests
// print them last, right before their counts, so that the tail of a log that
// was cut still names what failed.
import { relative } from "node:path";

/** `FAILED  file: test name: first line of the message`, for each test and each file that did not load. */
export function failureLines(report, root, suffix = "") {
  const lines = [];
  for (const file of report.testResults) {
    const path = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    for (const test of failed) {
      lines.push(failureLine(`${path}: ${test.fullName}`, test.failureMessages?.[0], suffix));
    }
    // A file that does not load, or whose set-up fails, has no failed test to count.
    if (file.status === "failed" && failed.length === 0) {
      lines.push(failureLine(path, file.message, suffix));
    }
  }
  return lines;
}

/** One failure in one line. */
export function failureLine(what, message, suffix = "") {
  const [first = ""] = (message ?? "")
    // Colours are for people in front of a terminal.
    .replace(/\x1b\[[\d;]*m/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return `FAILED  ${what}${suffix}: ${first.slice(0, 300)}`;
}
