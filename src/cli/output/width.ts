/**
 * Width: how many terminal cells a text takes, so that tables line up when a
 * title is Japanese or ends in an emoji. An estimate as terminals make it,
 * not Unicode's last word.
 */
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** East Asian wide and fullwidth blocks (Unicode TR 11), and what is drawn as an emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;
const plain = /^[\x20-\x7e]*$/;

/** Terminal cells that `text` takes; it must be escaped and without colour. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** `text` cut to `width` cells, the last an ellipsis where something was cut. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = wide.test(segment) ? 2 : 1;
    if (used + next > width - 1) break;
    cut += segment;
    used += next;
  }
  return `${cut.trimEnd()}…`;
}
