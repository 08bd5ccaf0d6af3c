/**
 * Bodies: the request bodies that bench/policy.js measures, honest and hostile,
 * each about as large as it is asked for. None may hold the event loop longer
 * than 50 ms, or take more than four times its own size in memory.
 */
const repeated = (unit, size) => unit.repeat(Math.ceil(size / unit.length)).slice(0, -1);
const numbered = (unit, size) => {
  const parts = [];
  for (let length = 0, at = 0; length < size; at += 1) {
    const part = unit(at);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join(",");
};
const prose = "the quick brown fox jumps over the lazy dog. ";
const request = (input) => `{"model":"gpt-5","input":${input}}`;
const list = (unit) => (size) => request(`[${repeated(unit, size)}]`);

const call = (unit, size) =>
  `{"type":"function_call","name":"write","call_id":"c","arguments":"${unit.repeat(Math.ceil(size / unit.length))}"}`;

/** By name: makes the text of a body of about so many bytes. */
export const bodies = {
  conversation: (size) =>
    request(
      `[${numbered((at) => `{"type":"message","role":"user","content":"${at} ${prose.repeat(20)}"}`, size)}]`,
    ),
  "one string": (size) => request(`"${prose.repeat(Math.ceil(size / prose.length))}"`),
  "one string, not ASCII": (size) =>
    request(`"${"日本語のテキスト。".repeat(Math.ceil(size / 27))}"`),
  "one string of escapes": (size) => request(`"${'\\u0041\\n\\"'.repeat(Math.ceil(size / 10))}"`),
  "a picture": (size) => {
    const data = `iVBORw0KGgoA${"QUJDREVGR0hJSktM".repeat(Math.ceil(size / 16))}`;
    return request(`[{"type":"input_image","image_url":"data:image/png;base64,${data}"}]`);
  },
  "a sealed text": (size) =>
    request(
      `[{"type":"reasoning","encrypted_content":"gAAAA${"QUJDREVGR0hJSktM".repeat(Math.ceil(size / 16))}"}]`,
    ),
  "a call's arguments": (size) => request(`[${call("quick brown fox ", size)}]`),
  "arguments of escapes": (size) => request(`[${call('{\\"a\\":\\"\\\\u0041\\\\n\\"}', size)}]`),
  "empty objects": list("{},"),
  "empty lists": list("[],"),
  "objects of one member": list('{"":0},'),
  "short strings": list('"ab",'),
  numbers: list("0,"),
  "many names": (size) => request(`{${numbered((at) => `"n${at}":0`, size)}}`),
  "objects of other names": (size) => request(`[${numbered((at) => `{"n${at}":0}`, size)}]`),
  "nested as deep as may be": (size) =>
    request(`[${repeated(`${"[".repeat(500)}${"]".repeat(500)},`, size)}]`),
  "nested deeper": (size) => request("[".repeat(size / 2) + "]".repeat(size / 2)),
  "tools without end": (size) => `{"tools":[${repeated("{},", size)}]}`,
};
