/**
 * Session finder: the session that a person named by its id, an unambiguous
 * beginning of it, or `last`.
 */
import type { Session } from "../model/session.js";
import type { SessionLog } from "../store/store.js";
import { ControlProblem } from "./control-problem.js";

const shown = 5;

/** The one session; throws `not_found`, or `conflict` with the candidates. */
export async function findSession(sessions: SessionLog, id: string): Promise<Session> {
  const found = await sessions.find(id);
  const [first] = found;
  if (first === undefined) {
    const what = id === "last" ? "there is no session yet" : `no session is named ${id}`;
    throw new ControlProblem("not_found", what, "hoopx sessions");
  }
  const exact = found.find((session) => session.id === id);
  if (exact !== undefined) return exact;
  if (found.length === 1) return first;
  const ids = found.slice(0, shown).map((session) => session.id);
  const more = found.length > shown ? ", …" : "";
  throw new ControlProblem(
    "conflict",
    `${id} may be any of ${ids.join(", ")}${more}`,
    "name more of the id",
  );
}
