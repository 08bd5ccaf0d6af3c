import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../../src/daemon/lifecycle/log-file.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-log-"));
  file = join(folder, "hoopxd.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const stuck = (error: unknown) => expect.fail(String(error));

test("files are 0600, rotate by size under stable names, and the oldest goes", async () => {
  const destination = openLogFile({ file, maxBytes: 1024, files: 3, stuck });
  await once(destination, "ready");
  const line = (index: number) => `${String(index).padStart(4, "0")}${"x".repeat(600)}\n`;
  for (let index = 0; index < 10; index += 1) {
    destination.write(line(index));
    await once(destination, "write");
    // Two lines make a file full; the next one is opened before more is written.
    if (index % 2 === 1) await once(destination, "ready");
  }
  destination.write(line(10));
  destination.end();
  await once(destination, "close");

  const numbers = (name: string) =>
    readFileSync(join(folder, name), "utf8")
      .match(/^\d{4}/gm)
      ?.map(Number);
  expect(numbers("hoopxd.log")).toEqual([10]);
  expect(numbers("hoopxd.log.1")).toEqual([8, 9]);
  expect(numbers("hoopxd.log.2")).toEqual([6, 7]);
  expect(existsSync(`${file}.3`)).toBe(false);
  for (const name of [file, `${file}.1`, `${file}.2`]) {
    expect(statSync(name).mode & 0o777).toBe(0o600);
  }
});

test("a log that cannot be rotated is said once, grows on, and is rotated once it can be", async () => {
  for (const age of [1, 2]) {
    mkdirSync(`${file}.${age}`);
    writeFileSync(join(`${file}.${age}`, "full"), "x");
  }
  const told: unknown[] = [];
  const destination = openLogFile({
    file,
    maxBytes: 1024,
    files: 3,
    stuck: (error) => told.push(error),
  });
  await once(destination, "ready");
  const fill = async () => {
    destination.write(`${"x".repeat(1100)}\n`);
    await once(destination, "write");
  };
  for (let times = 0; times < 4; times += 1) await fill();
  expect(told).toHaveLength(1);
  expect(statSync(file).size).toBe(4 * 1101);
  for (const age of [1, 2]) rmSync(`${file}.${age}`, { recursive: true });
  await fill();
  await once(destination, "ready");
  destination.end();
  await once(destination, "close");
  expect(statSync(`${file}.1`).size).toBe(5 * 1101);
  expect(told).toHaveLength(1);
});
