/**
 * Outcome: what became of a re-run, in lines and as an exit code. The agent's
 * own code counts; where it is content, a request that the record could not
 * answer is still a failure.
 */
import type {
  ReplayDifferenceView,
  ReplayMissView,
  ReplayView,
} from "../../contract/replay-views.js";
import { counted, grouped } from "../output/time.js";

const failed = 1;
/** Differences of one request that are listed; the report has them all. */
const mostListed = 10;

/** The agent's, where it failed; else 1 where the re-run did. */
export function exitCodeOf(replay: ReplayView, agent: number, strict: boolean): number {
  if (agent !== 0) return agent;
  const { exchanges, misses } = replay;
  const missed = misses.some(({ answeredBy }) => strict || answeredBy === "nobody");
  const refused = exchanges.some(({ outcome }) => outcome === "refused");
  const unasked = strict && exchanges.some(({ outcome }) => outcome === "unasked");
  return missed || refused || unasked ? failed : 0;
}

/** One line, as `hoopx run` ends. */
export function summaryOf(
  { session, of, exchanges, misses, live }: ReplayView,
  status: string,
): string {
  const count = (outcome: string) => exchanges.filter((each) => each.outcome === outcome).length;
  const [answered, refused, unasked] = ["answered", "refused", "unasked"].map(count) as [
    number,
    number,
    number,
  ];
  const told = [
    `${grouped(answered)} of ${counted(exchanges.length, "exchange")} of ${of}`,
    misses.length > 0 ? `${grouped(misses.length)} not in the record` : undefined,
    refused > 0 ? `${grouped(refused)} refused by the policy` : undefined,
    unasked > 0 ? `${grouped(unasked)} not asked for` : undefined,
    live > 0 ? `${grouped(live)} live` : undefined,
  ].filter((part) => part !== undefined);
  return [`session ${session} ${status}`, told.join(", "), `hoopx replay ${session}`].join(" · ");
}

/** What of each miss differs from the nearest. */
export function missLines({ misses }: ReplayView): readonly string[] {
  return misses.flatMap((miss) => {
    const lines = miss.differences.slice(0, mostListed).map(differenceLine);
    const more = miss.differences.length - mostListed;
    return [missTitle(miss), ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
  });
}

const answers = {
  nobody: "",
  upstream: ", answered by its upstream",
  nearest: ", answered by the nearest",
} as const;

/** `request 2 (responses.create) is not in the record; nearest is exchange 2`. */
export function missTitle({ seq, action, nearest, answeredBy }: ReplayMissView): string {
  const near =
    nearest === null ? "no recorded request is like it" : `nearest is exchange ${nearest}`;
  return `request ${seq} (${action}) is not in the record; ${near}${answers[answeredBy]}`;
}

/** `  $.model changed from "a" to "b"`. */
export function differenceLine({ place, kind, recorded, now }: ReplayDifferenceView): string {
  if (kind === "added") return `  ${place} added: ${now}`;
  if (kind === "removed") return `  ${place} removed: ${recorded}`;
  return `  ${place} changed from ${recorded} to ${now}`;
}
