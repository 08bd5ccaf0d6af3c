import { expect, test } from "vitest";
import { readConnectionsFile } from "../../../src/daemon/connections/connections-file.js";

test("a file of brackets without end is told, and names no connection", () => {
  const { problems, connections } = readConnectionsFile(
    "c.yaml",
    `\nconnections: ${"[".repeat(300_000)}`,
    {},
  );
  expect(problems).toEqual([
    "c.yaml:2:46: there are over 32 brackets within brackets; write it shorter and flatter",
  ]);
  expect(connections.size).toBe(0);
});
