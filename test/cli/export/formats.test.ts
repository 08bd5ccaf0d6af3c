/** Each format as it is written: golden files, and what each must hold whatever was said. */
import { expect, test } from "vitest";
import { formats } from "../../../src/cli/commands/sessions/export.js";
import { sessions } from "../../../src/cli/commands/sessions/index.js";
import { hostile, hostileSource, sampleSource, written } from "./sample.js";

const names = ["har", "markdown", "otel", "asciicast"] as const;
const endings = { har: "har", markdown: "md", otel: "otlp", asciicast: "cast" } as const;

test("what --format takes is what there is", () => {
  const spec = sessions.commands?.find(({ name }) => name === "export");
  const option = spec?.options?.find(({ flags }) => flags.startsWith("--format"));
  expect(option?.choices).toEqual(Object.keys(formats));
});

test.each(names)("%s is what it was", async (name) => {
  const text = await written(name, sampleSource());
  await expect(text).toMatchFileSnapshot(`golden/sample.${endings[name]}`);
});

test("nothing that a terminal or a reader obeys is in any of them", async () => {
  for (const name of names) {
    const text = await written(name, hostileSource());
    // Of a recording ESC is a part; in its lines it is written as an escape.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  }
  const events = (await written("asciicast", hostileSource())).trimEnd().split("\n").slice(1);
  for (const event of events) {
    const [, , output] = JSON.parse(event) as [number, string, string];
    expect(output.replace(/\u001b\[\d{1,2}m|\r\n/g, "")).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f]/,
    );
  }
});

/** What is left of Markdown without its code. */
function withoutCode(text: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const [ticks] = /^`{3,}/.exec(line) ?? [];
    if (fence !== undefined) {
      if (ticks !== undefined && ticks.length >= fence.length && line.trim() === ticks)
        fence = undefined;
    } else if (ticks !== undefined && !line.slice(ticks.length).includes("`")) fence = ticks;
    else lines.push(line);
  }
  expect(fence).toBeUndefined();
  return lines.join("\n").replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "CODE");
}

test("in markdown all that was said stands in code", async () => {
  const text = withoutCode(await written("markdown", hostileSource()));
  for (const said of ["script", "@octo", "img", "javascript", "evil", "tick"]) {
    expect(text).not.toContain(said);
  }
  // Each row of the table has its two cells.
  for (const row of text.split("\n").filter((line) => line.startsWith("| "))) {
    expect(row.match(/\|/g)).toHaveLength(3);
  }
});

test("a fence is longer than any run of backticks in it", async () => {
  const runs = "`".repeat(12);
  const [conversation] = await all(sampleSource().conversations());
  const source = sampleSource({
    async *conversations() {
      if (conversation === undefined) return;
      yield {
        ...conversation,
        prompt: [{ kind: "message", role: "user", text: `${runs}\n${hostile}` }],
      };
    },
  });
  expect(await written("markdown", source)).toContain(`\n${"`".repeat(13)}text\n${runs}\n`);
});

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const isTime = (text: unknown) => !Number.isNaN(Date.parse(String(text)));

test("har has all that HAR 1.2 requires, each of its type", async () => {
  const { log } = JSON.parse(await written("har", sampleSource()));
  expect(log.version).toBe("1.2");
  expect(log.creator).toEqual({ name: expect.any(String), version: expect.any(String) });
  for (const page of log.pages) {
    expect(isTime(page.startedDateTime)).toBe(true);
    expect(page).toMatchObject({
      id: expect.any(String),
      title: expect.any(String),
      pageTimings: expect.any(Object),
    });
  }
  for (const entry of log.entries) {
    expect(log.pages.map(({ id }: { readonly id: string }) => id)).toContain(entry.pageref);
    expect(isTime(entry.startedDateTime)).toBe(true);
    const { request, response, timings } = entry;
    expect(request).toMatchObject({
      method: expect.any(String),
      httpVersion: expect.any(String),
      cookies: expect.any(Array),
      headersSize: expect.any(Number),
      bodySize: expect.any(Number),
    });
    expect(URL.canParse(request.url)).toBe(true);
    for (const { name, value } of [
      ...request.headers,
      ...request.queryString,
      ...response.headers,
    ]) {
      expect([typeof name, typeof value]).toEqual(["string", "string"]);
    }
    expect(request.postData).toMatchObject({
      mimeType: expect.any(String),
      text: expect.any(String),
    });
    expect(response).toMatchObject({
      status: expect.any(Number),
      statusText: expect.any(String),
      httpVersion: expect.any(String),
      cookies: expect.any(Array),
      content: { size: expect.any(Number), mimeType: expect.any(String) },
      redirectURL: expect.any(String),
      headersSize: expect.any(Number),
      bodySize: expect.any(Number),
    });
    expect(entry.cache).toEqual({});
    for (const name of ["send", "wait", "receive"]) expect(timings[name]).toBeGreaterThanOrEqual(0);
    const { blocked, dns, connect, send, wait, receive } = timings;
    const spent = [blocked, dns, connect, send, wait, receive].filter((time) => time >= 0);
    expect(spent.reduce((sum: number, time: number) => sum + time, 0)).toBeCloseTo(entry.time);
    expect(entry._hoopx.decision.effect).toMatch(/allow|deny/);
  }
});

test("otel has ids, times and a parent for every span, the same each time", async () => {
  const text = await written("otel", sampleSource());
  expect(await written("otel", sampleSource())).toBe(text);
  const [{ scopeSpans }] = JSON.parse(text).resourceSpans;
  const { spans } = scopeSpans[0];
  const ids = spans.map(({ spanId }: { readonly spanId: string }) => spanId);
  expect(new Set(ids).size).toBe(ids.length);
  const roots = spans.filter(
    ({ parentSpanId }: { parentSpanId?: string }) => parentSpanId === undefined,
  );
  expect(roots.map(({ name }: { readonly name: string }) => name)).toEqual(["invoke_agent"]);
  for (const span of spans) {
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span.startTimeUnixNano).toMatch(/^\d{19}$/);
    expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
    if (span.parentSpanId !== undefined) expect(ids).toContain(span.parentSpanId);
  }
  expect(spans.map(({ name }: { readonly name: string }) => name)).toContain(
    "execute_tool get_weather",
  );
});

test("a recording's times never fall, and no pause in it is long", async () => {
  const lines = (await written("asciicast", sampleSource(), { width: 60 })).trimEnd().split("\n");
  const [header, ...events] = lines.map((line) => JSON.parse(line));
  expect(header).toMatchObject({ version: 2, width: 60, height: 24 });
  let before = 0;
  for (const [at, kind] of events) {
    expect(kind).toBe("o");
    expect(at - before).toBeGreaterThanOrEqual(0);
    expect(at - before).toBeLessThanOrEqual(2);
    before = at;
  }
});
