/**
 * Masking progress: how far masking a JSON body had come behind each item of its
 * growing list, and what it had changed by then. A body that begins alike is
 * masked on from there.
 */
import type { GrowingList } from "../formats/json/item-ends.js";
import type { MaskText } from "./masked-text.js";

/** A string that is written otherwise. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** With its quotes. */
  readonly written: readonly Buffer[];
  readonly findings: ReturnType<MaskText>["findings"];
  /** It is no prompt: what leaves has it as it was. */
  readonly aside: boolean;
}

/** What was found in a body, and how far masking had come behind each item of its growing list. */
export interface MaskingProgress {
  readonly edits: readonly Edit[];
  readonly ends: readonly {
    readonly edits: number;
    /** The last name, and the place in the list. */
    readonly name: string;
    readonly item: number;
  }[];
  /** The list's name, masked. */
  readonly listAt: string | number;
  /** Where the first edit of the prompt is. */
  readonly where: string | null;
}

/** How the body was read, and how the body was masked that it goes on with. */
export interface BegunMasking {
  readonly list: GrowingList;
  /** So many of the list's ends stand in both bodies. */
  readonly resumed: number;
  readonly progress: MaskingProgress | undefined;
}
