import { afterEach, expect, test } from "vitest";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import {
  createStoredChunks,
  packChunk,
  windowRow,
} from "../../../src/daemon/store/stored-chunks.js";

const database = openSqlite(":memory:");
database.exec("CREATE TABLE pieces (id INTEGER PRIMARY KEY, session TEXT, digest BLOB, data BLOB)");
afterEach(() => void database.exec("DELETE FROM pieces"));

const digest = Buffer.alloc(16);
const text = (letter: string) => Buffer.from(letter.repeat(9_000));

test("the rows of a stream are windows of one chunk, which is read and inflated once", () => {
  const chunks = createStoredChunks(database);
  const id = chunks.add("s", digest, packChunk(text("a")));
  expect(chunks.expand(windowRow(id, 0, 10)).toString()).toBe("a".repeat(10));
  database.exec("DELETE FROM pieces");
  expect(chunks.expand(windowRow(id, 8_990, 10)).toString()).toBe("a".repeat(10));
});

test("an id that is given again is another chunk", () => {
  const chunks = createStoredChunks(database);
  const id = chunks.add("s", digest, packChunk(text("a")));
  chunks.expand(windowRow(id, 0, 10));
  chunks.forget("s");
  expect(chunks.add("t", digest, packChunk(text("b")))).toBe(id);
  expect(chunks.expand(windowRow(id, 0, 10)).toString()).toBe("b".repeat(10));
});

test("what is held has a bound", () => {
  const chunks = createStoredChunks(database, 10_000);
  const [first, second] = ["a", "b"].map((letter) =>
    chunks.add("s", digest, packChunk(text(letter))),
  ) as [number, number];
  chunks.expand(windowRow(first, 0, 1));
  chunks.expand(windowRow(second, 0, 1));
  database.exec("DELETE FROM pieces");
  expect(() => chunks.expand(windowRow(first, 0, 1))).toThrow("missing");
  expect(chunks.expand(windowRow(second, 0, 1)).toString()).toBe("b");
});
