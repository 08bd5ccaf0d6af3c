/**
 * Import handler: a session that was exported becomes one of this record,
 * under its own ids. The file is kept aside and held to its hashes and its
 * seal first; then it goes through the store's ordinary writes, an exchange a
 * transaction. One that was cut off is finished by the same file.
 */
import type {
  EndingLine,
  ExchangeLine,
  ExportLine,
  FrameLine,
  ImportOutcome,
  ReviewLine,
} from "../../../contract/export-lines.js";
import type { Frame } from "../../model/transcript.js";
import type { Signer } from "../../store/seals.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { type CheckedImport, createImportCheck, type ImportCheckOptions } from "./import-check.js";
import {
  importedEnding,
  importedFrame,
  importedKey,
  importedOpening,
  importedReview,
  importedSession,
} from "./imported.js";
import { openSpool, type Spool } from "./spool.js";
import { textLines } from "./text-lines.js";

export interface ImportHandlersOptions extends ImportCheckOptions {
  readonly store: Pick<Store, "sessions" | "exchanges" | "transcripts" | "reviews" | "imports">;
  /** Where a file is kept while it is looked through. */
  readonly folder: string;
  readonly signer: () => Promise<Signer>;
  /** The problem an error of another room's stands for; undefined for a fault. */
  readonly problemOf: (error: unknown) => ControlProblem | undefined;
}

/** Creates the handler of `hoopx sessions import`. */
export function createImportHandlers(options: ImportHandlersOptions): HandlersOf<"sessionsImport"> {
  const { store, now } = options;
  /** One after another: each looks for ids that are free. */
  let before: Promise<unknown> = Promise.resolve();

  async function imported(input: AsyncIterable<Buffer>): Promise<ImportOutcome> {
    const chunks = input[Symbol.asyncIterator]();
    const spool = await openSpool(options.folder);
    try {
      const check = createImportCheck(options);
      for await (const line of textLines(kept(chunks, spool))) check.take(line);
      const checked = check.end();
      const written = before.then(() => write(checked, spool));
      before = written.catch(() => undefined);
      await written;
      return await outcomeOf(checked);
    } catch (error) {
      // The answer is read when all was sent.
      while ((await chunks.next()).done !== true);
      throw error;
    } finally {
      await spool.close();
    }
  }

  async function write(checked: CheckedImport, spool: Spool): Promise<void> {
    const { session, seal, sealText, grants, keys } = checked;
    const goesOn = await isBegun(checked);
    const [first] = [...keys].sort((one, other) => (one < other ? -1 : 1));
    const origin = { at: now(), head: seal.head, seal: sealText, grants };
    if (!goesOn) await store.imports.begin(importedSession(session), origin, first);
    const waited: [exchange: bigint, review: string][] = [];
    for await (const one of exchangesIn(spool)) {
      if (one.line === "review") {
        const [there] = await store.reviews.find(one.id);
        if (there?.id !== one.id) await store.reviews.open(importedReview(session.id, one));
        continue;
      }
      const { exchange, frames, ending } = one;
      const key = importedKey(exchange.id);
      if (exchange.review !== null) waited.push([key, exchange.review]);
      if (goesOn && (await store.exchanges.find(key)) !== undefined) continue;
      const request = frames.findIndex(({ kind }) => !kind.startsWith("request-"));
      const until = request === -1 ? frames.length : request;
      const opening = importedOpening(session.id, exchange, frames.slice(0, until));
      await store.transcripts.record(opening, frames.slice(until), importedEnding(ending));
    }
    // Last: a review is written as what its own exchange waits for, which may have waited again.
    for (const [key, review] of waited) await store.reviews.join(key, review);
    await store.imports.finish(session.id);
  }

  /** Was this very file's import cut off? Throws for ids that are taken. */
  async function isBegun({ session, seal, keys, reviews }: CheckedImport): Promise<boolean> {
    const found = (await store.sessions.find(session.id)).some(({ id }) => id === session.id);
    const origin = found ? await store.imports.find(session.id) : undefined;
    const goesOn = origin !== undefined && !origin.complete && origin.head === seal.head;
    if (found && !goesOn) {
      throw new ControlProblem(
        "already_exists",
        `session ${session.id} is in the record already`,
        `hoopx sessions show ${session.id}`,
      );
    }
    const taken = (what: string) => {
      const hint = "import it into another HOOPX_HOME";
      throw new ControlProblem("already_exists", `${what} is another session's here`, hint);
    };
    for (const key of keys) {
      const there = await store.exchanges.find(key);
      if (there !== undefined && there.sessionId !== session.id) taken("one of its exchanges");
    }
    for (const review of reviews) {
      const [there] = await store.reviews.find(review);
      if (there?.id === review && there.sessionId !== session.id) taken(review);
    }
    return goesOn;
  }

  async function outcomeOf({ session, seal }: CheckedImport): Promise<ImportOutcome> {
    const { exchanges, frames, reviews, grants, head, at, key } = seal;
    const own = await options.signer().catch(() => undefined);
    return {
      ...{ session: session.id, exchanges, frames, reviews, grants, head },
      signedBy: key === null ? null : { key, at, own: own?.publicKey.toString("hex") === key },
    };
  }

  return {
    sessionsImport() {
      return async (input, send) => {
        const outcome = await imported(input).catch((error: unknown): ImportOutcome => {
          // The status was sent before the file came: what is wrong is the answer.
          const problem = error instanceof ControlProblem ? error : options.problemOf(error);
          if (problem === undefined) throw error;
          const { code, message: title, hint = null } = problem;
          return { problem: { code, title, hint } };
        });
        await send(Buffer.from(`${JSON.stringify(outcome)}\n`));
      };
    },
  };
}

/** Read by hand: a loop that is left would close the connection with the answer unsaid. */
async function* kept(chunks: AsyncIterator<Buffer>, spool: Spool): AsyncGenerator<Buffer> {
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    await spool.write(next.value);
    yield next.value;
  }
}

interface WholeExchange {
  readonly line: "whole";
  readonly exchange: ExchangeLine;
  readonly frames: readonly Frame[];
  readonly ending: EndingLine;
}

/** The exchanges, each whole, and the reviews of a file that was checked. */
async function* exchangesIn(spool: Spool): AsyncGenerator<WholeExchange | ReviewLine> {
  let exchange: ExchangeLine | undefined;
  let frames: Frame[] = [];
  for await (const text of textLines(spool.read())) {
    const { hash: _hash, ...line } = JSON.parse(text) as ExportLine & { readonly hash: string };
    if (line.line === "exchange") {
      exchange = line as ExchangeLine;
      frames = [];
    } else if (line.line === "frame") frames.push(importedFrame(line as FrameLine));
    else if (line.line === "review") yield line as ReviewLine;
    else if (line.line === "ending" && exchange !== undefined) {
      yield { line: "whole", exchange, frames, ending: line as EndingLine };
    }
  }
}
