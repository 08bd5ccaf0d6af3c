/**
 * Anywhere: values beyond what `by-shape` says. Tokens whose beginning is so much their own that nothing needs to
 * part them from what stands before: not in `%3Dghp_…`, not in `\nghp_…`.
 */
import { ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";

/** A token that begins with one of these, in the case they are written in, and goes on so. */
export function anywhere(
  row: Pick<Rule, "detector" | "about"> & Partial<Rule>,
  beginnings: readonly string[],
  rest: string,
): Rule {
  const escaped = beginnings.map((text) => text.replace(/[.$|]/g, "\\$&"));
  return {
    keywords: beginnings,
    exact: true,
    pattern: `(?:${escaped.join("|")})${rest}${ends}`,
    ...row,
  };
}

/** A value in a table's column beside what it is of its issuer: `acme app key    k3u9…`. */
export function column(names: string, value: string): string {
  return (
    `(?:${names})[ ._-]?\\w?(?:app|application|client|consumer|customer|oauth)\\w{0,8}` +
    `[ \\t]{1,24}(?:(?:id|key|secret|token|\\w{1,2})[ \\t]{1,24}){0,2}(?<secret>${value})${ends}`
  );
}

/** Not filled up with a character that only stands for others: `ghp_xxxxxxxxxxxx`. */
export function written(secret: string): boolean {
  return (
    !/[xX*.0]{8}|x{4,}-x{4,}|EXAMPLE$|EXAMPLEEXAMPLE/.test(secret) && !/(.)\1{30}/.test(secret)
  );
}
