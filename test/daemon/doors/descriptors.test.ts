import { expect, test } from "vitest";
import { connectionsWithin, openFilesLimit } from "../../../src/daemon/doors/descriptors.js";

test("as many connections as are wanted, where the system has files for them", () => {
  expect(connectionsWithin(20_000, 1_024)).toEqual({ data: 1_024, control: 256 });
  expect(connectionsWithin(Number.POSITIVE_INFINITY, 1_024)).toEqual({ data: 1_024, control: 256 });
});

test.each([128, 256, 512, 1_024, 4_096])("under %d files some always stay free", (files) => {
  const { data, control } = connectionsWithin(files, 1_024);
  expect(2 * data + control).toBeLessThanOrEqual(files - 48);
  expect(data).toBeGreaterThanOrEqual(8);
});

test("the limit of this process is a number", () => {
  expect(openFilesLimit()).toBeGreaterThan(64);
});
