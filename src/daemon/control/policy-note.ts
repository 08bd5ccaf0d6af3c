/**
 * Policy note: what `hoopx run` says of a policy file that is not in force as
 * it stands, and what is in force instead.
 */
import type { LayeredPolicy } from "../policy/layers.js";
import { type FileProblem, problemLine } from "../yaml/checked-yaml.js";

/** One line for a problem of the policy that a session begins under. */
export function policyNote(
  problem: FileProblem,
  layers: readonly Pick<LayeredPolicy["layers"][number], "problems" | "unreadable">[],
): string {
  const note = `policy: ${problemLine(problem)}`;
  // What is left out of a file that can be read says so itself.
  const broken = layers.find(({ problems }) => problems.includes(problem));
  if (broken === undefined) return note;
  return broken.unreadable
    ? `${note}; until it is mended every request is denied`
    : `${note}; until it is mended the file's earlier rules stay in force`;
}
