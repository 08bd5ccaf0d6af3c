import { describe, expect, test } from "vitest";
import { turnsAddedSince } from "../../../src/daemon/providers/conversation.js";
import type { Conversation, Turn } from "../../../src/daemon/providers/provider.js";

const says = (role: string, text: string): Turn => ({ kind: "message", role, text });
const calls = (name: string, text: string, id: string): Turn => ({
  kind: "tool-call",
  name,
  text,
  id,
});
const answers = (text: string, id: string): Turn => ({ kind: "tool-result", text, id });
const exchange = (prompt: readonly Turn[], reply: readonly Turn[] = []): Conversation => ({
  prompt,
  reply: reply.map((turn) => ({ ...turn, deltas: [{ at: 1, text: turn.text }] })),
});

const system = says("system", "be kind");
const first = exchange([system, says("user", "weather?")], [calls("weather", "{}", "call_1")]);
const second = exchange(
  [system, says("user", "weather?"), calls("weather", "{}", "fc_2"), answers("sunny", "fc_2")],
  [says("assistant", "it is sunny")],
);

describe("what a request added", () => {
  test("is all of it, where nothing came before", () => {
    expect(turnsAddedSince([], first)).toEqual(first.prompt);
  });

  test("leaves out the earlier prompt and its reply, whatever their ids", () => {
    expect(turnsAddedSince([first], second)).toEqual([answers("sunny", "fc_2")]);
  });

  test("finds the longest exchange that it continues, also past another agent's", () => {
    const other = exchange([says("user", "unrelated")], [says("assistant", "yes")]);
    const third = exchange([
      ...second.prompt,
      says("assistant", "it is sunny"),
      says("user", "thanks"),
    ]);
    expect(turnsAddedSince([first, second, other], third)).toEqual([says("user", "thanks")]);
  });

  test("shows the same question asked again, and the same answer given again", () => {
    expect(turnsAddedSince([first], exchange(first.prompt))).toEqual(first.prompt);
    const again = exchange([
      ...second.prompt,
      says("assistant", "it is sunny"),
      says("user", "weather?"),
    ]);
    expect(turnsAddedSince([first, second], again)).toEqual([says("user", "weather?")]);
  });

  test("shows instructions that changed, and only those", () => {
    const changed = exchange([says("system", "be brief"), ...second.prompt.slice(1)]);
    expect(turnsAddedSince([first], changed)).toEqual([
      says("system", "be brief"),
      answers("sunny", "fc_2"),
    ]);
  });

  test("is all of it, where the request holds only what is new", () => {
    const next = exchange([{ kind: "note", text: "continues response r1" }, says("user", "and?")]);
    expect(turnsAddedSince([first, second], next)).toEqual(next.prompt);
  });

  test("is all of it, where what came before had instructions only", () => {
    const bare = exchange([system], [says("assistant", "hello")]);
    expect(turnsAddedSince([bare], first)).toEqual(first.prompt);
  });
});
