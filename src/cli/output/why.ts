/**
 * Why: the lines below an exchange that was denied, refused or held for a
 * review: the rule and where it stands, the reason, and the ids and the
 * command with which a person goes on from there. For terminals; programs
 * have all of it in the exchange's JSON.
 */
import { isDenial } from "../../contract/outcome.js";
import type { DecisionView, ExchangeView } from "../../contract/views.js";
import { escapeLine } from "./escape.js";
import { reasonText, requestDenial, stopOf } from "./stop.js";
import { cutTo, widthOf } from "./width.js";
import { wrapWords } from "./words.js";

const indent = "   ";
/** What is left of a narrow terminal for a line. */
const leastWidth = 20;

/** The lines, escaped, none wider than `columns`; none where the exchange was simply let through. */
export function whyLines(exchange: ExchangeView, columns: number): readonly string[] {
  const { outcome, call, decision, review, id } = exchange;
  const stopped = isDenial(outcome) || outcome === "refused";
  if (!stopped && call == null && decision?.effect !== "review" && review === null) return [];
  const width = Math.max(leastWidth, columns - indent.length);
  const why = escapeLine(reasonOf(exchange));
  const ways = [
    id,
    ...(review === null ? [] : [`review ${review}`]),
    ...(outcome === null && review !== null ? [`hoopx approve ${review}`] : []),
    // A request that was refused before any rule was asked has nothing to explain.
    ...(decision === null || outcome === null ? [] : [`hoopx policy explain ${id}`]),
  ];
  return [...wrapWords(why, width).map(({ piece }) => piece), ...joined(ways, width)].map(
    (line) => indent + cutTo(line, width),
  );
}

function reasonOf(exchange: ExchangeView): string {
  const { outcome, call, decision, error } = exchange;
  if (call != null) {
    const { name, reason, rule, layer, file } = call;
    // A denied call's reason is a sentence that names it.
    const told = `tool call ${name}: ${reasonText(exchange, { reason })}`;
    const what = stopOf(exchange) === undefined ? told : reason;
    return rule === null ? what : `${ruleOf({ rule, layer, file })}: ${what}`;
  }
  if (outcome === "refused") return `refused: ${error ?? `status ${exchange.status}`}`;
  const stop = stopOf(exchange);
  if (stop !== undefined && isDenial(outcome) && requestDenial(exchange) === undefined) {
    return `${outcome}: ${stop.reason}`;
  }
  if (decision === null) return outcome ?? "running";
  if (decision.effect === "allow") return "a tool call in its reply waits for a review";
  return `${ruleOf(decision)}: ${reasonText(exchange, decision)}`;
}

/** The rule, and where it stands. */
function ruleOf({ rule, layer, file }: Pick<DecisionView, "rule" | "layer" | "file">): string {
  if (rule === null) return "no rule";
  const where = [layer === null ? "" : `${layer} policy`, file ?? ""].filter((part) => part !== "");
  return where.length === 0 ? `rule ${rule}` : `rule ${rule} (${where.join(", ")})`;
}

/** Parts side by side as far as they fit: an id or a command is not broken over two lines. */
function joined(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
