/** A large body is read in steps, and means what it means when it is small: operation, prompt, masking. */
import { expect, test } from "vitest";
import { parsedAtOnce } from "../../../../src/daemon/formats/json/strict.js";
import type { PromptPiece } from "../../../../src/daemon/model/prompt.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { createHushMasking } from "../../../support/hush-masking.js";
import { createRandomJson } from "../../../support/random-json.js";

const head = {
  method: "POST",
  path: "/responses",
  fullPath: "/v1/responses",
  query: "",
  contentType: "application/json",
};
const action = openai.recognise(head);
if (action === undefined) throw new Error("unknown");

const padding = " ".repeat(parsedAtOnce);
const png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE=";

/** Texts of a prompt, a part joined to what it goes on with. */
function joined(pieces: Iterable<PromptPiece>): string {
  let text = "";
  let between = "";
  for (const piece of pieces) {
    const part = typeof piece === "string" ? piece : piece.part;
    if (part !== "" || typeof piece === "string") text += between + part;
    if (part !== "" || typeof piece === "string") between = typeof piece === "string" ? "\n" : "";
  }
  return text;
}

async function meaningOf(body: string) {
  try {
    const { operation, prompt } = await openai.describe(action as never, head, Buffer.from(body));
    return { ...operation, models: [...(operation.models ?? [])].sort(), prompt: joined(prompt()) };
  } catch (error) {
    return { code: (error as { code: string }).code };
  }
}

async function maskedOf(body: string) {
  const terms = { detectors: ["x"], patterns: [], words: [], requests: "mask", restore: false };
  const { mask, maskSteps } = createHushMasking().masking.open("s", terms as never);
  const how = { mask, maskSteps, parsed: true };
  const { recorded, sent, ...more } = await openai.maskRequest(head, Buffer.from(body), how);
  return { recorded: recorded.toString().trimEnd(), sent: sent.toString().trimEnd(), ...more };
}

function randomRequest(random: ReturnType<typeof createRandomJson>): string {
  const { pick, below } = random;
  const texts = ["hello", "hush-a", "é日😀", "drop\\u0020table", png, `${png} hush-b`, "gpt-5", ""];
  const names = [
    ...["input", "tools", "model", "models", "messages", "content", "id", "type", "metadata"],
    ...["parameters", "input_schema", "image_url", "authorization", "headers", "stream", "store"],
    ...["session", "name", "function", "encrypted_content", "__proto__", "grader", "hush-c"],
  ];
  const scalar = () => pick([`"${pick(texts)}"`, `"${pick(texts)}"`, "true", "1", "null"]);
  const value = (depth: number): string => {
    if (depth === 0 || below(3) === 0) return scalar();
    const size = below(5);
    if (below(2) === 0)
      return `[${Array.from({ length: size }, () => value(depth - 1)).join(",")}]`;
    return object(depth - 1, size);
  };
  function object(depth: number, size: number): string {
    const chosen = new Set(Array.from({ length: size }, () => pick(names)));
    if (below(4) === 0) chosen.add("type");
    const members = [...chosen].map((name) => {
      const additional = name === "type" && below(3) === 0;
      return `"${name}":${additional ? '"additional_tools"' : value(depth)}`;
    });
    return `{${members.join(",")}}`;
  }
  const fields = ['"model":"gpt-5"', `"input":${value(4)}`, `"tools":[${object(2, 3)}]`];
  return `{${[...fields, ...(below(2) ? [`"grader":${value(3)}`] : [])].join(",")}}`;
}

test("whatever stands in it", async () => {
  const random = createRandomJson(3);
  let read = 0;
  for (let round = 0; round < 400; round += 1) {
    const body = randomRequest(random);
    const small = await meaningOf(body);
    expect(await meaningOf(body + padding), body).toEqual(small);
    if ("code" in small) continue;
    read += 1;
    expect(await maskedOf(body + padding), body).toEqual(await maskedOf(body));
  }
  expect(read).toBeGreaterThan(200);
});

test("texts and pictures longer than a step", async () => {
  const long = "wörd hush-a \\n".repeat(20_000);
  const picture = `data:image/png;base64,iVBORw0KGgoA${"QUJD".repeat(60_000)}`;
  const body = (text: string, url: string) =>
    `{"model":"m","input":[{"content":"${text}","id":"x"},{"image_url":"${url}","n":1}]}`;
  const meaning = await meaningOf(body(long, picture));
  expect(meaning).toMatchObject({ prompt: JSON.parse(`"${long}"`) });
  const { recorded, found } = await maskedOf(body(long, picture));
  const mark = "[masked:hush]#1";
  expect(JSON.parse(recorded)).toEqual(JSON.parse(body(long.replaceAll("hush-a", mark), picture)));
  expect(found).toEqual([{ detector: "hush", count: 20_000, place: "request" }]);
  // What is not base64 to its end is a text, however long.
  expect(JSON.stringify(await meaningOf(body(long, `${picture} drop`)))).toContain("QUJD drop");
});
