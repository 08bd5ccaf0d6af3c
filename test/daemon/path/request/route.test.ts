/** A re-run on the path: the record answers, and everything else is as for any request. */
import { afterEach, expect, test } from "vitest";
import type { Session } from "../../../../src/daemon/model/session.js";
import {
  loadRerun,
  type Rerun,
  type RerunOptions,
} from "../../../../src/daemon/replaying/rerun.js";
import type { ExchangeRecord } from "../../../../src/daemon/store/store.js";
import { authorized, type DataPathOptions, startDataPath } from "../../../support/data-path.js";
import { responseStream, wholeReply } from "../reply/recorded-replies.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((path) => path.close()));
});

async function start(
  options: Omit<DataPathOptions, "upstream">,
  upstream: DataPathOptions["upstream"],
) {
  const path = await startDataPath({ upstream, ...options });
  open.push(path);
  return path;
}

const ask = (path: DataPath, body: object, to = "/v1/responses", signal?: AbortSignal) =>
  fetch(`${path.base}${to}`, {
    ...(signal && { signal }),
    method: "POST",
    headers: { ...authorized, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
/** Reads a reply as far as it comes. */
async function read(asked: Promise<Response>, { begun = () => {} } = {}) {
  const { status, body } = await asked;
  let text = "";
  try {
    for await (const bytes of body ?? []) {
      text += Buffer.from(bytes).toString();
      begun();
    }
  } catch {
    return { status, text, whole: false };
  }
  return { status, text, whole: true };
}
const prompt = (content: string, more: object = {}) => ({
  model: "gpt-mock",
  input: content,
  ...more,
});

/** What a path recorded, as the store would read it. */
function recordOf(path: DataPath) {
  const { exchanges } = path.transcripts;
  return {
    ofSession: async () =>
      exchanges.map(
        ({ opening, ending }): ExchangeRecord => ({
          ...opening,
          review: null,
          ending: ending ?? null,
        }),
      ),
    frames: async (key: bigint) =>
      exchanges.find(({ opening }) => opening.key === key)?.frames ?? [],
  };
}

async function rerunOf(path: DataPath, options: Partial<RerunOptions> = {}): Promise<Rerun> {
  const of = { id: "ses_recorded" } as Session;
  return loadRerun(
    {
      of,
      from: undefined,
      onMiss: "fail",
      pace: "none",
      ignore: [],
      exact: new Set(),
      mask: (text) => text,
      ...options,
    },
    recordOf(path),
  );
}

/** Records two requests, one of them streamed, and one that the policy denied. */
async function recording() {
  const path = await start({}, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      if (body.stream === true) responseStream(response, "it is sunny");
      else wholeReply(response, `heard ${body.input}`);
    });
  });
  const whole = await (await ask(path, prompt("one"))).text();
  const streamed = await (await ask(path, prompt("two", { stream: true }))).text();
  return { path, whole, streamed };
}

const nobody: DataPathOptions["upstream"] = (_request, response) => response.destroy();
const noKey = {
  obtain: async () => {
    throw new Error("nobody may ask for a credential");
  },
};

