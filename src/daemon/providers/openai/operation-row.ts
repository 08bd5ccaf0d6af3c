/**
 * Operation row: one line of the tables in operations.ts and
 * admin-operations.ts. The class is chosen by which of the four constructors
 * a row is written with, so a row without a class cannot be written.
 */
import type { Action, OperationClass } from "../../model/operation.js";

export interface OperationRow {
  readonly method: string;
  /** `/files/{file_id}`: a segment in braces stands for any one segment. */
  readonly template: string;
  readonly action: Action;
}

type Trait = "multipart" | "sdp" | "mints-credential";
type RowOf = (name: string, route: string, ...traits: readonly Trait[]) => OperationRow;

/** Changes nothing, whatever its method. */
export const read = rowsOf("read");
/** A model works, and what it works on is in this exchange. */
export const inference = rowsOf("inference");
/** Makes, changes, starts or deletes something at the provider. */
export const write = rowsOf("write");
/** Needs, or is about, an administrator's rights: reads as well. */
export const admin = rowsOf("admin");

function rowsOf(operationClass: OperationClass): RowOf {
  return function row(name, route, ...traits) {
    const [method = "", template = ""] = route.split(" ");
    const bodied = method === "POST" ? "json" : "none";
    const body = traits.find((trait) => trait !== "mints-credential") ?? bodied;
    const mintsCredential = traits.includes("mints-credential");
    return { method, template, action: { name, class: operationClass, body, mintsCredential } };
  };
}
