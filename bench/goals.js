/**
 * Goals: what hoopx must not lose, each judged on the rounds. A goal is met
 * when the median of the rounds meets it and four of five rounds agree.
 */
import { median } from "./statistics.js";

const agreement = 0.8;

/** `value` takes one round's figures of every target; `at` is its limit. */
export const goals = [
  {
    name: "throughput, 16 connections",
    unit: "of bare",
    atLeast: 1.0,
    value: ({ throughput: t }) => t.hoopx.perSecond / t.bare.perSecond,
  },
  {
    name: "added p50, 1 connection",
    unit: "of bare's",
    atMost: 1.5,
    value: ({ latency: l }) => (l.hoopx.p50 - l.direct.p50) / (l.bare.p50 - l.direct.p50),
  },
  {
    name: "50 streams, added p50 an event",
    unit: "ms",
    atMost: 0.25,
    value: ({ streams: s }) => (s.hoopx.p50 - s.direct.p50) / 1000,
  },
  {
    name: "50 streams, added p99 an event",
    unit: "ms",
    atMost: 5,
    value: ({ streams: s }) => (s.hoopx.p99 - s.direct.p99) / 1000,
  },
  {
    name: "memory, 100 idle streams, warm",
    unit: "MB",
    atMost: 110,
    value: ({ memory }) => memory?.hoopx,
  },
  {
    name: "hoopx --version",
    unit: "of node -e 0",
    atMost: 1.6,
    value: ({ startup }) => startup && startup.hoopx / startup.node,
  },
];

/** Each goal with the rounds' values, their median, how many agree, and whether it is met. */
export function judge(rounds) {
  return goals.map((goal) => {
    const values = rounds.map(goal.value).filter((value) => value !== undefined);
    const meets = (value) =>
      goal.atLeast === undefined ? value <= goal.atMost : value >= goal.atLeast;
    const agreeing = values.filter(meets).length;
    const middle = median(values);
    return {
      goal: goal.name,
      unit: goal.unit,
      limit: goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`,
      median: middle,
      rounds: values,
      agreeing,
      met: meets(middle) && agreeing >= values.length * agreement,
    };
  });
}
