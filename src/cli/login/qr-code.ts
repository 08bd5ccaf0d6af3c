/**
 * QR code: a link as a picture for a telephone's camera, two modules a
 * character. Drawn only where the terminal is wide enough and can show the
 * blocks; with colour it is black on white whatever the person's theme.
 */
export interface QrCodeOptions {
  /** Cells of the terminal. */
  readonly columns: number;
  readonly colour: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Quiet zone around the code, in modules: cameras need some. */
const border = 2;
const indent = "  ";

/** The lines of the picture; undefined where it cannot be shown. */
export async function qrCode(
  text: string,
  { columns, colour, environment }: QrCodeOptions,
): Promise<readonly string[] | undefined> {
  if (!showsBlocks(environment)) return undefined;
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { ecc: "L", border });
  if (size + indent.length > columns) return undefined;
  const dark = (row: number, column: number) => data[row]?.[column] === true;
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = "";
    for (let column = 0; column < size; column += 1) {
      const upper = dark(row, column);
      const lower = dark(row + 1, column);
      // Without colour the foreground is taken to be the light one, as on most terminals.
      line += colour ? block(upper, lower) : block(!upper, !lower && row + 1 < size);
    }
    lines.push(indent + (colour ? `\u001b[30;107m${line}\u001b[0m` : line));
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}

function showsBlocks({ LC_ALL, LC_CTYPE, LANG, TERM, OS }: QrCodeOptions["environment"]): boolean {
  if (TERM === "dumb" || TERM === "linux") return false;
  return OS === "Windows_NT" || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
