/**
 * A sample run for what reads transcripts: four exchanges with a streamed
 * answer, a tool call and its result, a masked secret, an approved review and a
 * denial, and with what strangers might write into them.
 */
import type { MeasuredSessionView } from "../../../src/contract/measure-views.js";
import type { FrameView } from "../../../src/contract/record-views.js";
import type { ConversationView, ReplyTurnView } from "../../../src/contract/views.js";
import { countsView, decisionView, exchangeView, sessionView } from "./views.js";

/** The deltas of a text: a few words each, so many milliseconds apart. */
function streamed(
  text: string,
  from: number,
  apart: number,
): readonly { readonly at: number; readonly text: string }[] {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  return words.map((word, at) => ({ at: from + at * apart, text: word }));
}

function said(text: string, from: number, apart: number): ReplyTurnView {
  return { kind: "message", role: "assistant", text, deltas: streamed(text, from, apart) };
}

const answer =
  "Oslo has 14 °C and a light wind from the north; Rome has 27 °C and no cloud at all. " +
  "日本語の文章も折り返されます。\n\n- Oslo: take a coat\n- Rome: take water\n\nThe key " +
  "[masked:github-token]#1 was not used.";
const call = '{"cities":["Oslo","Rome"],"units":"metric"}';

export const sampleSession: MeasuredSessionView = sessionView({
  title: "weather \u001b[31mreport\u202e",
  counts: countsView({ allowed: 2, approved: 1, denied: 1 }, { masked: 1 }),
});

/** Takes more than a minute: nothing is over before a test has pressed its key. */
export const sampleRun: readonly ConversationView[] = [
  {
    exchange: exchangeView({ durationMs: 4_400 }),
    prompt: [
      { kind: "message", role: "system", text: "You know the weather." },
      { kind: "message", role: "user", text: "How is it in Oslo?\nAnd in Rome? \u001b]0;x\u0007" },
    ],
    reply: [
      {
        kind: "tool-call",
        id: "call_1",
        name: "get_weather",
        arguments: call,
        deltas: [
          { at: 1_400, text: call.slice(0, 20) },
          { at: 4_400, text: call.slice(20) },
        ],
      },
      {
        kind: "note",
        text: "tool call get_weather allowed by rule weather",
        deltas: [{ at: 4_400, text: "tool call get_weather allowed by rule weather" }],
      },
    ],
    complete: true,
  },
  {
    exchange: exchangeView({
      id: "exc_2",
      seq: 2,
      startedAt: "2026-11-24T09:00:06.000Z",
      firstByteMs: 900,
      durationMs: 60_000,
      masked: [{ detector: "github-token", count: 1 }],
    }),
    prompt: [
      {
        kind: "tool-result",
        id: "call_1",
        text: '{"Oslo":{"temperature":14},"Rome":{"temperature":27}}\ntoken [masked:github-token]#1',
      },
      { kind: "note", text: "image" },
    ],
    reply: [said(answer, 900, 1_500)],
    complete: true,
  },
  {
    exchange: exchangeView({
      id: "exc_3",
      seq: 3,
      startedAt: "2026-11-24T09:01:10.000Z",
      decision: decisionView("review", "large-models", "ask before a large model"),
      review: "rev_7k2m",
    }),
    prompt: [{ kind: "message", role: "user", text: "Write it down for the others." }],
    reply: [said("Done: it is written down.", 400, 300)],
    complete: true,
  },
  {
    exchange: exchangeView({
      id: "exc_4",
      seq: 4,
      startedAt: "2026-11-24T09:01:15.000Z",
      status: 403,
      firstByteMs: 3,
      durationMs: 4,
      tokens: null,
      decision: decisionView("deny", "no-files", "files are not for agents"),
      error: "policy_denied",
    }),
    prompt: [{ kind: "message", role: "user", text: "Now upload it." }],
    reply: [{ kind: "note", text: "error policy_denied", deltas: [] }],
    complete: false,
  },
];

/** The frames of its first exchange. */
export const sampleFrames: readonly FrameView[] = [
  frame("request-head", 0, "POST /v1/responses HTTP/1.1\r\nauthorization: Bearer ***\r\n\r\n"),
  frame("request-body", 0.4, `{"model":"gpt-5-mini","input":"${"How is it in Oslo? ".repeat(6)}"}`),
  frame("reply-head", 1_200, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"),
  frame("reply-body", 1_400.25, 'event: a\ndata: {"delta":"\u001b[1m{"}\n\n'),
  frame("reply-body", 4_400, "event: b\ndata: {}\n\n"),
  {
    kind: "reply-body",
    at: 4_401,
    text: null,
    base64: Buffer.from([0xff, 0x61]).toString("base64"),
  },
];

function frame(kind: FrameView["kind"], at: number, text: string): FrameView {
  return { kind, at, text, base64: null };
}
