/**
 * Session finder: the session that a person named by its id, an unambiguous
 * beginning of it, or `last`: the newest that is no re-run.
 */
import type { Session } from "../../model/session.js";
import type { SessionLog } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import { namedById } from "../named-by-id.js";

/** The one session; throws as `namedById` does. */
export async function findSession(sessions: SessionLog, id: string): Promise<Session> {
  const found = await sessions.find(id);
  if (id !== "last") return namedById({ found, id, what: "session", list: "hoopx sessions" });
  const [last] = found;
  if (last !== undefined) return last;
  throw new ControlProblem(
    "not_found",
    "there is no session yet",
    "hoopx run -- CMD starts one (last is never a re-run)",
  );
}
