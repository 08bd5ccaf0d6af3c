/** The lines of an event, written anew where they change and as they came elsewhere. */
import { expect, test } from "vitest";
import { sseLines } from "../../../../src/daemon/formats/sse/lines.js";

test.each([
  "event: a\ndata: {}\n\n",
  ": comment\r\nid:7\r\ndata:{\r\ndata: }\r\nretry: 10\r\nodd line\r\n\r\n",
  "\ufeffdata: x\rdata\r\r",
  "data: cut",
])("%j written with the same texts is the same", (text) => {
  const { data, others, write } = sseLines(Buffer.from(text));
  expect(write(data ?? "", others).toString()).toBe(text);
});

test("data over several lines is one text; other lines say what stands behind their field", () => {
  const { data, others, write } = sseLines(Buffer.from(": c\nid: 7\ndata: {\ndata:1}\nodd\n\n"));
  expect(data).toBe("{\n1}");
  expect(others).toEqual(["c", "7", "odd"]);
  expect(write("{\n2}", ["d", "8", "even\nmore"]).toString()).toBe(
    ": d\nid: 8\ndata: {\ndata:2}\neven more\n\n",
  );
});
