/** Who may import whom (ARCHITECTURE.md, "The rooms"), each ban with its reason. */
import { expect, test } from "vitest";
import { importsOf, type SourceFile, sourcesBelow } from "../support/sources.js";

const files = sourcesBelow("src");

interface Room {
  readonly folder: string;
  /** Rooms whose code it may run. */
  readonly values: readonly string[];
  /** Rooms it may know by `import type` besides. */
  readonly types?: readonly string[];
  /** Why no other. */
  readonly reason: string;
}

const everyRoomOfTheDaemon = ["src/daemon/"];

/** What is inside another comes first: a file is in the first that it matches. */
const rooms: readonly Room[] = [
  {
    folder: "src/daemon/main.ts",
    values: ["src/"],
    reason: "it starts the daemon and says why there is none",
  },
  {
    folder: "src/daemon/compose/",
    values: ["src/"],
    reason: "it puts the rooms together; only main.ts imports it",
  },
  {
    folder: "src/daemon/lifecycle/",
    values: [
      "src/contract/",
      "src/daemon/model/",
      "src/daemon/yaml/",
      "src/daemon/processes/",
      "src/daemon/secrets/private-folder.ts",
      "src/daemon/store/exclusive-lock.ts",
    ],
    types: ["src/daemon/control/"],
    reason: "how the process lives and dies depends on no request, session or policy",
  },
  {
    folder: "src/daemon/record/",
    values: ["src/daemon/model/", "src/daemon/store/", "src/daemon/secrets/"],
    types: ["src/daemon/providers/"],
    reason: "the record as a whole: its store, its key and what a search finds in it",
  },
  {
    folder: "src/daemon/control/problem-mapping.ts",
    values: ["src/contract/", "src/daemon/"],
    reason: "it knows the errors of all rooms by their classes",
  },
  {
    folder: "src/contract/",
    values: [],
    reason: "both programs load it: whatever it pulls in, both carry",
  },
  {
    folder: "src/cli/",
    values: ["src/contract/"],
    reason: "the command line never sees a stored secret: it talks to the socket only",
  },
  {
    folder: "src/daemon/model/",
    values: ["src/contract/outcome.ts"],
    reason: "nouns know nothing of what is done with them; the words for outcomes are one list",
  },
  {
    folder: "src/daemon/yaml/",
    values: ["src/daemon/model/"],
    reason: "how a file or a request is checked depends on nothing that any of them says",
  },
  {
    folder: "src/daemon/expressions/",
    values: [],
    reason: "how an expression is read depends on nothing that it looks for",
  },
  {
    folder: "src/daemon/policy/",
    values: ["src/daemon/model/", "src/daemon/yaml/", "src/daemon/expressions/"],
    reason: "rules are pure: they know the nouns, and how to say what is wrong with a file",
  },
  {
    folder: "src/daemon/spending/",
    values: ["src/daemon/model/", "src/daemon/yaml/"],
    reason: "what was used is counted, whoever asks and whatever rule it meets",
  },
  {
    folder: "src/daemon/formats/",
    values: ["src/daemon/model/"],
    reason: "how bytes become structure depends on no vendor and on no policy",
  },
  {
    folder: "src/daemon/masking/text/",
    values: ["src/daemon/model/", "src/daemon/formats/", "src/daemon/masking/"],
    reason: "how a text is masked however it is cut depends on no provider and on no station",
  },
  {
    folder: "src/daemon/masking/",
    values: ["src/daemon/model/", "src/daemon/expressions/"],
    reason: "what is hidden depends on the text and the terms, whoever asks",
  },
  ...["store", "secrets", "upstream"].map((name) => ({
    folder: `src/daemon/${name}/`,
    values: ["src/daemon/model/", "src/contract/outcome.ts"],
    reason: "it is replaceable and testable alone because it knows the nouns only",
  })),
  {
    folder: "src/daemon/providers/",
    values: ["src/daemon/model/", "src/daemon/formats/", "src/contract/"],
    reason: "an adapter is a pure function of bytes",
  },
  {
    folder: "src/daemon/credentials/",
    values: ["src/daemon/model/", "src/daemon/secrets/"],
    types: ["src/daemon/upstream/"],
    reason: "a credential source reads secrets and calls what it was given; it dials nobody itself",
  },
  {
    folder: "src/daemon/oauth/",
    values: ["src/daemon/model/", "src/daemon/secrets/", "src/daemon/yaml/"],
    reason: "who is logged in depends on no connection, session or request; both use it",
  },
  {
    folder: "src/daemon/connections/",
    values: [
      "src/contract/",
      "src/daemon/model/",
      "src/daemon/secrets/",
      "src/daemon/upstream/",
      "src/daemon/providers/",
      "src/daemon/yaml/",
    ],
    reason: "the registry is no part of the path or the control API; both use it",
  },
  {
    folder: "src/daemon/processes/",
    values: ["src/contract/", "src/daemon/model/"],
    reason: "whose a socket is has nothing to do with what is asked on it",
  },
  {
    folder: "src/daemon/sessions/",
    values: ["src/daemon/model/", "src/daemon/processes/"],
    types: ["src/daemon/store/"],
    reason: "a session outlives requests and control calls, so it knows neither",
  },
  {
    folder: "src/daemon/path/",
    values: [
      "src/daemon/model/",
      "src/daemon/formats/",
      "src/daemon/masking/text/",
      "src/contract/outcome.ts",
    ],
    types: everyRoomOfTheDaemon,
    reason: "stations get what has state or reaches out passed in; what is pure they import",
  },
  {
    folder: "src/daemon/reviews/",
    values: ["src/daemon/model/"],
    types: ["src/daemon/store/", "src/daemon/masking/", "src/daemon/policy/"],
    reason: "the desk outlives requests: it knows neither the path nor the control API",
  },
  {
    folder: "src/daemon/replaying/",
    values: ["src/daemon/model/"],
    types: ["src/daemon/store/", "src/daemon/upstream/"],
    reason: "what the record answers is decided by bytes: no station, no policy, no network",
  },
  {
    folder: "src/daemon/doors/",
    values: ["src/daemon/model/"],
    types: ["src/daemon/providers/", "src/daemon/processes/"],
    reason: "a door carries bytes to the path and knows nothing of what they mean",
  },
  {
    folder: "src/daemon/control/",
    values: ["src/contract/", "src/daemon/model/", "src/daemon/yaml/"],
    types: everyRoomOfTheDaemon,
    reason: "the control API shows what others know; it runs none of the path's code",
  },
];

