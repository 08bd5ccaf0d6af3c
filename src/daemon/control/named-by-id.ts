/**
 * Named by id: the one row that a person means by an id or the beginning of
 * one. A beginning is at least four characters long, so that a slip of the
 * finger does not revoke or approve something else.
 */
import { ControlProblem } from "./control-problem.js";

const shortest = 4;
const shown = 5;

export interface NamedById<Row> {
  /** What the id, or its beginning, was found to name. */
  readonly found: readonly Row[];
  readonly id: string;
  /** `session`, `review`, `grant`. */
  readonly what: string;
  /** The command that lists them. */
  readonly list: string;
}

/** The one row; throws `not_found`, `bad_request` for a short beginning, or `conflict` with the candidates. */
export function namedById<Row extends { readonly id: string }>({
  found,
  id,
  what,
  list,
}: NamedById<Row>): Row {
  const exact = found.find((row) => row.id === id);
  if (exact !== undefined) return exact;
  const [first] = found;
  if (first === undefined) {
    throw new ControlProblem("not_found", `unknown ${what} ${id}`, `${list} lists them`);
  }
  const given = id.replace(/^[a-z]{3}_/, "");
  if (given.length < shortest) {
    const why = `${id} is too short for a ${what}'s id`;
    throw new ControlProblem(
      "bad_request",
      why,
      `write at least ${shortest} characters of it; ${list} lists them`,
    );
  }
  if (found.length === 1) return first;
  const ids = found.slice(0, shown).map((row) => row.id);
  const more = found.length > shown ? ", …" : "";
  throw new ControlProblem(
    "conflict",
    `${id} may be any of ${ids.join(", ")}${more}`,
    "write more characters of the id",
  );
}
