/**
 * Admission: which requests of node:http may come in at all:
 * one Host from the allow-list, no browser, one plain path (SECURITY L2, L3,
 * H3, H4). Rejected, never normalised: two programs that mend a path
 * differently read two paths.
 */
import type { IncomingMessage } from "node:http";
import { firstHeader, isNamed } from "../model/raw-headers.js";
import { Refusal } from "../model/refusal.js";
import type { ClientHead, Target } from "./client.js";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

// Doubled or backward slashes, fragments, encoded dots, backslashes and zeros (also encoded twice),
// slashes encoded twice, half an escape, and anything that is not visible ASCII. A slash encoded
// once may stand in a model's name: classify looks where.
const oddPath = /\/\/|[\\#]|%(?:25)*(?:2e|5c|00)|%(?:25)+2f|%(?![0-9a-f]{2})|[^\x21-\x7e]/i;
// Letters and digits that need no escape: another program may know the path by its plain form.
const needlessEscape = /%(?:25)*(?:3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;
const dotSegment = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;
const oddQuery = /[\\#]|[^\x21-\x7e]/;

/** Throws a Refusal where the request may not enter; `hosts` are the Host values that name the data path. */
export function admit(
  request: Pick<IncomingMessage, "httpVersionMajor" | "url">,
  { method, target, headers }: ClientHead,
  hosts: ReadonlySet<string>,
): void {
  // Node's parser takes a request line without a version for HTTP/0.9.
  if (request.httpVersionMajor !== 1) {
    throw new Refusal("request_malformed", "the request is not HTTP/1.1");
  }
  checkHost(headers, hosts);
  checkBrowser(headers);
  if (!methods.has(method)) {
    throw new Refusal("method_not_allowed", `${method} is not a method of the data path`);
  }
  if (request.url?.startsWith("/") !== true) {
    throw new Refusal("path_not_allowed", "the request target is not a path");
  }
  checkPath(target);
}

/** RFC 9112 3.2: one Host exactly; Node lets two through (L2). */
function checkHost(headers: readonly string[], hosts: ReadonlySet<string>): void {
  let host: string | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    if (!isNamed(headers[index], "host")) continue;
    if (host !== undefined)
      throw new Refusal("host_not_allowed", "the request has two Host headers");
    host = headers[index + 1] ?? "";
  }
  if (host === undefined || !hosts.has(host.toLowerCase())) {
    throw new Refusal("host_not_allowed", "the Host header does not name the data path");
  }
}

/** A page in a browser always sends one of these with a request that could do harm (L3). */
function checkBrowser(headers: readonly string[]): void {
  const site = firstHeader(headers, "sec-fetch-site");
  if (firstHeader(headers, "origin") !== undefined || (site !== undefined && site !== "none")) {
    throw new Refusal("origin_not_allowed", "the request comes from a web page");
  }
}

function checkPath({ connectionName, path, query }: Target): void {
  const whole = `/${connectionName}${path}`;
  const odd =
    oddSlash(connectionName, path) ||
    oddPath.test(whole) ||
    (whole.includes("%") && needlessEscape.test(whole));
  if (odd || dotSegment.test(whole) || oddQuery.test(query)) {
    throw new Refusal("path_not_allowed", "the path is not in its plain form");
  }
  if (path === "") {
    throw new Refusal("path_not_allowed", "the path names no operation: /CONNECTION/… is expected");
  }
}

/** An escaped slash in the connection's name, or one that makes an odd path for a program that decodes it. */
function oddSlash(connectionName: string, path: string): boolean {
  if (/%2f/i.test(connectionName)) return true;
  if (!/%2f/i.test(path)) return false;
  const decoded = path.replaceAll(/%2f/gi, "/");
  return decoded.includes("//") || decoded.endsWith("/") || dotSegment.test(decoded);
}
