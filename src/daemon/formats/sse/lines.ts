/**
 * SSE lines: the lines of one event, so that some of them can be written again
 * and the others stay as they came. The data, which may stand on several
 * lines, is one text.
 */
export interface SseLines {
  /** The event's data; undefined where it has none. */
  readonly data: string | undefined;
  /** Comments, names, ids and lines that mean nothing: what they say, in their order. */
  readonly others: readonly string[];
  /** The event with other data, and other lines in place of the others. */
  write(data: string, others: readonly string[]): Buffer;
}

interface Line {
  /** The field's name, colon and space; all up to the text that it says. */
  readonly before: string;
  readonly said: string;
  readonly ending: string;
  readonly isData: boolean;
}

/** Cuts the bytes of one event, or of one that the stream left unfinished, into its lines. */
export function sseLines(bytes: Uint8Array): SseLines {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const lines: Line[] = [];
  let data: string | undefined;
  const others: string[] = [];
  let from = 0;
  while (from < text.length) {
    lineEnd.lastIndex = from;
    const found = lineEnd.exec(text);
    const end = found === null ? text.length : found.index;
    const ending = found === null ? "" : found[0];
    const line = cut(text.slice(from, end), ending);
    from = end + ending.length;
    lines.push(line);
    if (line.isData) data = data === undefined ? line.said : `${data}\n${line.said}`;
    else if (line.said !== "") others.push(line.said);
  }

  return {
    data,
    others,
    write(newData, newOthers) {
      const said = newData.split("\n");
      const dataLines = lines.filter(({ isData }) => isData).length;
      let dataAt = 0;
      let otherAt = 0;
      let made = "";
      for (const { before, said: old, ending, isData } of lines) {
        if (!isData) {
          if (old !== "") otherAt += 1;
          made += before + (old === "" ? old : oneLine(newOthers[otherAt - 1] ?? "")) + ending;
          continue;
        }
        dataAt += 1;
        // The last line takes what is left; a text that lost line ends leaves lines out.
        const here = dataAt === dataLines ? said.splice(0) : said.splice(0, 1);
        for (const part of here) made += before + part + ending;
      }
      return Buffer.from(made);
    },
  };
}

const lineEnd = /\r\n|\n|\r/g;
const oneLine = (text: string) => text.replace(/[\r\n]+/g, " ");

function cut(line: string, ending: string): Line {
  const isData = /^\ufeff?data(?::|$)/.test(line);
  const colon = line.indexOf(":");
  const known = /^\ufeff?(?:data|event|id|retry)?(?=:)/.test(line);
  if (!known && !isData) return { before: "", said: line, ending, isData: false };
  const end = colon === -1 ? line.length : line[colon + 1] === " " ? colon + 2 : colon + 1;
  return { before: line.slice(0, end), said: line.slice(end), ending, isData };
}
