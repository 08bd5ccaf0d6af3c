/**
 * Hush masking: one detector that finds `hush-` and word characters, marked as
 * the real one marks. What takes masking as given is tested with it.
 */
import type { Masking, SessionMasking, TextStream } from "../../src/daemon/masking/masking.js";

export function createHushMasking() {
  const marks = new Map<string, Map<string, string>>();
  const forgotten: string[] = [];
  const masking: Masking = {
    open(session, { detectors }) {
      const own = marks.get(session) ?? new Map<string, string>();
      marks.set(session, own);
      const markOf = (secret: string) => {
        const mark = own.get(secret) ?? `[masked:hush]#${own.size + 1}`;
        own.set(secret, mark);
        return mark;
      };
      const opened: SessionMasking = {
        mask(text) {
          if (detectors.length === 0) return { text, findings: [] };
          const findings = [...text.matchAll(/hush-\w+/g)].map((found) => ({
            detector: "hush",
            start: found.index,
            end: found.index + found[0].length,
            mark: markOf(found[0]),
          }));
          return { text: text.replace(/hush-\w+/g, markOf), findings };
        },
        *maskSteps(pieces) {
          yield;
          return opened.mask([...pieces].join("")).findings;
        },
        openText() {
          if (detectors.length > 0) throw new Error("the fake masks whole texts only");
          return openUnmasked();
        },
        permit() {},
        basis: () => (detectors.length === 0 ? detectors : own),
        secretOf: (mark) => [...own].find(([, other]) => other === mark)?.[0],
      };
      return opened;
    },
    forget(session) {
      marks.delete(session);
      forgotten.push(session);
    },
  };
  return { masking, forgotten };
}

/** A stream in which nothing is looked for. */
function openUnmasked(): TextStream {
  const pieces: string[] = [];
  return {
    push: (piece) => void pieces.push(piece),
    end() {},
    settled: () => pieces.splice(0),
    held() {
      return pieces.length;
    },
    repeat: (whole) => whole,
    counts: () => [],
  };
}
