/**
 * Suggest: the narrowest rules that would have allowed requests of the past,
 * as a policy file. Whatever can be held to what was seen is: who, which
 * program, where to, which operation, models and tools. It knows nothing of
 * good and bad: what was denied then is in it, and is said to be.
 */
import { Document, isMap, isSeq, visit } from "yaml";
import { cutPlace, shortened } from "../model/text-cut.js";
import type { PastRequest } from "./trial.js";

export interface Suggestion {
  readonly yaml: string;
  readonly rules: number;
  /** What the rules could not hold narrowly. */
  readonly notes: readonly string[];
}

export interface Suggester {
  add(past: PastRequest): void;
  suggestion(heading: string): Suggestion;
}

/** Like requests: one rule speaks for them. */
interface Kind {
  readonly first: PastRequest;
  readonly models: Set<string>;
  readonly tools: Set<string>;
  /** Undefined: some this way, some that. */
  store: boolean | undefined;
  background: boolean | undefined;
  count: number;
  /** Names of what denied some of them, or held them. */
  readonly stopped: Set<string>;
}

/** The schema takes no longer words, and no more of them. */
const longestWord = 1024;
const mostWords = 1000;

/** Creates what collects requests of one session. */
export function createSuggester(): Suggester {
  const kinds = new Map<string, Kind>();

  return {
    add(past) {
      const { operation, connection } = past.input;
      const key = JSON.stringify([connection, operationWord(past), operation.model === null]);
      const kind = kinds.get(key) ?? newKind(past);
      kinds.set(key, kind);
      kind.count += 1;
      if (operation.model !== null) kind.models.add(operation.model);
      for (const tool of operation.tools) kind.tools.add(tool);
      if (kind.store !== (operation.store ?? false)) kind.store = undefined;
      if (kind.background !== (operation.background ?? false)) kind.background = undefined;
      const { decided } = past;
      if (decided !== null && decided.effect !== "allow") {
        kind.stopped.add(`${decided.effect} by ${decided.rule ?? "no rule"}`);
      }
    },

    suggestion(heading) {
      const notes = new Set<string>();
      const names = new Set<string>();
      const all = [...kinds.values()];
      const document = new Document({
        version: 1,
        rules: all.map((kind) => ruleOf(kind, names, notes)),
      });
      document.commentBefore = ` ${heading}`;
      comment(document, all);
      return {
        yaml: document.toString({ lineWidth: 100, flowCollectionPadding: false }),
        rules: all.length,
        notes: [...notes],
      };
    },
  };
}

function newKind(first: PastRequest): Kind {
  const { operation } = first.input;
  return {
    first,
    models: new Set(),
    tools: new Set(),
    store: operation.store ?? false,
    background: operation.background ?? false,
    count: 0,
    stopped: new Set(),
  };
}

/** An action by its name, what has none by method and path. */
function operationWord({ input: { operation } }: PastRequest): string {
  const { class: kind, method, path, action } = operation;
  return kind === "unknown" ? `${method} ${path.split("?", 1)[0]}` : action;
}

function ruleOf(kind: Kind, names: Set<string>, notes: Set<string>): object {
  const { first, models, tools } = kind;
  const { identity, process, connection, operation } = first.input;
  const inferred = operation.class === "inference";
  const word = (text: string, what: string) => wordOf(text, what, notes);
  const words = (texts: ReadonlySet<string>, what: string) => {
    if (texts.size <= mostWords) return [...texts].sort().map((text) => word(text, what));
    notes.add(`there are over ${mostWords} different ${what}: any is allowed`);
    return ["*"];
  };
  return {
    name: nameOf(kind, names),
    when: {
      subjects: [word(identity.subject, "subject")],
      issuers: [word(identity.issuer, "issuer")],
      ...(process.command !== "" && { commands: [word(process.command, "command")] }),
      ...(process.ci !== null && { ci: [word(process.ci.system, "CI system")] }),
      connections: [connection],
      operations: [word(operationWord(first), "operation")],
      ...(models.size > 0 && { models: words(models, "models") }),
      ...(tools.size > 0 && { tools: { only: words(tools, "tools") } }),
      ...(inferred && kind.store !== undefined && { store: kind.store }),
      ...(inferred && kind.background !== undefined && { background: kind.background }),
      // A request that declares none is met by any `only`: none at all is said so.
      ...(inferred && tools.size === 0 && { not: { tools: ["*"] } }),
    },
    effect: "allow",
  };
}

/** The text itself as a glob; there is no way to write that a star means a star. */
function wordOf(text: string, what: string, notes: Set<string>): string {
  if (/[*?]/.test(text)) {
    notes.add(`the ${what} ${shortened(text, 80)} has a * or ?, which matches more than itself`);
  }
  if (text.length <= longestWord) return text;
  notes.add(`the ${what} ${shortened(text, 80)} is too long to be named whole: its beginning is`);
  return `${text.slice(0, cutPlace(text, longestWord - 1))}*`;
}

function nameOf({ first, models }: Kind, names: Set<string>): string {
  const { operation, connection } = first.input;
  const only = models.size === 1 ? `-with-${[...models][0]}` : "";
  const text = `${operationWord(first)}-on-${connection}${operation.class === "inference" ? only : ""}`;
  const plain =
    text
      .replace(/[^\w.-]+/g, "-")
      .replace(/^[^a-zA-Z0-9]+/, "")
      .slice(0, 70) || "rule";
  let name = plain;
  for (let place = 2; names.has(name); place += 1) name = `${plain}-${place}`;
  names.add(name);
  return name;
}

/** Above each rule: how often, and what became of it then. */
function comment(document: Document, kinds: readonly Kind[]): void {
  const rules = document.get("rules");
  if (!isSeq(rules)) return;
  for (const [index, node] of rules.items.entries()) {
    const kind = kinds[index];
    if (kind === undefined || !isMap(node)) continue;
    const times = kind.count === 1 ? "1 request" : `${kind.count} requests`;
    const stopped = kind.stopped.size === 0 ? "" : `; then: ${[...kind.stopped].join(", ")}`;
    node.commentBefore = ` ${times}${stopped}`;
    node.spaceBefore = index > 0;
    visit(node, {
      Seq(_, list) {
        list.flow = true;
      },
    });
  }
}