test("the record answers, without an upstream and without a credential, byte for byte", async () => {
  const { path, whole, streamed } = await recording();
  const rerun = await rerunOf(path);
  const again = await start({ reruns: { of: () => rerun }, source: noKey }, nobody);
  const one = await ask(again, prompt("one", { metadata: { run: "2" } }));
  expect(one.status).toBe(200);
  expect(one.headers.get("content-type")).toBe("application/json");
  expect(one.headers.get("x-hoopx-exchange-id")).toMatch(/^exc_/);
  expect(await one.text()).toBe(whole);
  const two = await ask(again, prompt("two", { stream: true }));
  expect(two.headers.get("content-type")).toBe("text/event-stream");
  expect(await two.text()).toBe(streamed);
  expect(again.received()).toBe(0);
  expect(again.faults).toEqual([]);
  // It is on record as any request is.
  const [first] = again.transcripts.exchanges;
  expect(first?.opening.decision).toMatchObject({ effect: "allow" });
  expect(first?.ending).toMatchObject({ status: 200, error: null });
  expect(rerun.expected.map(({ asked, answered }) => [asked, answered])).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

test("a request that was refused before a rule was asked is not expected again", async () => {
  const { path } = await recording();
  const headers = { ...authorized, "content-type": "application/json" };
  const sent = { method: "POST", headers, body: "{" };
  expect((await fetch(`${path.base}/v1/responses`, sent)).status).toBe(400);
  expect(path.transcripts.exchanges).toHaveLength(3);
  const rerun = await rerunOf(path);
  expect(rerun.expected.map(({ record }) => record.seq)).toEqual([1, 2]);
});

test("what nobody recorded fails, not to be retried, with what differs from the nearest", async () => {
  const { path } = await recording();
  const rerun = await rerunOf(path);
  const again = await start({ reruns: { of: () => rerun }, source: noKey }, nobody);
  const missed = await ask(again, prompt("One\u202e!"));
  expect(missed.status).toBe(400);
  expect(missed.headers.get("x-should-retry")).toBe("false");
  const { error } = (await missed.json()) as { error: { message: string; code: string } };
  expect(error.code).toBe("replay_missed");
  expect(error.message).toContain('$.input changed from "one" to "One\\u{202e}!"');
  expect(error.message).toContain("nearest is exchange 1 (exc_");
  expect(rerun.misses).toMatchObject([
    {
      seq: 1,
      action: "responses.create",
      answeredBy: "nobody",
      differences: [{ place: "$.input" }],
    },
  ]);
  const other = await ask(again, { model: "m", input: "x" }, "/v1/embeddings");
  expect(((await other.json()) as { error: { message: string } }).error.message).toContain(
    "nor to any like it",
  );
  expect(again.received()).toBe(0);
  expect(again.transcripts.exchanges[0]?.ending).toMatchObject({
    status: 400,
    error: "replay_missed",
  });
});

test("what would be masked in the record is masked in what differs, and matches all the same", async () => {
  const { path } = await recording();
  const mask = (text: string) => text.replaceAll("hunter2", "[masked:password]#7");
  const rerun = await rerunOf(path, { mask });
  const again = await start({ reruns: { of: () => rerun }, source: noKey }, nobody);
  const text = await (await ask(again, prompt("my hunter2"))).text();
  expect(text).not.toContain("hunter2");
  expect(text).toContain("my [masked:password]#7");
  expect(JSON.stringify(rerun.misses.map(({ differences }) => differences))).not.toContain(
    "hunter2",
  );
});

test("on a miss: the nearest answers, or the upstream with its credential", async () => {
  const { path, whole } = await recording();
  const nearest = await rerunOf(path, { onMiss: "nearest" });
  const near = await start({ reruns: { of: () => nearest }, source: noKey }, nobody);
  expect(await (await ask(near, prompt("once"))).text()).toBe(whole);
  expect(nearest.misses).toMatchObject([{ answeredBy: "nearest" }]);

  const live = await rerunOf(path, { onMiss: "live" });
  const out = await start({ reruns: { of: () => live } }, (request, response) => {
    expect(request.headers.authorization).toMatch(/^Bearer sk-/);
    wholeReply(response, "live");
  });
  expect(await (await ask(out, prompt("once"))).text()).toContain("live");
  expect(await (await ask(out, prompt("one"))).text()).toBe(whole);
  expect(out.received()).toBe(1);
  expect(live.misses).toMatchObject([{ answeredBy: "upstream" }]);
});

test("from an exchange on: live, even what was recorded", async () => {
  const { path, whole } = await recording();
  const rerun = await rerunOf(path, { from: 2 });
  const again = await start({ reruns: { of: () => rerun } }, (_request, response) =>
    wholeReply(response, "live"),
  );
  expect(await (await ask(again, prompt("one"))).text()).toBe(whole);
  expect(await (await ask(again, prompt("two", { stream: true }))).text()).toContain("live");
  expect(await (await ask(again, prompt("one"))).text()).toContain("live");
  expect(again.received()).toBe(2);
  expect(rerun.live()).toBe(2);
});

test("the policy of now decides; a review is of what leaves, and this does not", async () => {
  const { path, whole } = await recording();
  const rerun = await rerunOf(path);
  const reruns = { of: () => rerun };
  const review = { effect: "review", rule: "ask", reason: "a person" } as const;
  const reviewed = await start({ reruns, verdict: review, source: noKey }, nobody);
  expect(await (await ask(reviewed, prompt("one"))).text()).toBe(whole);
  expect(reviewed.transcripts.exchanges[0]?.opening.decision).toMatchObject({ effect: "review" });
  const deny = { effect: "deny", rule: "no", reason: "not any more" } as const;
  const denied = await start({ reruns, verdict: deny }, nobody);
  expect((await ask(denied, prompt("two", { stream: true }))).status).toBe(400);
  expect(rerun.expected[1]).toMatchObject({ asked: 1, answered: 0 });
});

test("what was refused then is refused again, from the record", async () => {
  const deny = { effect: "deny", rule: "no", reason: "not this" } as const;
  const path = await start({ verdict: deny }, nobody);
  const refused = await (await ask(path, prompt("one"))).text();
  const rerun = await rerunOf(path);
  const again = await start({ reruns: { of: () => rerun }, source: noKey }, nobody);
  const answer = await ask(again, prompt("one"));
  expect(answer.status).toBe(400);
  expect(answer.headers.get("x-should-retry")).toBe("false");
  expect(await answer.text()).toBe(refused);
});

test.each([
  ["the upstream broke it off", "truncated"],
  ["the client left", "client_left"],
  ["the session ended", "session_ended"],
])(
  "a reply that stopped short stops short again, after the same bytes: %s",
  async (_name, code) => {
    const sent = 'data: {"delta":"half an answer"}\n\n';
    const path = await start({}, (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(sent);
      if (code === "truncated") setTimeout(() => response.destroy(), 50);
    });
    const leaving = new AbortController();
    const first = await read(
      ask(path, prompt("one", { stream: true }), undefined, leaving.signal),
      {
        begun() {
          if (code === "client_left") leaving.abort();
          if (code === "session_ended") path.endSession();
        },
      },
    );
    expect(first).toMatchObject({ status: 200, text: sent, whole: false });
    await expect.poll(() => path.transcripts.exchanges[0]?.ending?.error).toBe(code);

    for (const pace of ["none", "recorded"] as const) {
      const rerun = await rerunOf(path, { pace });
      const again = await start({ reruns: { of: () => rerun }, source: noKey }, nobody);
      const now = await read(ask(again, prompt("one", { stream: true })));
      expect(now).toEqual({ status: 200, text: sent, whole: false });
      expect(rerun.misses).toEqual([]);
    }
  },
);

test("a re-run that a restart of the daemon lost never goes out", async () => {
  const path = await start({ reruns: { of: () => "lost" } }, (_request, response) =>
    response.end(),
  );
  const answer = await ask(path, prompt("one"));
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("the daemon was restarted");
  expect(path.received()).toBe(0);
});
