import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { createLiveText } from "../../../src/cli/output/live-text.js";
import type { DeltaEvent } from "../../../src/contract/events.js";

function open(everySession = false) {
  let text = "";
  const live = createLiveText({
    write: (written) => {
      text += written;
    },
    columns: () => 60,
    colours: new Chalk({ level: 0 }),
    everySession,
  });
  const say = (seq: number, said: string, change: Partial<DeltaEvent> = {}) =>
    live.delta({
      type: "exchange.delta",
      at: "2026-01-01T00:00:00.000Z",
      exchange: { id: `exc_${seq}`, sessionId: "ses_1", seq },
      ...{ turn: "0", kind: "message", role: "assistant", name: null, text: said },
      ...change,
    });
  return { live, say, text: () => text };
}

test("one reply stands there at once, as far as it came", () => {
  const { live, say, text } = open();
  say(1, "Hel");
  expect(text()).toBe("#1  assistant\n    Hel");
  say(1, "lo\nwor");
  say(1, "ld");
  expect(text()).toBe("#1  assistant\n    Hello\n    world");
  live.end("exc_1");
  expect(text()).toBe("#1  assistant\n    Hello\n    world\n");
});

test("turns apart, a call as one line, nothing raw", () => {
  const { live, say, text } = open(true);
  say(1, "hm", { turn: "t", role: "reasoning" });
  say(1, "I \u001b[31mlook \ud83d");
  say(1, "\ude00");
  const call = { turn: "c", kind: "tool-call", role: null } as const;
  say(1, "", { ...call, name: "get_weather" });
  say(1, '{"city":', call);
  say(1, '"Oslo"}', call);
  live.end("exc_1");
  expect(text()).toBe(
    "ses_1 #1  reasoning\n    hm\nses_1 #1  assistant\n    I \\x1b[31mlook 😀\n" +
      'ses_1 #1  calls get_weather {"city":"Oslo"}\n',
  );
});

test("two at once: by lines, and no word in another", () => {
  const { live, say, text } = open();
  say(1, "one tw");
  say(2, "uno do");
  expect(text()).toBe("#1  assistant\n    one tw");
  say(1, "o\nthr");
  expect(text()).toBe("#1  assistant\n    one two\n#2  assistant\n    uno ");
  say(2, "s\n");
  say(1, "ee\n");
  live.end("exc_1");
  live.end("exc_2");
  expect(text()).toBe(
    "#1  assistant\n    one two\n#2  assistant\n    uno dos\n#1  assistant\n    three\n",
  );
});

test("words of many that stream at once stay whole, whatever the pieces", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 30; round += 1) {
    const { live, say, text } = open();
    const rests = Array.from({ length: 3 }, (_, who) =>
      Array.from(
        { length: 120 },
        (_, at) => `${"abc"[who]}${at}${at % 11 === 10 ? "\n" : ""}`,
      ).join(" "),
    );
    const whole = [...rests];
    // All have begun: from here on none is alone on the screen.
    for (const who of rests.keys()) say(who, " ");
    while (rests.some((rest) => rest !== "")) {
      const who = random(3);
      const size = 1 + random(9);
      const rest = rests[who] ?? "";
      if (rest === "") continue;
      say(who, rest.slice(0, size));
      rests[who] = rest.slice(size);
    }
    for (const who of rests.keys()) live.end(`exc_${who}`);
    const shown = text()
      .replaceAll(/^#\d {2}assistant$/gm, "")
      .split(/\s+/);
    for (const [who, said] of whole.entries()) {
      const own = shown.filter((word) => word.startsWith("abc"[who] ?? "-"));
      expect(own).toEqual(said.split(/\s+/));
    }
  }
});

test("a line that is left goes on with a word; one that begins keeps its indent", () => {
  const { live, say, text } = open();
  say(1, "I");
  say(2, "uno\n");
  live.breakLine();
  say(1, " asked\n");
  say(1, "  code\n");
  live.end("exc_1");
  expect(text()).toContain("#1  assistant\n    I\n");
  expect(text()).toContain("#1  assistant\n    asked\n");
  expect(text()).toContain("#1  assistant\n      code\n");
});

test("one that stalls does not keep others from being seen", () => {
  const { live, say, text } = open();
  say(1, "waits ");
  say(2, `${"word ".repeat(60)}`);
  expect(text()).toContain("#2  assistant\n    word word");
  live.breakLine();
  live.end("exc_none");
  expect(text().endsWith("\n")).toBe(true);
});
