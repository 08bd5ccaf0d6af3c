/**
 * Colour: whether an output gets any, and the few that hoopx uses. `--no-color`
 * wins, then FORCE_COLOR, then NO_COLOR (as Node and gh have it), then whether
 * a terminal listens. Only the 16 colours that follow the person's own theme.
 */
import { Chalk, type ChalkInstance } from "chalk";

export interface ColourOptions {
  /** False after `--no-color`. */
  readonly wanted: boolean;
  readonly isTTY: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** May this output carry colour? */
export function hasColour({ wanted, isTTY, environment }: ColourOptions): boolean {
  if (!wanted) return false;
  const force = environment.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  if ((environment.NO_COLOR ?? "") !== "") return false;
  return isTTY && environment.TERM !== "dumb";
}

/** The colours for an output; each is plain text where colour is off. */
export function colours(on: boolean): ChalkInstance {
  return new Chalk({ level: on ? 1 : 0 });
}
