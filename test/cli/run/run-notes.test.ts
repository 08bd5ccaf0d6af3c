/** Lines where they are welcome, the terminal's title where the agent has the terminal. */
import { expect, test } from "vitest";
import { createRunNotes } from "../../../src/cli/run/run-notes.js";

function room({ taken = false, isTTY = true, quiet = false, json = false } = {}) {
  const written: string[] = [];
  const state = { taken };
  const notes = createRunNotes({
    context: {
      quiet,
      json,
      stderr: { isTTY, columns: 80, write: (text: string) => void written.push(text) },
      note: (text) => {
        if (!quiet) written.push(`${text}\n`);
      },
    },
    isTaken: async () => state.taken,
  });
  return { notes, written, state };
}

const said = { line: "it waits: hoopx approve a", title: "waits: hoopx approve a" };
const titleOf = (text: string) => `\u001b]2;hoopx: ${text}\u001b\\`;

test("a terminal that is not taken, or none, gets lines", async () => {
  for (const options of [{}, { taken: true, isTTY: false }]) {
    const { notes, written } = room(options);
    notes.waits("a", said);
    notes.settled("a");
    notes.note("something");
    await notes.end();
    expect(written).toEqual([`${said.line}\n`, "something\n"]);
  }
});

test("a terminal that is taken gets a title until all is settled", async () => {
  const { notes, written } = room({ taken: true });
  notes.waits("a", said);
  notes.waits("b", { line: "", title: "waits: b" });
  notes.settled("b");
  notes.settled("a");
  notes.settled("unknown");
  await notes.end();
  expect(written).toEqual([
    `\u001b[22;2t${titleOf(said.title)}`,
    titleOf("waits: b"),
    titleOf(said.title),
    "\u001b[23;2t",
  ]);
});

test("what is no review is kept, and said once the agent has ended", async () => {
  const { notes, written, state } = room({ taken: true });
  notes.note("the daemon is gone");
  await Promise.resolve();
  notes.note("  hoopx doctor tells why");
  await notes.end();
  expect(written.slice(-3)).toEqual([
    "\u001b[23;2t",
    "the daemon is gone\n",
    "  hoopx doctor tells why\n",
  ]);
  expect(written.slice(0, -3).join("")).not.toContain("\n");
  state.taken = false;
});

test("a title cannot carry a control sequence, and --quiet writes nothing", async () => {
  const { notes, written } = room({ taken: true });
  notes.waits("a", { line: "", title: "x\u001b]2;evil\u0007" });
  await notes.end();
  expect(written[0]).not.toContain("\u0007");
  expect(written[0]?.split("\u001b]2;")).toHaveLength(2);
  const quiet = room({ taken: true, quiet: true });
  quiet.notes.waits("a", said);
  quiet.notes.note("x");
  await quiet.notes.end();
  expect(quiet.written).toEqual([]);
});
