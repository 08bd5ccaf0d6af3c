/**
 * Mask: hides in the reply what neither client nor transcript may see: the
 * credential that was injected and the session token, should an upstream
 * echo them, in its head or at any split of its body.
 */
import type { Masker } from "../masking/known-text.js";
import type { BodyFlow, BodySink } from "../model/reply.js";
import { advance, type Gated, type Masked, type Station } from "./station.js";

export interface MaskOptions {
  readonly openMasker: (texts: readonly string[]) => Masker;
}

/** Creates the station that masks a reply as it flows. */
export function createMask({ openMasker }: MaskOptions): Station<Gated, Masked> {
  return function mask(exchange) {
    const { sensitive, replyHead, flow } = exchange;
    const masker = openMasker(sensitive);
    let inHead = 0;
    const headers = replyHead.headers.map((value) => {
      for (const text of sensitive) {
        if (text === "" || !value.includes(text)) continue;
        inHead += 1;
        value = value.replaceAll(text, "*".repeat(text.length));
      }
      return value;
    });
    return advance(exchange, {
      replyHead: { ...replyHead, headers },
      flow: maskedFlow(flow, masker),
      findings: () => {
        const count = masker.count + inHead;
        return count === 0 ? [] : [{ detector: "credential", count }];
      },
    });
  };
}

function maskedFlow(flow: BodyFlow, masker: Masker): BodyFlow {
  return {
    start(sink: BodySink) {
      const release = () => {
        const rest = masker.flush();
        if (rest.length > 0) sink.data(rest);
      };
      flow.start({
        data(chunk) {
          const bytes = masker.push(chunk);
          if (bytes.length > 0) sink.data(bytes);
        },
        end() {
          release();
          sink.end();
        },
        // What is held back may be the beginning of a secret: a reply cut here stays cut.
        fail: (error) => sink.fail(error),
      });
    },
    pause: () => flow.pause(),
    resume: () => flow.resume(),
    cancel: (reason) => flow.cancel(reason),
  };
}
