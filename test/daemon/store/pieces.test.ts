import { afterEach, expect, test } from "vitest";
import { createPieces, packPiece, windowRow } from "../../../src/daemon/store/pieces.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";

const database = openSqlite(":memory:");
database.exec("CREATE TABLE pieces (id INTEGER PRIMARY KEY, session TEXT, digest BLOB, data BLOB)");
afterEach(() => void database.exec("DELETE FROM pieces"));

const digest = Buffer.alloc(16);
const text = (letter: string) => Buffer.from(letter.repeat(9_000));

test("the rows of a stream are windows of one piece, which is read and inflated once", () => {
  const pieces = createPieces(database);
  const id = pieces.add("s", digest, packPiece(text("a")));
  expect(pieces.expand(windowRow(id, 0, 10)).toString()).toBe("a".repeat(10));
  database.exec("DELETE FROM pieces");
  expect(pieces.expand(windowRow(id, 8_990, 10)).toString()).toBe("a".repeat(10));
});

test("an id that is given again is another piece", () => {
  const pieces = createPieces(database);
  const id = pieces.add("s", digest, packPiece(text("a")));
  pieces.expand(windowRow(id, 0, 10));
  pieces.forget("s");
  expect(pieces.add("t", digest, packPiece(text("b")))).toBe(id);
  expect(pieces.expand(windowRow(id, 0, 10)).toString()).toBe("b".repeat(10));
});

test("what is held has a bound", () => {
  const pieces = createPieces(database, 10_000);
  const [first, second] = ["a", "b"].map((letter) =>
    pieces.add("s", digest, packPiece(text(letter))),
  ) as [number, number];
  pieces.expand(windowRow(first, 0, 1));
  pieces.expand(windowRow(second, 0, 1));
  database.exec("DELETE FROM pieces");
  expect(() => pieces.expand(windowRow(first, 0, 1))).toThrow("missing");
  expect(pieces.expand(windowRow(second, 0, 1)).toString()).toBe("b");
});
