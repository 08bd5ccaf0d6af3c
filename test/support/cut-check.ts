/** Holds a masking to its promise: whatever the cut, the same text leaves. */
import { expect } from "vitest";
import type { MaskedText, SessionMasking } from "../../src/daemon/masking/masking.js";
import { streamed } from "./masked-cuts.js";

/** How many characters of a finding's beginning may have left when the text was cut there. */
export type Slack = (detector: string, secret: string) => number;

/** Cuts the text at every offset, and then at all of them at once. */
export function expectSameAtEveryCut(open: () => SessionMasking, text: string, slack: Slack): void {
  const whole = open().mask(text);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const left = streamed(open(), [text.slice(0, cut), text.slice(cut)]).join("");
    if (left === whole.text) continue;
    expect(left, `cut at ${cut}`).toMatch(allowing(text, whole, [cut], slack));
  }
  const left = streamed(open(), text.split(""));
  expect(left.join("")).toMatch(allowing(text, whole, [...Array(text.length).keys()], slack));
  expect(left).toHaveLength(text.length);
}

/** The masked text, but that beginnings of findings may stand there that left with a cut. */
export function allowing(
  text: string,
  whole: MaskedText,
  cuts: readonly number[],
  slack: Slack,
): RegExp {
  let result = "";
  let at = 0;
  for (const { detector, start, end, mark } of whole.findings) {
    const most = slack(detector, text.slice(start, end));
    const left = cuts
      .filter((cut) => cut > start && cut - start <= most)
      .map((cut) => escaped(text.slice(start, cut)));
    result += `${escaped(text.slice(at, start))}(?:${left.join("|")}|)${escaped(mark)}`;
    at = end;
  }
  return new RegExp(`^${result}${escaped(text.slice(at))}$`);
}

function escaped(text: string): string {
  return text.replace(/[[\](){}|.*+?^$\\]/g, "\\$&");
}
