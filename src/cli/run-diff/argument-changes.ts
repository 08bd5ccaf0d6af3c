/**
 * Argument changes: what is different in the arguments of a tool call, by
 * their structure: neither the order of keys nor blanks make a difference.
 */
import { normalised } from "./normalise.js";

export interface ArgumentChange {
  /** `city`, `days[2].from`; empty: the whole. */
  readonly path: string;
  /** As JSON; null where it is not there. */
  readonly a: string | null;
  readonly b: string | null;
}

/** The changes; undefined where one of the two is no JSON. */
export function argumentChanges(a: string, b: string): readonly ArgumentChange[] | undefined {
  const one = parsed(a);
  const other = parsed(b);
  if (one === undefined || other === undefined) return undefined;
  const changes: ArgumentChange[] = [];
  compare("", one.value, other.value, changes);
  return changes;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function compare(path: string, a: unknown, b: unknown, changes: ArgumentChange[]): void {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
      compare(`${path}[${at}]`, a[at], b[at], changes);
    }
    return;
  }
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
      compare(path === "" ? name : `${path}.${name}`, own(a, key), own(b, key), changes);
    }
    return;
  }
  const one = a === undefined ? null : JSON.stringify(a);
  const other = b === undefined ? null : JSON.stringify(b);
  const same =
    one === other || (one !== null && other !== null && normalised(one) === normalised(other));
  if (!same) changes.push({ path, a: one, b: other });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
