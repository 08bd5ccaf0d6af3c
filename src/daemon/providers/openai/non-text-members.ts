/**
 * Non-text members: what in the API's JSON is no text of anybody's, and so is
 * passed unread: media and embeddings in base64, ids of the API's own making,
 * names out of its fixed lists. By name and shape both: a member of such a
 * name that looks otherwise is read like any other.
 */

import { isRecord, recordsIn, textOf } from "../../formats/json/shapes.js";
import type { JsonKnowledge } from "../../model/json-knowledge.js";

const base64 = /^[A-Za-z0-9+/=_-]*$/;
const mediaUrl = /^data:(?:image|audio|video|application)\/[\w.+-]{1,64};base64,[A-Za-z0-9+/=]*$/;

/** Members in base64 wherever they stand. */
const encoded = new Set([
  "b64_json",
  "partial_image_b64",
  "encrypted_content",
  "obfuscation",
  "embedding",
]);

const urls = new Set(["image_url", "url", "file_data"]);

/** Members whose values come out of a fixed list of words. */
const listed = new Set(["type", "object", "role", "status", "finish_reason", "detail", "phase"]);
const word = /^[a-z][a-z_.]{0,63}$/;

const idName = /^(?:id|[a-z_]{1,32}_id|system_fingerprint)$/;
const ownId =
  /^(?:resp|msg|rs|fc|fco|ctc|ws|fs|ci|ig|mcp|mcpl|mcpr|call|chatcmpl|cmpl|file|vs|asst|thread|run|step|batch|conv|req|item|evt|event|sess|fp|cntr|sh|sho|cu|prompt|modr|img|ftjob|upload|audio)[_-][A-Za-z0-9_-]{1,100}$/;

/** Names of the API's own texts: they say nothing of what stands there. */
const plain = new Set([
  "text",
  "content",
  "delta",
  "message",
  "refusal",
  "arguments",
  "input",
  "output",
  "instructions",
  "description",
  "name",
  "model",
  "transcript",
  "title",
  "summary",
  "code",
  "logs",
  "value",
  "reasoning",
  "reasoning_content",
  "url",
  "filename",
  "query",
  "id",
]);

/** What is known of the JSON that the OpenAI API answers with. */
export const openaiJson: JsonKnowledge = {
  passes(name, value, within) {
    if (listed.has(name)) return word.test(value);
    if (encoded.has(name)) return base64.test(value);
    if (urls.has(name)) return mediaUrl.test(value);
    if (name === "data") return /^(?:input_|output_)?audio$/.test(within) && base64.test(value);
    if (name === "delta" || name === "audio") {
      return /(?:^|\.)(?:output_)?audio\.delta$/.test(within) && base64.test(value);
    }
    if (name === "result") return within === "image_generation_call" && base64.test(value);
    return idName.test(name) && ownId.test(value);
  },
  plainName: (name) => plain.has(name),
  spells: (name) => name === "logprobs",
  spelled,
};

/** Chat completions and responses list their tokens; legacy completions have a list of texts. */
function spelled(value: unknown): string {
  if (Array.isArray(value))
    return recordsIn(value)
      .map(({ token }) => textOf(token))
      .join("");
  if (!isRecord(value)) return "";
  const { content, refusal, tokens } = value;
  const legacy = Array.isArray(tokens) ? tokens.map(textOf).join("") : "";
  return spelled(content ?? null) + spelled(refusal ?? null) + legacy;
}