const roomOf = (path: string) => rooms.find((room) => path.startsWith(room.folder));

test("every file has a room", () => {
  const homeless = files.filter(({ path }) => roomOf(path) === undefined).map(({ path }) => path);
  expect(homeless).toEqual([]);
});

test.each(rooms)("$folder imports only $values: $reason", (room) => {
  const strays = files
    .filter(({ path }) => roomOf(path) === room)
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ ours, target, typeOnly }) => {
          const allowed = [room.folder, ...room.values, ...(typeOnly ? (room.types ?? []) : [])];
          return ours && !allowed.some((folder) => target.startsWith(folder));
        })
        .map(({ target, typeOnly }) => `${path} -> ${target}${typeOnly ? " (type)" : ""}`),
    );
  expect(strays, room.reason).toEqual([]);
});

test("only main.ts imports what puts the rooms together, and nothing imports main.ts", () => {
  const compose = "src/daemon/compose/";
  const outside = files.filter(({ path }) => !path.startsWith(compose));
  expect(importers(outside, (target) => target.startsWith(compose))).toEqual([
    "src/daemon/main.ts -> src/daemon/compose/daemon.ts",
  ]);
  expect(importers(files, (target) => target === "src/daemon/main.ts")).toEqual([]);
});

test("commands never import each other: each reads alone, and one can be removed alone", () => {
  const strays = importers(
    files.filter(({ path }) => isCommand(path)),
    isCommand,
  );
  expect(strays).toEqual([]);

  function isCommand(path: string) {
    return /^src\/cli\/commands\/(?!index\.ts|command\.ts)[\w-]+\.ts$/.test(path);
  }
});

test("stations never import stations: their order is path.ts's alone", () => {
  const station =
    /^src\/daemon\/path\/(request\/(accept|authenticate|seat|classify|route|decide|approve|inject|forward)|reply\/(decode|gate|mask|record|deliver)|refuse)\.ts$/;
  const strays = importers(
    files.filter(({ path }) => path !== "src/daemon/path/path.ts"),
    (target) => station.test(target),
  );
  expect(strays).toEqual([]);
});

