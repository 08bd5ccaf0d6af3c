/**
 * Places: where in a request of the OpenAI API stands what rules ask about:
 * tools, flags, and every model that is to work, wherever one is named (a
 * grader's, a session's transcription, an image tool's). Members whose own
 * members are named by the author of the request hold no model of the API's.
 */
import type { OutlinePlace } from "../../formats/json/outline.js";
import { isRecord } from "../../formats/json/shapes.js";

const free = new Set([
  "parameters",
  "schema",
  "inputschema",
  "outputschema",
  "properties",
  "definitions",
  "$defs",
  "arguments",
  "variables",
  "metadata",
  "attributes",
]);

/** Is it a member whose own members are named by the author of the request: a schema, arguments, metadata? */
export function isFree(name: string): boolean {
  if (free.has(name)) return true;
  return (
    name.length < 32 && /[A-Z_]/.test(name) && free.has(name.replaceAll("_", "").toLowerCase())
  );
}

const modelName = /^models?$/i;

const elsewhere: OutlinePlace = {
  kept: false,
  noted: false,
  below: (name) => {
    if (name === null) return elsewhere;
    if (modelName.test(name)) return model;
    return isFree(name) ? freely : elsewhere;
  },
};

const model: OutlinePlace = {
  kept: false,
  noted: true,
  below: (name) => (name === null ? model : elsewhere.below(name)),
};

const freely: OutlinePlace = { kept: false, noted: false, below: () => freely };

const freeShell: OutlinePlace = { ...freely, kept: true };

/** Kept with all that is in it, but for what is free. */
const whole: OutlinePlace = {
  kept: true,
  noted: false,
  below: (name) => {
    if (name === null) return whole;
    if (modelName.test(name)) return keptModel;
    return isFree(name) ? freeShell : whole;
  },
};

const keptModel: OutlinePlace = { ...model, kept: true };

/** Kept where it is a text, a number or a flag. */
const plain: OutlinePlace = { ...elsewhere, kept: true };

/** Codex declares more tools on its way. */
const item: OutlinePlace = {
  kept: true,
  noted: false,
  below: (name) => {
    if (name === "tools") return whole;
    return name === "type" ? plain : elsewhere.below(name);
  },
  stays: (value) => isRecord(value) && value.type === "additional_tools",
};

const items: OutlinePlace = {
  kept: true,
  noted: false,
  below: (name) => (name === null ? item : elsewhere.below(name)),
};

const keptWhole = new Set(["tools", "functions", "session", "web_search_options"]);

/** The body of a request. */
export const requestPlace: OutlinePlace = {
  kept: true,
  noted: false,
  below: (name) => {
    if (name === null) return elsewhere;
    if (keptWhole.has(name)) return whole;
    if (name === "input") return items;
    if (modelName.test(name)) return keptModel;
    return isFree(name) ? freeShell : plain;
  },
};

/** Lists of a request that grow with each turn of a conversation. */
export const growingLists: ReadonlySet<string> = new Set(["input", "messages"]);

/** A line of a batch's file: of it only the models are asked for. */
export const batchLinePlace: OutlinePlace = elsewhere;
