/**
 * Entropy: whether a value beside a secret's name is a secret at all. Manuals,
 * templates and code are full of values that only stand for one — words,
 * placeholders, variables, calls — and hiding those would make a conversation
 * unreadable. Linear in the text, always.
 */

/** Shannon's entropy in bits a character: 0 for a text of one character, about 4 for random hex. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let length = 0;
  for (const count of counts.values()) length += count;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}

/** True for a value that stands for a secret: `xxxx`, `<your-key>`, `${TOKEN}`, `changeme`, `get_token()`. */
export function isPlaceholder(text: string): boolean {
  const value = text.trim().replace(/^["'`]{1,3}|["'`]{1,3}$/g, "");
  if (value === "") return true;
  return (
    isReference(value) ||
    namesItself(value) ||
    isFiller(value) ||
    isSequence(value) ||
    isWords(value)
  );
}

/** What code and templates put in a value's place: a variable, a call, a hole to fill in. */
function isReference(value: string): boolean {
  return (
    /^(?:<[^<>]{1,80}>|\[[^[\]]{1,80}\]|\{[^{}]{1,80}\}|%[\w.-]{1,80}%|@@?[\w.-]{1,80}@@?)$/.test(
      value,
    ) ||
    /\$\{[\w.:/ '"|-]{1,80}\}|\{\{[^{}]{0,80}\}\}|\$\([^()]{1,80}\)|<%|%>|#\{[\w.@]{1,80}\}|%\(\w{1,40}\)s/.test(
      value,
    ) ||
    /^(?:\$[A-Za-z_]\w{0,80}|%[sdv]|\$?\{.{0,80})$/.test(value) ||
    /^(?:process\.env|os\.(?:environ|getenv)|import\.meta|env|ENV|secrets|vars?|config|settings|self|this|params|args|options|req|request|System\.getenv)[.[(]/.test(
      value,
    ) ||
    /^[A-Za-z_][\w.:>-]{0,80}\([\w.,'"` ]{0,200}\)?;?$/.test(value) ||
    /^[A-Za-z_]\w{0,40}(?:\.[A-Za-z_]\w{0,40}){0,6}\[/.test(value) ||
    /^(?:true|false|null|nil|none|undefined|void|any|string|number|boolean|bytes?|str|int)$/i.test(
      value,
    )
  );
}

const fillers =
  /example|sample|placeholder|change[-_ ]?me|change[-_ ]?this|replace[-_ ]?(?:me|this|with)|insert[-_ ]|(?:^|[^a-z])(?:your|my)[-_ ]?[a-z]|your[-_]|redacted|\[?masked|hidden|removed|todo|fixme|dummy|(?:^|[^a-z])(?:fake|mock|foo|bar|test(?:ing)?|demo|secret|password|passwd|token|key)s?(?:[^a-z]|$).{0,4}$|not[-_ ]?a[-_ ]?real|lorem|ipsum|goes[-_ ]here|[-_ ]here$/i;

/** Says of itself that it is none: `your_api_key`, `changeme`, `EXAMPLEKEY`. */
function namesItself(value: string): boolean {
  return value.length <= 200 && fillers.test(value);
}

/** Mostly one character, or one that hides: `xxxx`, `****`, `....`, `0000`. */
function isFiller(value: string): boolean {
  if (/[x*.•X#_-]{5}|\.{3}|…|[*•]{3}/.test(value.slice(0, 2000))) return true;
  const distinct = new Set(value).size;
  return distinct <= Math.max(2, Math.min(4, Math.floor(value.length / 8)));
}

/** Characters that count up or down, or the same few again and again: `1234567890`, `abcabcabc`. */
function isSequence(value: string): boolean {
  if (value.length < 4) return false;
  let steps = 0;
  for (let at = 1; at < value.length; at += 1) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    // `90` and `9a` go on counting: digits, then hex.
    const wraps = value[at - 1] === "9" && /[0aA]/.test(value[at] as string);
    if (step === 1 || step === -1 || wraps) steps += 1;
  }
  if (steps >= (value.length - 1) * 0.7) return true;
  for (let period = 1; period <= Math.min(16, value.length / 3); period += 1) {
    if (value.slice(period) === value.slice(0, -period)) return true;
  }
  return false;
}

/** Nothing but words, as names and prose are: `access_token`, `userPasswordField`, `my-cluster`. */
function isWords(value: string): boolean {
  if (value.length > 200 || !/^[A-Za-z][A-Za-z _./:-]*$/.test(value)) return false;
  const words = value
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== "");
  return words.every(isWord);
}

/** As pronounceable as a word is: vowels in the right number, no letter between in the wrong case. */
function isWord(word: string): boolean {
  if (!/^(?:[A-Z]?[a-z]*|[A-Z]+)$/.test(word)) return false;
  if (word.length <= 3) return true;
  if (word.length > 16) return false;
  const lower = word.toLowerCase();
  const vowels = lower.replace(/[^aeiouy]/g, "").length / word.length;
  return (
    vowels >= 0.2 &&
    vowels <= 0.7 &&
    !/[^aeiouy]{5}|[jqz][^aeiouyz]|x[^aeiouyptchls]|[^aeiouycns]q/.test(lower)
  );
}
