/**
 * Writing: one write through the group, awaited until it is durable; or one
 * that also says whether it changed anything.
 */
import type { GroupCommit } from "./group-commit.js";

/** About what a row of sessions, reviews or grants takes, bytes. */
const rowBytes = 1024;

/** Creates both. */
export function createWriting(group: GroupCommit) {
  function decide<Answer>(run: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let answer: Answer;
      group.add({
        apply() {
          answer = run();
        },
        size: rowBytes,
        durable: (error) => (error === undefined ? resolve(answer) : reject(error)),
      });
    });
  }
  return { write: (run: () => unknown) => decide(run).then(() => undefined), decide };
}
