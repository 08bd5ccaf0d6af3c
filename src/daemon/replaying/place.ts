/**
 * Place: where in a request something is, written as people write JSON paths:
 * `$.input[0].content`, `input[*].content`, `**.timestamp`. `*` is any one key
 * or index, `**` any number of them.
 */
export type Place = readonly (string | number)[];

/** Reads a place; undefined for a text that is none. */
export function parsePlace(text: string): Place | undefined {
  const rest = text.replace(/^\$\.?/, "");
  const step = /(?:^|\.)(\*\*|\*|[A-Za-z_$][\w$-]*)|\[(\*|\d{1,6}|"(?:[^"\\]|\\.)*")\]/y;
  const steps: (string | number)[] = [];
  while (step.lastIndex < rest.length) {
    const [, name, index] = step.exec(rest) ?? [];
    if (name !== undefined) steps.push(name);
    else if (index === undefined) return undefined;
    else if (index === "*") steps.push("*");
    else steps.push(index.startsWith('"') ? (JSON.parse(index) as string) : Number(index));
  }
  return steps.length === 0 ? undefined : steps;
}

/** Is a path, without wildcards, the place? */
export function matchesPlace(place: Place, path: Place): boolean {
  const [first, ...rest] = place;
  if (first === undefined) return path.length === 0;
  if (first === "**") {
    return path.some((_, at) => matchesPlace(rest, path.slice(at))) || matchesPlace(rest, []);
  }
  return (
    path.length > 0 && (first === "*" || first === path[0]) && matchesPlace(rest, path.slice(1))
  );
}

/** A path as people write it. */
export function placeText(path: Place): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[A-Za-z_$][\w$-]*$/.test(step)
      ? `${text}.${step}`
      : `${text}[${JSON.stringify(step)}]`;
  }, "$");
}
