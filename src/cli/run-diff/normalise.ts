/**
 * Normalise: a text without what differs from one run to the next although
 * nothing is different: ids, dates, times since the epoch. The rules are all
 * here; what they find is replaced by what it is.
 */

interface Rule {
  readonly pattern: RegExp;
  readonly stands: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
    stands: "<uuid>",
  },
  // `call_8Fq…`, `chatcmpl-9x…`: a short word, and behind it random characters.
  {
    pattern: /\b[a-z]{2,12}[_-](?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{12,}\b/g,
    stands: "<id>",
  },
  {
    pattern: /\b(?:call|resp|msg|rs|fc|ses|exc|rev|grn|chatcmpl|run|thread)[_-][A-Za-z0-9]{4,}\b/g,
    stands: "<id>",
  },
  {
    pattern: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g,
    stands: "<moment>",
  },
  { pattern: /\b\d{4}-\d\d-\d\d\b/g, stands: "<date>" },
  // Seconds or milliseconds since 1970, from 2017 to 2033.
  { pattern: /\b(?:1[5-9]|20)\d{8}(?:\d{3})?\b/g, stands: "<moment>" },
];

/** The text as it is compared. */
export function normalised(text: string): string {
  return rules.reduce((rest, { pattern, stands }) => rest.replace(pattern, stands), text);
}
