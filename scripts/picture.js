// Draws docs/session.svg, the README's picture, from a real run in a real
// terminal: the demo's agent, the list of sessions, the replay. `--print`
// gives the terminal's text in place of drawing, for the test that holds the
// picture to what the program does.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { importTypeScript } from "./import-typescript.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const hoopx = join(root, "bin/hoopx.js");
const columns = 118;
const home = mkdtempSync(join(tmpdir(), "hoopx-picture-"));
const environment = {
  PATH: process.env.PATH,
  HOME: home,
  LANG: "C.UTF-8",
  HOOPX_HOME: home,
};
/** For one command alone: in the run it would be named as a key that was taken out. */
const withKey = { ...environment, KEY: "sk-picture-0123456789abcdef" };
const { startModelApi } = await importTypeScript(
  new URL("../test/support/model-api.ts", import.meta.url),
);
const api = await startModelApi();
const terminal = new xterm.Terminal({ cols: columns, rows: 60, allowProposedApi: true });

try {
  await run(
    ["connections", "add", "openai", "--base-url", api.baseUrl],
    ["--secret-env", "KEY", "--secret-store", "file"],
    false,
  );
  await run(["run", "--title", "forecast", "--", "node", "agent.mjs"]);
  await run(["sessions"]);
  await run(["replay", "last", "--instant"]);
  if (process.argv.includes("--print")) console.log(lines().map(textOf).join("\n"));
  else writeFileSync(join(root, "docs/session.svg"), draw(lines()));
} finally {
  await run(["daemon", "stop"], [], false);
  await api.close();
  rmSync(home, { recursive: true, force: true });
}

/** Runs hoopx in the terminal, below the line that a person would have typed. */
async function run(args, more = [], shown = true) {
  if (shown) await write(`\x1b[1m$ hoopx ${args.join(" ")}\x1b[0m\r\n`);
  const pty = spawn(process.execPath, [hoopx, ...args, ...more], {
    name: "xterm-256color",
    cols: columns,
    rows: 60,
    cwd: join(root, "demo"),
    env: args[0] === "connections" ? withKey : environment,
  });
  const written = [];
  pty.onData((data) => shown && written.push(write(data)));
  const { exitCode } = await new Promise((resolve) => pty.onExit(resolve));
  await Promise.all(written);
  if (exitCode !== 0) throw new Error(`hoopx ${args[0]} ended with ${exitCode}`);
  if (shown) await write("\r\n");
}

function write(data) {
  return new Promise((resolve) => terminal.write(data, resolve));
}

/** The screen as runs of equally styled text. */
function lines() {
  const buffer = terminal.buffer.active;
  const all = Array.from({ length: buffer.length }, (_, y) => runsOf(buffer.getLine(y)));
  const last = all.findLastIndex((runs) => textOf(runs).trim() !== "");
  return all.slice(0, last + 1);
}

function runsOf(line) {
  const runs = [];
  for (let x = 0; x < line.translateToString(true).length; x += 1) {
    const cell = line.getCell(x);
    if (cell.getWidth() === 0) continue;
    const colour = cell.isFgPalette() && cell.getFgColor() < 16 ? cell.getFgColor() % 8 : undefined;
    const style = [
      cell.isBold() ? "b" : "",
      cell.isDim() || cell.getFgColor() === 8 ? "d" : "",
      colour === undefined || colour === 0 || colour === 7 ? "" : `c${colour}`,
    ]
      .filter((name) => name !== "")
      .join(" ");
    const previous = runs.at(-1);
    const text = cell.getChars() || " ";
    if (previous?.style === style) previous.text += text;
    else runs.push({ x, style, text });
  }
  return runs;
}

function textOf(runs) {
  return runs.map(({ text }) => text).join("");
}

/** Colours of its own for light and dark pages. */
function draw(rows) {
  const cell = { width: 8.4, height: 19 };
  const pad = 16;
  const width = Math.ceil(columns * cell.width + 2 * pad);
  const height = rows.length * cell.height + 2 * pad;
  const escapeXml = (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const texts = rows.flatMap((runs, y) =>
    runs
      .filter(({ text }) => text.trim() !== "")
      .map(({ x, style, text: padded }) => {
        const text = padded.trim();
        const column = x + padded.length - padded.trimStart().length;
        const at = `x="${(pad + column * cell.width).toFixed(1)}" y="${pad + y * cell.height + 14}"`;
        const length = `textLength="${(text.length * cell.width).toFixed(1)}"`;
        return `<text ${at} ${length}${style ? ` class="${style}"` : ""}>${escapeXml(text)}</text>`;
      }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" xml:space="preserve" role="img" aria-label="hoopx run, sessions and replay in a terminal">
<!-- made by scripts/picture.js from a real run -->
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
rect { fill: #f6f8fa; stroke: #d1d9e0 }
.b { font-weight: 700 } .d { fill: #59636e } .c1 { fill: #b42318 } .c2 { fill: #1a7f37 } .c3 { fill: #8a5a00 }
.c4 { fill: #0969da } .c5 { fill: #8250df } .c6 { fill: #0a7078 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } rect { fill: #0d1117; stroke: #3d444d }
.d { fill: #9198a1 } .c1 { fill: #ff7b72 } .c2 { fill: #3fb950 } .c3 { fill: #d29922 }
.c4 { fill: #58a6ff } .c5 { fill: #bc8cff } .c6 { fill: #39c5cf }
}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join("\n")}
</svg>
`;
}
