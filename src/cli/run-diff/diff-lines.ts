/**
 * Diff lines: two runs beside each other as lines of text. Each line says by a
 * sign what it is (`=` equal, `~` changed, `-` of the first run only, `+` of
 * the second only), and words that differ stand between marks where there is
 * no colour. All of it is escaped; where a width is given, it is kept.
 */
import type { ChalkInstance } from "chalk";
import { escapeBlock, escapeLine } from "../output/escape.js";
import { operationText } from "../output/operation.js";
import { pretty } from "../output/pretty.js";
import { counted } from "../output/time.js";
import { widthOf } from "../output/width.js";
import { wrapWords } from "../output/words.js";
import { type ExchangeChange, type RunTurn, saidBy, type TurnChange } from "./compare.js";
import { type LineChange, textChanges } from "./text-changes.js";

export interface DiffOptions {
  readonly colours: ChalkInstance;
  /** False: words that differ stand between marks. */
  readonly coloured: boolean;
  /** Cells of the terminal; undefined: as wide as it is. */
  readonly width: number | undefined;
}

/** Equal lines that stay around a change. */
const around = 1;

/** The lines of one exchange; equal ones take one line. */
export function diffLines(change: ExchangeChange, options: DiffOptions): readonly string[] {
  const { colours } = options;
  const { a, b, facts, turns } = change;
  const same = a && b && facts.length === 0 && turns.every(({ change: each }) => each === "equal");
  const name = headingOf(change);
  if (same) {
    return wrapped("= ", `${name} · ${counted(turns.length, "turn")} equal`, options, colours.dim);
  }
  const sign = a === null ? "+ " : b === null ? "- " : "~ ";
  const paint = a === null ? colours.green : b === null ? colours.red : colours.bold;
  const lines = [...wrapped(sign, name, options, paint)];
  for (const fact of facts) {
    const text = escapeLine(`${fact.name}: ${fact.a} → ${fact.b}`);
    lines.push(...wrapped("  ~ ", text, options, colours.bold));
  }
  let equal = 0;
  const collapse = () => {
    if (equal > 0) lines.push(colours.dim(`  = ${counted(equal, "turn")} equal`));
    equal = 0;
  };
  for (const turn of turns) {
    if (turn.change === "equal") {
      equal += 1;
      continue;
    }
    collapse();
    lines.push(...turnLines(turn, options));
  }
  collapse();
  return lines;
}

function headingOf({ a, b }: ExchangeChange): string {
  const view = a ?? b;
  const place = a && b && a.seq !== b.seq ? `#${a.seq} → #${b.seq}` : `#${view?.seq ?? 0}`;
  return escapeLine(`${place} · ${operationText(view?.operation)}`);
}

function turnLines(change: TurnChange, options: DiffOptions): readonly string[] {
  const { colours } = options;
  const { a, b } = change;
  if (a && b) {
    const lines = [...wrapped("  ~ ", titleOf(a), options, colours.bold)];
    if (change.arguments) {
      for (const { path, a: before, b: after } of change.arguments) {
        const name = path === "" ? "" : `${escapeLine(path)}: `;
        if (before !== null) lines.push(...whole("-", name + escapeLine(before), options));
        if (after !== null) lines.push(...whole("+", name + escapeLine(after), options));
      }
      return lines;
    }
    return [...lines, ...changedLines(textChanges(shown(a), shown(b)), options)];
  }
  const [sign, turn, paint] = a ? ["-", a, colours.red] : ["+", b, colours.green];
  if (turn === null || turn === undefined) return [];
  const title = wrapped(`  ${sign} `, titleOf(turn), options, paint);
  const text = shown(turn).split("\n");
  return [...title, ...text.flatMap((line) => whole(sign === "-" ? "-" : "+", line, options))];
}

/** Who speaks, or which tool it is of. */
function titleOf({ turn }: RunTurn): string {
  switch (turn.kind) {
    case "message":
      return escapeLine(turn.role);
    case "tool-call":
      return `assistant calls ${escapeLine(turn.name)}`;
    case "tool-result":
      return "tool";
    case "note":
      return "note";
  }
}

function shown({ turn }: RunTurn): string {
  const said = turn.kind === "tool-call" ? pretty(turn.arguments) : saidBy(turn);
  return escapeBlock(said).replaceAll("\t", "  ");
}

function changedLines(changes: readonly LineChange[], options: DiffOptions): readonly string[] {
  const { colours } = options;
  const near = changes.map((_, at) =>
    changes
      .slice(Math.max(0, at - around), at + around + 1)
      .some(({ change }) => change !== "equal"),
  );
  const lines: string[] = [];
  let left = 0;
  const collapse = () => {
    if (left > 0) lines.push(colours.dim(`      … ${counted(left, "line")} equal`));
    left = 0;
  };
  for (const [at, each] of changes.entries()) {
    if (each.change === "equal") {
      if (near[at]) {
        collapse();
        lines.push(...wrapped("      ", each.text, options, colours.dim));
      } else left += 1;
      continue;
    }
    collapse();
    const sign = each.change === "removed" ? "-" : "+";
    const paint = sign === "-" ? colours.red : colours.green;
    const spans = each.words.map(({ text, changed }) => spanOf(text, changed, sign, options));
    lines.push(...signed(`    ${sign} `, spans, options, paint));
  }
  collapse();
  return lines;
}

/** Words of a changed line; what differs is inverse, or between `[-` and `-]`, `{+` and `+}`. */
function spanOf(text: string, changed: boolean, sign: "-" | "+", options: DiffOptions): Span {
  const { colours, coloured } = options;
  const paint = sign === "-" ? colours.red : colours.green;
  if (!changed) return { text, paint };
  if (coloured) return { text, paint: paint.inverse };
  return { text: sign === "-" ? `[-${text}-]` : `{+${text}+}`, paint };
}

function whole(sign: "-" | "+", text: string, options: DiffOptions): readonly string[] {
  const paint = sign === "-" ? options.colours.red : options.colours.green;
  return signed(`    ${sign} `, [{ text, paint }], options, paint);
}

function wrapped(
  lead: string,
  text: string,
  options: DiffOptions,
  paint: (text: string) => string,
): readonly string[] {
  return signed(lead, [{ text, paint }], options, paint);
}

/** Lines that begin with a lead, the later ones with as many blanks. */
function signed(
  lead: string,
  spans: readonly Span[],
  { width }: DiffOptions,
  paint: (text: string) => string,
): readonly string[] {
  const room = width === undefined ? undefined : Math.max(8, width - widthOf(lead));
  return wrapSpans(spans, room).map((line, at) =>
    `${at === 0 ? paint(lead) : " ".repeat(lead.length)}${line}`.trimEnd(),
  );
}

/** A piece of one line, painted its own way. */
interface Span {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** Pieces of one line, wrapped to a width and painted: one line at least. */
function wrapSpans(spans: readonly Span[], width: number | undefined): readonly string[] {
  const whole = spans.map(({ text }) => text).join("");
  const pieces = width === undefined ? [{ piece: whole, offset: 0 }] : wrapWords(whole, width);
  return pieces.map(({ piece, offset }) => {
    let at = 0;
    let line = "";
    for (const { text, paint } of spans) {
      const from = Math.max(at, offset);
      const to = Math.min(at + text.length, offset + piece.length);
      if (from < to) line += paint(whole.slice(from, to));
      at += text.length;
    }
    return line;
  });
}
