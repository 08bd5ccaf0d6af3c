/**
 * Page style: how the HTML export looks, by day, by night, on a narrow screen
 * and on paper. Every text has a contrast of 4.5 to 1 or more against what it
 * stands on.
 */
const day = `
  --back: #ffffff; --raised: #f6f8fa; --line: #d0d7de; --text: #1b1f24; --dim: #57606a;
  --user: #0b5cad; --assistant: #1a6b2f; --tool: #8a4b00; --stop: #b3261e; --review: #6639ba;
  --focus: #0969da; --found: #fff3c4;`;
const night = `
  --back: #0d1117; --raised: #161b22; --line: #30363d; --text: #e6edf3; --dim: #9da7b3;
  --user: #79c0ff; --assistant: #7ee787; --tool: #ffa657; --stop: #ff8f87; --review: #d2a8ff;
  --focus: #58a6ff; --found: #3d3200;`;

export const pageStyle = `
:root { color-scheme: light dark; ${day} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${night} } }
:root[data-theme="dark"] { color-scheme: dark; ${night} }
:root[data-theme="light"] { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 0; overflow-wrap: anywhere; scroll-margin-top: 5rem; }
h3 { font-size: .9rem; margin: 0 0 .2rem; font-weight: 600; overflow-wrap: anywhere; }
.moment, footer { color: var(--dim); font-size: .85rem; margin: 0 0 .6rem; }
footer { padding: 2rem 1rem 3rem; }
table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0 1rem; }
th { text-align: left; color: var(--dim); font-weight: 400; vertical-align: top; padding: .1rem 1rem .1rem 0; }
td { overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
.bar { position: sticky; top: 0; z-index: 1; background: var(--raised); border: solid var(--line); border-width: 1px 0; }
.bar > div { max-width: 60rem; margin: 0 auto; padding: .4rem 1rem; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
button, select, input[type="search"] { font: inherit; font-size: .9rem; color: var(--text); background: var(--back); border: 1px solid var(--dim); border-radius: 6px; padding: .2rem .6rem; }
button { cursor: pointer; }
input[type="search"] { flex: 1 1 8rem; min-width: 6rem; }
#place { flex: 1 1 100%; margin: 0; accent-color: var(--focus); }
label { font-size: .9rem; }
#where, #matches { color: var(--dim); font-size: .85rem; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.turn { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .8rem; margin: .9rem 0; scroll-margin: 6rem 0 2rem; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.5 ui-monospace, monospace; }
.turn p { margin: 0; color: var(--dim); font-size: .9rem; overflow-wrap: anywhere; }
.role-user { border-color: var(--user); } .role-user h3 { color: var(--user); }
.role-assistant { border-color: var(--assistant); } .role-assistant h3 { color: var(--assistant); }
.call, .result, .role-tool { border-color: var(--tool); } .call h3, .result h3, .role-tool h3 { color: var(--tool); }
.call pre, .result pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .7rem; }
mark { background: var(--found); color: inherit; border-radius: 3px; outline: 1px solid var(--line); }
.review { border-color: var(--review); } .review h3 { color: var(--review); }
.stop { border-color: var(--stop); } .stop h3 { color: var(--stop); }
.current { border-left-width: 6px; padding-left: calc(.8rem - 3px); }
.exchange.current { border: 0; padding: 0; }
.found { background: var(--found); }
.streaming pre::after { content: "\\2588"; animation: blink 1s steps(1) infinite; }
@keyframes blink { 50% { opacity: 0; } }
[hidden] { display: none; }
dialog { background: var(--back); color: var(--text); border: 1px solid var(--dim); border-radius: 8px; max-width: 26rem; }
dialog::backdrop { background: #0008; }
dt { font-family: ui-monospace, monospace; float: left; clear: left; width: 7rem; }
dd { margin-left: 7.5rem; }
@media (prefers-reduced-motion: reduce) { .streaming pre::after { animation: none; } }
@media print {
  :root, :root:not([data-theme="light"]), :root[data-theme="dark"] { color-scheme: light; ${day} }
  .bar, dialog { display: none; }
  header, main, footer { max-width: none; }
  h2, h3 { break-after: avoid; }
}
`;
