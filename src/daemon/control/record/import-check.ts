/**
 * Import check: the lines of an export held to their hashes, to the form they
 * have, to what the last of them says, and to what may be believed at all. It
 * is done before anything is written: a file that was edited leaves no trace.
 */
import type {
  ExchangeLine,
  ExportLine,
  GrantLine,
  ReviewLine,
  SealLine,
  SessionLine,
} from "../../../contract/export-lines.js";
import { exchangeKeyOf } from "../../model/exchange.js";
import { ControlProblem } from "../control-problem.js";
import { asciiJson, createChainCheck, exportSealText, isChainedLine } from "./export-chain.js";
import { exportLineOf } from "./import-schema.js";

export interface ImportCheckOptions {
  readonly isSignedBy: (key: Buffer, text: Buffer, signature: Buffer) => boolean;
  readonly now: () => Date;
}

export interface CheckedImport {
  readonly session: SessionLine;
  readonly seal: SealLine;
  /** The last line, as it came. */
  readonly sealText: string;
  readonly keys: readonly bigint[];
  readonly reviews: readonly string[];
  /** Lines of grants, as JSON. */
  readonly grants: readonly string[];
}

/** Creates what takes a file's lines, one by one; it throws `import_refused` with the line. */
export function createImportCheck({ isSignedBy, now }: ImportCheckOptions) {
  const chained = createChainCheck();
  const keys = new Set<bigint>();
  const reviews = new Set<string>();
  const waitedFor: string[] = [];
  const grants: string[] = [];
  let session: SessionLine | undefined;
  let running: ExchangeLine | undefined;
  let seal: { readonly line: SealLine; readonly text: string } | undefined;
  let number = 0;
  let frames = 0;
  let bytes = 0;

  /** Another file was named, or another format: no line of it is at fault. */
  function noExport(why: string): never {
    throw new ControlProblem(
      "import_refused",
      `this is not a session's export in the format jsonl: ${why}`,
      "hoopx sessions export ID --format jsonl --output FILE makes one, where the session was recorded",
    );
  }

  function refuse(why: string): never {
    throw new ControlProblem("import_refused", `line ${number}: ${why}`);
  }

  function take(text: string): void {
    number += 1;
    if (number === 1 && !isChainedLine(text))
      noExport("its first line is not the first line of one");
    if (seal !== undefined) refuse("something follows the seal");
    const found = chained(text);
    if (found === undefined) {
      if (!isChainedLine(text))
        refuse("it is not a line of an export: it does not end with a hash");
      refuse("its hash is not that of what it says: it, or the line before it, was edited");
    }
    const line = exportLineOf(found.value);
    if (typeof line === "string") refuse(line);
    if (asciiJson(line).slice(0, -1) !== text.slice(0, text.lastIndexOf(',"hash":"'))) {
      refuse("it is not written as an export is");
    }
    if (number === 1 ? line.line !== "session" : line.line === "session") {
      refuse(number === 1 ? "an export begins with its session" : "a second session");
    }
    lookAt(line, text, found.head);
  }

  function lookAt(line: ExportLine, text: string, head: string): void {
    switch (line.line) {
      case "session":
        if (line.status === "active" || line.endedAt === null) refuse("the session is not over");
        session = line;
        break;
      case "exchange":
        if (running !== undefined) refuse(`${running.id} has no ending`);
        if (reviews.size > 0 || grants.length > 0) refuse("an exchange after the reviews");
        lookAtExchange(line);
        break;
      case "frame":
        if (running?.id !== line.exchange) refuse("a frame of another exchange");
        if ((line.text === undefined) === (line.base64 === undefined)) {
          refuse("a frame has either text or base64");
        }
        frames += 1;
        bytes += Buffer.byteLength(
          line.text ?? line.base64 ?? "",
          line.text === undefined ? "base64" : "utf8",
        );
        break;
      case "ending":
        if (running?.id !== line.exchange) refuse("an ending of another exchange");
        running = undefined;
        break;
      case "review":
        lookAtReview(line);
        break;
      case "grant":
        lookAtGrant(line);
        break;
      case "seal":
        lookAtSeal(line, head);
        seal = { line, text };
    }
  }

  function lookAtExchange(line: ExchangeLine): void {
    const key = exchangeKeyOf(line.id);
    if (key === undefined || keys.has(key)) refuse(`${line.id} can be no exchange of it`);
    // A key to come would be another exchange's one day.
    if (Number(key >> 22n) > now().getTime()) refuse(`${line.id} is from the future`);
    keys.add(key);
    if (line.review !== null) waitedFor.push(line.review);
    running = line;
  }

  function lookAtReview(line: ReviewLine): void {
    if (running !== undefined) refuse(`${running.id} has no ending`);
    if (line.status === "pending") refuse(`${line.id} is not settled`);
    const key = exchangeKeyOf(line.exchange);
    if (reviews.has(line.id) || key === undefined || !keys.has(key)) {
      refuse(`${line.id} can be no review of it`);
    }
    reviews.add(line.id);
  }

  function lookAtGrant(line: GrantLine): void {
    if (!reviews.has(line.review)) refuse(`${line.id} is of a review that is not here`);
    grants.push(JSON.stringify(line));
  }

  function lookAtSeal(line: SealLine, head: string): void {
    if (running !== undefined) refuse(`${running.id} has no ending`);
    if (line.partial) refuse("the session was not over when this was exported");
    const counted = [number - 1, keys.size, frames, bytes, reviews.size, grants.length];
    const { lines, exchanges, session: id } = line;
    const said = [lines, exchanges, line.frames, line.bytes, line.reviews, line.grants];
    if (id !== session?.id || line.head !== head || said.some((one, at) => one !== counted[at])) {
      refuse("it does not say what is before it: lines were taken out or put in");
    }
    if (waitedFor.some((review) => !reviews.has(review))) refuse("a review is missing");
    const { key, signature } = line;
    if (key === null && signature === null) return;
    const signed =
      key !== null &&
      signature !== null &&
      isSignedBy(Buffer.from(key, "hex"), exportSealText(line), Buffer.from(signature, "hex"));
    if (!signed) refuse("it is not signed by the key that it names");
  }

  return {
    take,
    /** After the last line. */
    end(): CheckedImport {
      number += 1;
      if (number === 1) noExport("it is empty");
      if (session === undefined || seal === undefined) {
        refuse("the end of the export is missing, with its seal: the file was cut off");
      }
      return {
        ...{ session, seal: seal.line, sealText: seal.text, grants },
        ...{ keys: [...keys], reviews: [...reviews] },
      };
    },
  };
}
