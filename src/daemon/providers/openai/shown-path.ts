/**
 * Shown path: path and query as the record and every screen show them. A
 * client's credential can stand in the query; it is masked however its name
 * was escaped.
 */
import type { RequestHead } from "../provider.js";

const credentials = new Set(["key", "api_key", "api-key", "access_token"]);

/** Path and query as the upstream has them, credentials masked. */
export function shownPath({ fullPath, query }: RequestHead): string {
  return query === "" ? fullPath : `${fullPath}?${query.split("&").map(masked).join("&")}`;
}

function masked(pair: string): string {
  const name = pair.split("=", 1)[0] as string;
  return credentials.has(decoded(name).toLowerCase()) ? `${name}=[masked]` : pair;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
