/**
 * Fake masking: hides the word SECRET and the ten digits after it, with the
 * holding back that the real one has, so that the path can be tested without
 * its rules. The name `password` makes a secret of any value of five letters
 * or more that stands right behind it.
 */
import type {
  MaskedFinding,
  SessionMasking,
  TextStream,
} from "../../src/daemon/masking/masking.js";

/** A secret that the fake knows; each number another. */
export const fakeSecret = (number: number): string => `SECRET${String(number).padStart(10, "0")}`;

const shape = /SECRET\d{10}|(?<="password":")[^"]{5,64}(?="|$)/g;
const begun =
  /(?:SEC(?:R(?:E(?:T(?:\d{0,9})?)?)?)?|"pas(?:s(?:w(?:o(?:r(?:d(?:"(?::(?:"[^"]{0,64})?)?)?)?)?)?)?)?)$/;

/** Opens the fake for one session. */
export function openFakeMasking(): SessionMasking {
  const marks = new Map<string, string>();
  const markOf = (secret: string) => {
    const mark = marks.get(secret) ?? `[masked:fake]#${marks.size + 1}`;
    marks.set(secret, mark);
    return mark;
  };

  function find(text: string): MaskedFinding[] {
    return [...text.matchAll(shape)].map((found) => ({
      detector: "fake",
      start: found.index,
      end: found.index + found[0].length,
      get mark() {
        return markOf(found[0]);
      },
    }));
  }

  function mask(text: string) {
    if (text.includes("EXPLODE")) throw new Error("the finder broke");
    const findings = find(text);
    let from = 0;
    let made = "";
    for (const { start, end, mark } of findings) {
      made += text.slice(from, start) + mark;
      from = end;
    }
    return { text: findings.length === 0 ? text : made + text.slice(from), findings };
  }

  function openText(): TextStream {
    let all = "";
    let gone = "";
    const pieces: { readonly start: number; readonly text: string }[] = [];
    const marked = new Set<number>();
    let ended = false;
    return {
      push(piece) {
        if (piece.includes("EXPLODE")) throw new Error("the finder broke");
        pieces.push({ start: all.length, text: piece });
        all += piece;
      },
      end() {
        ended = true;
      },
      settled() {
        const pending = ended ? all.length : all.search(begun);
        const until = pending === -1 ? all.length : pending;
        const findings = find(all).filter(
          ({ end }) => ended || end <= until || until === all.length,
        );
        const leaves: string[] = [];
        for (let next = pieces[0]; next !== undefined; next = pieces[0]) {
          const { start, text } = next;
          const end = start + text.length;
          if (!ended && end > until) break;
          let made = "";
          let at = start;
          for (const found of findings) {
            if (found.end <= start || found.start >= end) continue;
            made += all.slice(at, Math.max(at, found.start));
            // Its first two letters may have left: the mark stands in the first piece that did not.
            if (!marked.has(found.start)) {
              marked.add(found.start);
              made += found.mark;
            }
            at = Math.min(end, found.end);
          }
          made += all.slice(at, end);
          leaves.push(made);
          pieces.shift();
        }
        gone += leaves.join("");
        return leaves;
      },
      held() {
        return pieces.length;
      },
      repeat: (whole) => (ended && whole === all ? gone : mask(whole).text),
      counts() {
        return marked.size === 0 ? [] : [{ detector: "fake", count: marked.size }];
      },
    };
  }

  const secretOf = (mark: string) => [...marks].find(([, given]) => given === mark)?.[0];
  function* maskSteps(pieces: Iterable<string>) {
    yield;
    return mask([...pieces].join("")).findings;
  }
  const basis = () => marks;
  return { mask, maskSteps, openText, permit() {}, basis, secretOf };
}
