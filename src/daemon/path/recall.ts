/**
 * Recall: in a re-run, which recorded exchange this request is. What the
 * record answers goes on as any request does, under the policy, the gate and
 * the record of now; what is not in the record stops here unless the re-run was
 * told to send it. For every other session this does nothing.
 */
import { Refusal } from "../model/refusal.js";
import type { Rerun } from "../replaying/rerun.js";
import type { Reruns } from "../replaying/reruns.js";
import { advance, type Classified, type Recalled, type Station } from "./station.js";

export interface RecallOptions {
  readonly reruns?: Pick<Reruns, "of">;
}

/** Creates the station that finds a re-run's request in the record. */
export function createRecall({ reruns }: RecallOptions): Station<Classified, Recalled> {
  return function recall(exchange) {
    const rerun = reruns?.of(exchange.session);
    // Nearly every session: no promise is made for it.
    return rerun === undefined
      ? advance(exchange, { recorded: undefined })
      : recalled(exchange, rerun);
  };
}

async function recalled(exchange: Classified, rerun: Rerun | "lost"): Promise<Recalled> {
  const { seq, connection, operation, body } = exchange;
  if (rerun === "lost") {
    const why = "the daemon was restarted, and what this session replays is not known any more";
    throw new Refusal("replay_missed", why);
  }
  const { action, method, path } = operation;
  const asked = { seq, connection: connection.name, action, method, path, body };
  const answer = await rerun.answer(asked);
  if (answer.kind === "missed") throw new Refusal("replay_missed", answer.why);
  const recorded = answer.kind === "recorded" ? answer.transport : undefined;
  return advance(exchange, { recorded });
}
