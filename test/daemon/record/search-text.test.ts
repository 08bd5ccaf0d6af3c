import { expect, test } from "vitest";
import type { Conversation } from "../../../src/daemon/providers/provider.js";
import { createSaidReader } from "../../../src/daemon/record/search-text.js";
import type { ExchangeRecord } from "../../../src/daemon/store/store.js";
import { openingOf } from "../../contracts/records.js";

const record = (change: Partial<ExchangeRecord> = {}): ExchangeRecord => {
  const { frames: _, ...opening } = openingOf(1n);
  return { ...opening, review: null, ending: null, ...change };
};
const user = (text: string) => ({ kind: "message", role: "user", text }) as const;
const reply = (text: string) => ({ ...user(text), role: "assistant", deltas: [] }) as const;

test("each turn of a session once, however often it is sent again", () => {
  const conversations: Conversation[] = [
    { prompt: [user("one")], reply: [reply("two")] },
    { prompt: [user("one"), reply("two"), user("three")], reply: [reply("four")] },
    { prompt: [user("one")], reply: [] },
  ];
  const read = createSaidReader(() => ({
    converse: () => conversations.shift() ?? { prompt: [], reply: [] },
  }));
  expect(read(record(), []).text).toBe("one\n\ntwo");
  expect(read(record(), []).text).toBe("three\n\nfour");
  expect(read(record({ sessionId: "ses_other" }), []).text).toBe("one");
});

test("tool calls by name and by what their arguments say", () => {
  const call = (text: string) => ({ kind: "tool-call", name: "shell", text, deltas: [] }) as const;
  const conversations: Conversation[] = [
    { prompt: [], reply: [call('{"script":"cd /\\nls","deep":[1,{"x":"y"}]}'), call("cut \\n")] },
  ];
  const read = createSaidReader(() => ({
    converse: () => conversations.shift() ?? { prompt: [], reply: [] },
  }));
  const said = read(record(), []);
  expect(said.calls).toEqual(["shell", "shell"]);
  expect(said.text).toMatch(/^shell script cd \/\nls /);
  expect(said.text).toContain("shell cut \\n");
});

test("nothing of an exchange that nobody can read", () => {
  const read = createSaidReader(() => undefined);
  expect(read(record(), [])).toEqual({ text: "", calls: [] });
  expect(read(record({ operation: null }), [])).toEqual({ text: "", calls: [] });
});