interface Keeper {
  readonly library: RegExp;
  readonly at: RegExp;
  readonly reason: string;
}

const keepers: readonly Keeper[] = [
  { library: /^undici/, at: /^src\/daemon\/upstream\//, reason: "one place dials upstreams" },
  { library: /^better-sqlite3$/, at: /^src\/daemon\/store\//, reason: "one place knows SQL" },
  {
    library: /^@napi-rs\/keyring/,
    at: /^src\/daemon\/secrets\//,
    reason: "one place opens the keychain",
  },
  {
    library: /^(openid-client|jose|oauth4webapi)$/,
    at: /^src\/daemon\/oauth\//,
    reason: "one place speaks OAuth and believes tokens",
  },
  {
    library: /^(ink|react)$/,
    at: /^src\/cli\/tui\/drawing\.ts$/,
    reason: "it takes 100 ms to load: only what draws by it does (decision 12)",
  },
  { library: /^commander$/, at: /^src\/cli\//, reason: "the daemon has no command line" },
  {
    library: /^node:(http|https|http2|net|tls|dgram)$/,
    at: /^src\/(daemon\/(upstream|doors|control)\/|daemon\/lifecycle\/daemon-lock\.ts$|cli\/)/,
    reason:
      "in the daemon only doors, upstream and control touch the network, and a start that asks whether a daemon answers",
  },
  {
    library: /^node:child_process$/,
    at: /^src\/(cli\/|daemon\/(credentials\/command|store\/verify-apart)\.ts$)/,
    reason:
      "the daemon, which holds the keys, starts no programs but the one a connection names (decision 7), and its own reader of files that may come from anyone",
  },
  {
    library: /^aws4fetch$/,
    at: /^src\/daemon\/credentials\/sigv4\.ts$/,
    reason: "one place signs",
  },
];

test.each(keepers)("$library is loaded at $at only: $reason", ({ library, at, reason }) => {
  const strays = files
    .filter(({ path }) => !at.test(path))
    .filter(({ imports }) =>
      imports.some(({ target, typeOnly }) => library.test(target) && !typeOnly),
    )
    .map(({ path }) => path);
  expect(strays, reason).toEqual([]);
});

test("tests load SQLite as the daemon does: which package fits depends on the Node", () => {
  const strays = importers(sourcesBelow("test"), (target) => /^better-sqlite3/.test(target));
  expect(strays).toEqual([]);
});

test("the scanner tells types from values, and finds what spans lines and what is awaited", () => {
  const text = [
    'import type { A } from "./a.js";',
    'import {\n  b,\n  type C,\n} from "../b.js";',
    'export { d } from "node:net";',
    'const e = await import("./e.js");',
    '// import { f } from "./f.js";',
    'import "./g.js";',
  ].join("\n");
  expect(importsOf("src/x/y.ts", text)).toEqual([
    { target: "src/x/a.ts", ours: true, typeOnly: true, late: false },
    { target: "src/b.ts", ours: true, typeOnly: false, late: false },
    { target: "node:net", ours: false, typeOnly: false, late: false },
    { target: "src/x/g.ts", ours: true, typeOnly: false, late: false },
    { target: "src/x/e.ts", ours: true, typeOnly: false, late: true },
  ]);
});

function importers(among: readonly SourceFile[], matches: (target: string) => boolean) {
  return among.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => target !== path && matches(target))
      .map(({ target }) => `${path} -> ${target}`),
  );
}

test("no file imports itself by way of others as it is loaded", () => {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(({ ours, typeOnly }) => ours && !typeOnly).map(({ target }) => target),
    ]),
  );
  expect(circlesIn(graph)).toEqual([]);
  const small = { a: ["b", "c"], b: ["d"], c: [], d: ["a"] };
  expect(circlesIn(new Map(Object.entries(small)))).toEqual(["a -> b -> d -> a"]);
});

/** One line for each way back to a file that is being visited. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  for (const path of graph.keys()) visit(path, []);
  return circles;

  function visit(path: string, above: readonly string[]): void {
    const begin = above.indexOf(path);
    if (begin >= 0) circles.push([...above.slice(begin), path].join(" -> "));
    if (begin >= 0 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...above, path]);
    done.add(path);
  }
}
