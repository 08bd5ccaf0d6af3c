/**
 * Keys: bytes of a terminal become keys, none lost and none made up: several
 * in one read, one split over two, text pasted between its marks. Pure, but
 * for what it holds of a sequence whose end has not come yet.
 */

/** A character, or a name such as `up`, `enter`, `ctrl-c`, `alt-a`; or text that was pasted. */
export type Input =
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "paste"; readonly text: string };

export interface KeyReader {
  /** What this piece of input completes. */
  push(chunk: string): readonly Input[];
  /** Nothing more came for a moment: a lone Escape is one. */
  flush(): readonly Input[];
  /** Does it hold the beginning of a sequence? */
  readonly waiting: boolean;
}

const pasteBegins = "\u001b[200~";
const pasteEnds = "\u001b[201~";
/** Far more than a comment needs. */
const pasteLimit = 65_536;

/** Final byte, or number before `~`, of the sequences that terminals send. */
const sequences: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "backtab",
  "1~": "home",
  "3~": "delete",
  "4~": "end",
  "5~": "pageup",
  "6~": "pagedown",
  "7~": "home",
  "8~": "end",
};

/** With Shift (xterm's modifier 2), where that is a key of its own. */
const shifted: Readonly<Record<string, string>> = { C: "shift-right", D: "shift-left" };

const controls: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\u007f": "backspace",
  "\b": "backspace",
};

/** Creates the reader of one terminal's input. */
export function createKeyReader(): KeyReader {
  let held = "";
  let pasted: string | undefined;

  function push(chunk: string): readonly Input[] {
    let rest = held + chunk;
    held = "";
    const found: Input[] = [];
    while (rest !== "") {
      if (pasted !== undefined) {
        rest = takePaste(rest, found);
        continue;
      }
      const taken = takeKey(rest);
      if (taken === undefined) {
        held = rest;
        break;
      }
      const [length, key] = taken;
      if (rest.startsWith(pasteBegins)) pasted = "";
      else if (key !== undefined) found.push({ type: "key", key });
      rest = rest.slice(length);
    }
    return found;
  }

  function takePaste(rest: string, found: Input[]): string {
    const end = rest.indexOf(pasteEnds);
    if (end !== -1) {
      found.push({
        type: "paste",
        text: ((pasted ?? "") + rest.slice(0, end)).slice(0, pasteLimit),
      });
      pasted = undefined;
      return rest.slice(end + pasteEnds.length);
    }
    // The end's mark itself may be split.
    const mark = rest.lastIndexOf("\u001b");
    const cut = mark !== -1 && pasteEnds.startsWith(rest.slice(mark)) ? mark : rest.length;
    pasted = ((pasted ?? "") + rest.slice(0, cut)).slice(0, pasteLimit);
    held = rest.slice(cut);
    return "";
  }

  return {
    push,
    flush() {
      if (held === "" || pasted !== undefined) return [];
      const rest = held;
      held = "";
      // `ESC [` and nothing more is Alt and a bracket, which means nothing here.
      return rest === "\u001b" ? [{ type: "key", key: "escape" }] : [];
    },
    get waiting() {
      return held !== "" && pasted === undefined;
    },
  };
}

/** Length of the first key and its name, where it has one; undefined: more must come. */
function takeKey(text: string): readonly [length: number, key: string | undefined] | undefined {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (first !== "\u001b") return [first.length, nameOf(first)];
  const second = text[1];
  if (second === undefined) return undefined;
  if (second === "\u001b") return [1, "escape"];
  if (second === "[") {
    const match = /^\u001b\[([0-?]*)[ -/]*([@-~])/.exec(text);
    // Longer than any that a terminal sends: not the beginning of one.
    if (match === null) return /^\u001b\[[ -?]{0,32}$/.test(text) ? undefined : [2, undefined];
    const [whole, parameters = "", final = ""] = match;
    const code = final === "~" ? `${parameters.split(";")[0]}~` : final;
    if (parameters === "1;2") return [whole.length, shifted[final]];
    return [whole.length, parameters.includes(";") ? undefined : sequences[code]];
  }
  if (second === "O") {
    const final = text[2];
    return final === undefined ? undefined : [3, sequences[final]];
  }
  const other = String.fromCodePoint(text.codePointAt(1) ?? 0);
  return [1 + other.length, `alt-${nameOf(other) ?? other}`];
}

function nameOf(character: string): string | undefined {
  const named = controls[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 1 && code <= 26) return `ctrl-${String.fromCharCode(code + 96)}`;
  return code < 32 || (code >= 0x80 && code < 0xa0) ? undefined : character;
}
