/**
 * Limit tests: size, time of day, and what has been used up.
 */
import { leaf, type Place } from "./leaf.js";
import type { Test } from "./rule.js";
import type { When } from "./schema.js";

/** The request's size is between the two. */
export function requestBytesTest(
  { over, under }: NonNullable<When["requestBytes"]>,
  place: Place,
): Test {
  const wanted = [
    ...(over === undefined ? [] : [`over ${over}`]),
    ...(under === undefined ? [] : [`under ${under}`]),
  ].join(" and ");
  return leaf(place, {
    name: "requestBytes",
    text: `requestBytes: ${wanted}`,
    wants: { over, under },
    hit: ({ input: { requestBytes } }) =>
      (over === undefined || requestBytes > over) && (under === undefined || requestBytes < under)
        ? wanted
        : undefined,
    saw: ({ input }) => `the request has ${input.requestBytes} bytes`,
  });
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Weekday = (typeof weekdays)[number];

/** The time zone is one that this system knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** It is one of the days, and from one time of day until another; until before from crosses midnight. */
export function timeTest(wants: NonNullable<When["time"]>, place: Place): Test {
  const { from = "00:00", to = "24:00", days, zone = "UTC" } = wants;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const read = (now: Date) => {
    const parts = new Map(clock.formatToParts(now).map(({ type, value }) => [type, value]));
    return {
      day: (parts.get("weekday") ?? "").toLowerCase() as Weekday,
      time: `${parts.get("hour")}:${parts.get("minute")}`,
    };
  };
  const crosses = to <= from;
  const onDay = (day: Weekday) => days === undefined || days.includes(day);
  const holds = (now: Date) => {
    const { day, time } = read(now);
    if (!crosses) return time >= from && time < to && onDay(day);
    // After midnight it is still the night of the day before.
    if (time >= from) return onDay(day);
    return time < to && onDay(weekdays[(weekdays.indexOf(day) + 6) % 7] as Weekday);
  };
  const hours = wants.from === undefined && wants.to === undefined ? "" : ` ${from}–${to}`;
  const wanted = `${days === undefined ? "every day" : days.join(", ")}${hours} ${zone}`;
  return leaf(place, {
    name: "time",
    text: `time: ${wanted}`,
    wants,
    hit: ({ input }) => (holds(input.now) ? wanted : undefined),
    saw: ({ input }) => {
      const { day, time } = read(input.now);
      return `it is ${day} ${time} ${zone}`;
    },
  });
}

/** One of the limits is used up. */
export function budgetTest(wants: NonNullable<When["budget"]>, place: Place): Test {
  const { per } = wants;
  const limits = (["requests", "tokens", "cost"] as const).flatMap((of) => {
    const limit = wants[of];
    const said = of === "cost" ? `$${limit}` : `${limit} ${of}`;
    return limit === undefined ? [] : [{ of, limit, used: `${said} per ${per} used up` }];
  });
  return leaf(place, {
    name: "budget",
    cost: 1,
    text: `budget: ${limits.map(({ used }) => used).join(" or ")}`,
    wants,
    hit({ input }) {
      const spent = input.spent(per);
      return limits.find(({ of, limit }) => spent[of] >= limit)?.used;
    },
    saw({ input }) {
      const { requests, tokens, cost } = input.spent(per);
      return `${requests} requests, ${tokens} tokens and about $${cost.toFixed(2)} are used per ${per}`;
    },
  });
}
