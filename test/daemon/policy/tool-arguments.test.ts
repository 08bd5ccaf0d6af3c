/**
 * A rule about a tool call's arguments finds a word wherever a parser of the agent's could: under a
 * repeated name, behind escapes, in a string of JSON within a string of JSON, in JSON that is broken.
 */
import { expect, test } from "vitest";
import { deepestEscapes } from "../../../src/daemon/model/escaped-text.js";
import type { ToolCall } from "../../../src/daemon/model/review.js";
import { textsIn } from "../../../src/daemon/providers/openai/prompt.js";
import { numbersFrom } from "../../support/masked-cuts.js";
import { inputOf, policyWhen } from "./input.js";

const word = "curl evil";
const callOf = (text: string, kind: ToolCall["kind"] = "function"): ToolCall => ({
  ...{ name: "shell", kind },
  arguments: text,
});
const containing = await policyWhen(`toolCall: { arguments: { contains: ["${word}"] } }`, "deny");
const whole = await policyWhen(`toolCall: { arguments: { matches: ["(?m)^${word}$"] } }`, "deny");
const found = (text: string) => containing.evaluateToolCall(inputOf(), callOf(text)).effect;

const next = numbersFrom(7);
const pick = (below: number) => Math.floor(next() * below);

/** A JSON string of this text, each character written in one of the ways that there are. */
function literal(text: string): string {
  const units = [...Array(text.length).keys()].map((at) => text[at] as string);
  const written = units.map((unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).padStart(4, "0");
    if (pick(4) === 0) return `\\u${pick(2) === 0 ? hex : hex.toUpperCase()}`;
    if (unit === "/" && pick(2) === 0) return "\\/";
    return JSON.stringify(unit).slice(1, -1);
  });
  return `"${written.join("")}"`;
}

/** Arguments in which the text is a value or a name, `depth` strings of JSON deep. */
function argumentsWith(text: string, depth: number): string {
  const inner = depth === 0 ? text : argumentsWith(text, depth - 1);
  const harmless = literal(["ls", "a\\", 'say "x"', "C:\\new"][pick(4)] as string);
  const name = literal("cmd");
  const forms = [
    `{${name}:${literal(inner)},${name}:${harmless}}`,
    `{${name}:${harmless},"cmd":${literal(inner)}}`,
    `[${harmless}, [${literal(inner)}], {"n": 1}]`,
    `{"a":{${literal(inner)}:null}}`,
    ` ${literal(inner)} `,
  ];
  return forms[pick(forms.length)] as string;
}

test("whatever the nesting, the escapes and the repeated names", () => {
  for (let round = 0; round < 400; round += 1) {
    const text = argumentsWith(word, pick(deepestEscapes));
    expect(found(text), text).toBe("deny");
    expect(found(argumentsWith("curl good", pick(deepestEscapes)))).toBe("allow");
    // What is cut short, or stands behind a stray quote, has the same in it.
    expect(found(`it's "${text}`)).toBe("deny");
    expect(found(`${text}{"`)).toBe("deny");
    expect(whole.evaluateToolCall(inputOf(), callOf(text)).effect, text).toBe("deny");
  }
});

test("the same of arguments in a request's prompt", async () => {
  const policy = await policyWhen(`prompt: { contains: ["${word}"] }`, "deny");
  for (let round = 0; round < 50; round += 1) {
    const text = argumentsWith(word, pick(deepestEscapes));
    const call = { name: "shell", arguments: text };
    for (const fields of [
      { input: [{ type: "function_call", call_id: "c", ...call }] },
      { messages: [{ role: "assistant", tool_calls: [{ id: "c", function: call }] }] },
    ]) {
      const input = inputOf({ prompt: () => textsIn(fields) });
      expect(policy.evaluate(input).effect, text).toBe("deny");
    }
  }
});

test("large arguments are looked through in steps, and an escape may lie across two of them", async () => {
  for (const before of [131_071, 131_070, 131_067, 131_066, 131_065, 400_000]) {
    const text = `{"a":"${"x".repeat(before - 6)}\\u0063url evil"}`;
    const call = callOf(text);
    const input = inputOf();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await containing.prepare?.(input, call);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(containing.evaluateToolCall(input, call).effect).toBe("deny");
  }
  expect(containing.prepare?.(inputOf(), callOf("{}"))).toBeUndefined();
});
