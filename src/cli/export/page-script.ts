/**
 * Page script: what draws the player in the HTML export and reads its keys. It
 * runs in a browser, not here, so it is text; `createPlayer` stands before it
 * (player-machine.ts). Strangers' words reach the page by `textContent` only.
 */
export const pageScript = String.raw`
const data = JSON.parse(document.getElementById("hoopx-data").textContent);
const $ = (id) => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
/** Text with what was masked in it marked. */
function fill(element, text) {
  const parts = text.split(/(\[masked(?::[\w.-]+)?\](?:#\d+)?)/);
  element.replaceChildren(...parts.map((part, at) => (at % 2 === 1 ? make("mark", "", part) : part)));
}
const titles = { call: "assistant calls ", review: "", stop: "\u2717 ", exchange: "" };
const track = { times: [], turns: [], exchanges: [] };
const turns = [];
let section = $("transcript");

for (const item of data.items) {
  const first = track.times.length;
  for (const [at] of item.pieces) track.times.push(at);
  track.turns.push(first);
  let element;
  let body;
  if (item.kind === "exchange") {
    track.exchanges.push(first);
    section = make("section", "exchange");
    const heading = make("h2", "", item.head);
    heading.id = "exchange-" + track.exchanges.length;
    section.setAttribute("aria-labelledby", heading.id);
    body = make("p", "moment");
    section.append(heading, body);
    $("transcript").append(section);
    element = section;
  } else {
    const role = item.kind === "message" ? item.head : item.kind;
    element = make("article", "turn " + item.kind + (/^[a-z]+$/.test(role) ? " role-" + role : ""));
    element.append(make("h3", "", (titles[item.kind] || "") + item.head));
    body = make(item.kind === "note" ? "p" : "pre");
    element.append(body);
    section.append(element);
  }
  turns.push({ element, body, first, pieces: item.pieces, shown: -1 });
}

const player = createPlayer(track);
const still = matchMedia("(prefers-reduced-motion: reduce)");

function draw(follow) {
  const position = player.position();
  for (const turn of turns) {
    const shown = Math.max(0, Math.min(turn.pieces.length, position - turn.first));
    if (shown === turn.shown) continue;
    turn.shown = shown;
    turn.element.hidden = shown === 0;
    fill(turn.body, turn.pieces.slice(0, shown).map(([, text]) => text).join(""));
    turn.element.classList.toggle("streaming", shown > 0 && shown < turn.pieces.length);
  }
  $("place").value = String(position);
  $("play").textContent = player.playing() ? "Pause" : "Play";
  $("play").setAttribute("aria-pressed", String(player.playing()));
  $("speed").value = String(player.speed());
  const current = turns[player.turn()];
  const label = position === 0 ? "at the beginning" : "turn " + (player.turn() + 1) + " of " + turns.length;
  $("place").setAttribute("aria-valuetext", label);
  if ($("where").textContent !== label) $("where").textContent = label;
  for (const turn of document.querySelectorAll(".current")) turn.classList.remove("current");
  if (follow && current && position > 0) {
    current.element.classList.add("current");
    const target = current.element.classList.contains("exchange") ? current.body : current.element;
    target.scrollIntoView({ block: "nearest", behavior: still.matches || player.playing() ? "auto" : "smooth" });
  }
}

let last;
function frame(now) {
  if (!player.playing()) return draw(true);
  if (player.tick(last === undefined ? 0 : now - last)) draw(true);
  last = now;
  requestAnimationFrame(frame);
}
function toggle() {
  player.toggle();
  last = undefined;
  draw(true);
  if (player.playing()) requestAnimationFrame(frame);
}
function move(change) {
  player.pause();
  change();
  draw(true);
}

let found = -1;
function search(by) {
  const wanted = $("search").value.toLowerCase();
  for (const turn of turns) turn.element.classList.remove("found");
  if (wanted === "") return void ($("matches").textContent = "");
  const hits = turns.flatMap((turn, at) => {
    const heading = turn.element.querySelector("h2, h3").textContent;
    const text = heading + "\n" + turn.pieces.map(([, piece]) => piece).join("");
    return text.toLowerCase().includes(wanted) ? [at] : [];
  });
  if (hits.length === 0) return void ($("matches").textContent = "no match");
  found = by === 0 ? 0 : (found + by + hits.length) % hits.length;
  const turn = turns[hits[found]];
  move(() => player.seek(turn.first + turn.pieces.length));
  turn.element.classList.add("found");
  $("matches").textContent = (found + 1) + " of " + hits.length;
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

const keys = {
  " ": toggle,
  ArrowRight: () => move(() => player.step(1)),
  ArrowLeft: () => move(() => player.step(-1)),
  ArrowUp: () => { player.faster(1); draw(false); },
  ArrowDown: () => { player.faster(-1); draw(false); },
  j: () => move(() => player.jump(1)),
  k: () => move(() => player.jump(-1)),
  Home: () => move(() => player.seek(0)),
  End: () => move(() => player.seek(track.times.length)),
  n: () => search(1),
  N: () => search(-1),
  t: theme,
  "/": () => $("search").focus(),
  "?": () => $("help").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const { tagName } = event.target;
  if (tagName === "INPUT" && event.target.id === "search") {
    if (event.key === "Enter") search(event.shiftKey ? -1 : found === -1 ? 0 : 1);
    else if (event.key === "Escape") event.target.blur();
    else return;
    return event.preventDefault();
  }
  // A control that has the focus keeps the keys it knows.
  if (tagName === "SELECT" || (tagName === "INPUT" && event.key.startsWith("Arrow"))) return;
  if (/^(?:BUTTON|SUMMARY)$/.test(tagName) && event.key === " ") return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
$("play").addEventListener("click", toggle);
$("back").addEventListener("click", keys.ArrowLeft);
$("forward").addEventListener("click", keys.ArrowRight);
$("theme").addEventListener("click", theme);
$("keys").addEventListener("click", keys["?"]);
$("close").addEventListener("click", () => $("help").close());
$("search").addEventListener("input", () => { found = -1; search(0); });
$("speed").addEventListener("change", (event) => {
  const wanted = Number(event.target.value);
  while (player.speed() < wanted) player.faster(1);
  while (player.speed() > wanted) player.faster(-1);
});
$("place").max = String(track.times.length);
$("place").addEventListener("input", (event) => move(() => player.seek(Number(event.target.value))));
addEventListener("beforeprint", () => { player.pause(); player.seek(track.times.length); draw(false); });
draw(false);
document.documentElement.dataset.ready = "true";
`;
