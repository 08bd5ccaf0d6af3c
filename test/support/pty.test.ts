/** The harness sees a terminal as a person does, and its program sees a terminal. */
import { expect, test } from "vitest";
import { openPty } from "./pty.js";

const options = { environment: { PATH: process.env.PATH ?? "" }, cwd: process.cwd() };

test("the screen is what redraws leave, and the program has a TTY of the given size", async () => {
  const script =
    'process.stdout.write("first\\r\\x1b[2K\\x1b[31msecond\\x1b[0m " + process.stdin.isTTY + process.stdout.columns)';
  const pty = openPty(process.execPath, ["-e", script], { ...options, columns: 60 });
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.screen()).toBe("second true60");
  expect(pty.raw()).toContain("first");
});

test("what is typed arrives, and waiting for what never comes ends with the program", async () => {
  const pty = openPty(
    process.execPath,
    ["-e", 'process.stdin.once("data", () => process.exit(3))'],
    options,
  );
  const never = expect(pty.shows("never")).rejects.toThrow("ended without never");
  pty.type("x\r");
  expect((await pty.exited).exitCode).toBe(3);
  await never;
});
