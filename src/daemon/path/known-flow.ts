/** Known flow: a reply's bytes without the texts that are known to be secret, however they are cut. */
import type { Masker } from "../masking/known-text.js";
import type { BodyFlow } from "../model/reply.js";

/** The flow with what the masker hides hidden. */
export function knownFlow(flow: BodyFlow, masker: Masker): BodyFlow {
  return {
    start(sink) {
      flow.start({
        data(chunk) {
          const bytes = masker.push(chunk);
          if (bytes.length > 0) sink.data(bytes);
        },
        end() {
          const rest = masker.flush();
          if (rest.length > 0) sink.data(rest);
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
