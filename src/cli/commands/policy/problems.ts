/**
 * Problems: what is wrong with a policy file, as editors and people read it:
 * `file:line:column: reason`, and below it what mends it.
 */
import type { PolicyProblemView } from "../../../contract/policy-views.js";
import { escapeLine } from "../../output/escape.js";
import type { TableOptions } from "../../output/table.js";
import { wrapTo } from "../../output/wrap.js";

/** The problems as lines; wrapped on a terminal only, so that a script can take each by its line. */
export function renderProblems(
  problems: readonly PolicyProblemView[],
  { width, colours }: TableOptions,
): string {
  return problems
    .flatMap(({ file, line, column, reason, hint }) => {
      const place = escapeLine(`${file}:${line}:${column}:`);
      const said = hint === null ? [] : [`hint: ${escapeLine(hint)}`];
      if (width === undefined) {
        return [`${place} ${escapeLine(reason)}`, ...said.map((text) => `  ${text}`)];
      }
      const body = [escapeLine(reason), ...said];
      return [
        colours.bold(place),
        ...body.flatMap((text, at) =>
          wrapTo(text, width - 2).map((part) => `  ${at === 0 ? part : colours.cyan(part)}`),
        ),
      ];
    })
    .map((text) => `${text}\n`)
    .join("");
}
