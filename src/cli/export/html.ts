/**
 * HTML: a session as one page that needs nothing else: its conversation, and a
 * player for it. The page may load nothing and run only its own script, which
 * its security policy names by hash; all that was said is in it as data.
 */
import { createHash } from "node:crypto";
import type { SessionView } from "../../contract/views.js";
import { escapeJson, escapeLine } from "../output/escape.js";
import { personName } from "../output/person.js";
import { exchangeCounts } from "../output/status.js";
import { lasting } from "../output/time.js";
import { aboutTokens } from "../output/tokens.js";
import type { Format } from "./format.js";
import { pageItems } from "./page-items.js";
import { pageScript } from "./page-script.js";
import { pageStyle } from "./page-style.js";
import { createPlayer } from "./player-machine.js";

export const html: Format = async function* (source) {
  const { session, version } = source;
  const script = `"use strict";\nconst createPlayer = ${createPlayer.toString()};\n${pageScript}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(pageStyle)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const title = text(session.title ?? session.id);
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title} · hoopx</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<table><tbody>
${factsOf(session)}</tbody></table>
</header>
${bar}
<main id="transcript" aria-label="Transcript"></main>
<noscript><p>The transcript is drawn by this page's own script, which is switched off.</p></noscript>
<footer>Exported by hoopx ${text(version)}</footer>
${help}
<script type="application/json" id="hoopx-data">{"items":[`;
  let first = true;
  for await (const item of pageItems(source)) {
    yield `${first ? "" : ","}\n${inScript(item)}`;
    first = false;
  }
  yield `\n]}</script>\n<script>${script}</script>\n</body>\n</html>\n`;
};

const bar = `<div class="bar" role="toolbar" aria-label="Player"><div>
<button id="back" type="button" aria-label="Turn before">←</button>
<button id="play" type="button" aria-pressed="false">Play</button>
<button id="forward" type="button" aria-label="Turn after">→</button>
<label>Speed <select id="speed">
<option value="0.5">½×</option><option value="1" selected>1×</option><option value="2">2×</option>
<option value="4">4×</option><option value="8">8×</option><option value="16">16×</option>
</select></label>
<input id="search" type="search" placeholder="Search  /" aria-label="Search the transcript">
<span id="matches" role="status"></span>
<button id="theme" type="button">Theme</button>
<button id="keys" type="button" aria-haspopup="dialog">Keys ?</button>
<span id="where"></span>
<input id="place" type="range" min="0" value="0" aria-label="Place in the replay">
</div></div>`;

const keys: readonly (readonly [string, string])[] = [
  ["space", "play, pause"],
  ["← →", "turn before, after"],
  ["↑ ↓", "faster, slower"],
  ["j k", "next exchange, the one before"],
  ["Home End", "beginning, all of it"],
  ["/", "search; n and N for the next and the one before"],
  ["t", "light or dark"],
  ["?", "these keys; Esc closes them"],
];

const help = `<dialog id="help" aria-labelledby="help-title">
<h2 id="help-title">Keys</h2>
<dl>
${keys.map(([key, what]) => `<dt>${key}</dt><dd>${what}</dd>`).join("\n")}
</dl>
<button id="close" type="button">Close</button>
</dialog>`;

function factsOf(session: SessionView): string {
  const { identity, process, counts, tokens, startedAt, endedAt } = session;
  const lasted =
    endedAt === null ? "" : `, ${lasting(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const code = session.exitCode === null ? "" : `, exit code ${session.exitCode}`;
  const rows: readonly (readonly [string, string])[] = [
    ["session", session.id],
    ["status", session.status + code],
    ["identity", `${personName(identity)} (${identity.issuer})`],
    ["command", process.command],
    ["host", `${process.user}@${process.host}`],
    ["started", startedAt + lasted],
    ["exchanges", exchangeCounts(counts)],
    [
      "tokens",
      `${aboutTokens(tokens.input, tokens.estimated)} in, ${aboutTokens(tokens.output, tokens.estimated)} out`,
    ],
  ];
  return rows
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${text(value)}</td></tr>\n`)
    .join("");
}

/** Text in HTML. */
function text(value: string): string {
  return escapeLine(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end the script element it stands in, nor begin a comment there. */
function inScript(value: unknown): string {
  return escapeJson(JSON.stringify(value)).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
