/** What a terminal sends becomes keys: none lost, none made up, however it is cut. */
import { expect, test } from "vitest";
import { createKeyReader, type Input } from "../../../src/cli/tui/keys.js";

const named = (inputs: readonly Input[]) =>
  inputs.map((input) => (input.type === "key" ? input.key : `paste:${input.text}`));

const typed =
  "aj\r \u001b[A\u001bOB\u001b[5~\u001b[200~a\rd\u001b[201~n\u0003é日\u001b[1;5A\u001b[1;2C\u001b[1;2A\u001b[1;2D\u001b[Zq\u007f\t";
const meant = [
  ..."aj",
  "enter",
  " ",
  "up",
  "down",
  "pageup",
  "paste:a\rd",
  "n",
  "ctrl-c",
  "é",
  "日",
  "shift-right",
  "shift-left",
  "backtab",
  "q",
  "backspace",
  "tab",
];

test("everything at once", () => {
  expect(named(createKeyReader().push(typed))).toEqual(meant);
});

test("cut anywhere into two, and into single characters", () => {
  for (let at = 1; at < typed.length; at += 1) {
    const reader = createKeyReader();
    const found = [...reader.push(typed.slice(0, at)), ...reader.push(typed.slice(at))];
    expect(named(found), `cut at ${at}`).toEqual(meant);
  }
  const reader = createKeyReader();
  expect(named([...typed].flatMap((character) => [...reader.push(character)]))).toEqual(meant);
});

test("Escape alone is a key once nothing follows, and no letter of it is one", () => {
  const reader = createKeyReader();
  expect(reader.push("\u001b")).toEqual([]);
  expect(reader.waiting).toBe(true);
  expect(named(reader.flush())).toEqual(["escape"]);
  expect(named(reader.push("\u001b\u001b[A"))).toEqual(["escape", "up"]);
  expect(named(reader.push("\u001ba"))).toEqual(["alt-a"]);
  expect(reader.push("\u001b[")).toEqual([]);
  expect(reader.flush()).toEqual([]);
  expect(reader.waiting).toBe(false);
});

test("sequences that mean nothing here type nothing", () => {
  const reader = createKeyReader();
  expect(reader.push("\u001b[I\u001b[200;1R\u001b[<0;3;4M\u001bOP\u0000\u001e")).toEqual([]);
});

test("a paste is never more than its limit, and its end is found although it is split", () => {
  const reader = createKeyReader();
  expect(reader.push(`\u001b[200~${"x".repeat(100_000)}\u001b[2`)).toEqual([]);
  expect(reader.waiting).toBe(false);
  const [paste] = reader.push("01~a");
  expect(paste?.type === "paste" && paste.text.length).toBe(65_536);
  expect(named(reader.push("b"))).toEqual(["b"]);
});
