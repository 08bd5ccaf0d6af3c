/**
 * Address: which upstreams a key may go to (SECURITY H6). A base URL is https,
 * or http on this machine's loopback; it is written in one form, so that two
 * parsers cannot read two hosts; and the address that is connected to is the
 * one that was checked, whatever the resolver says next.
 *
 * Private addresses need the connection's word. Link-local and metadata
 * addresses are refused always: no model API lives there, cloud keys do.
 */
import { type LookupAddress, lookup as lookupHost } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { type AddressKind, addressKindOf } from "./address-kind.js";

export interface AddressOptions {
  readonly allowPrivateNetwork: boolean;
}

export interface BaseUrl {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string;
  /** Path without a slash at its end; empty for a bare host. */
  readonly basePath: string;
}

/** A base URL that may not be used; it names the part that is wrong, never a password in it. */
export class BaseUrlError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "BaseUrlError";
    this.hint = hint;
  }
}

/** The upstream's name leads to no address that may be connected to. */
export class AddressDenied extends Error {
  readonly code = "upstream_address_denied";

  constructor(message: string) {
    super(message);
    this.name = "AddressDenied";
  }
}

const loopbackHosts = ["127.0.0.1", "[::1]", "localhost"];
const privateHint = "add --allow-private-network if this address is meant";

/** Reads a base URL; throws BaseUrlError for one that a key may not go to. */
export function parseBaseUrl(text: string, options: AddressOptions): BaseUrl {
  const [, scheme = "", authority = "", path = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]+)([^?#\\]*)/i.exec(text) ?? [];
  if (authority === "" || !/^[\x21-\x7e]+$/.test(text)) {
    throw new BaseUrlError(
      "the base URL is not an absolute URL in plain ASCII",
      "write it like https://api.example.com/v1",
    );
  }
  if (authority.includes("@")) {
    throw new BaseUrlError(
      "the base URL holds a user name or password",
      "leave out what stands before the @; the key is asked for separately",
    );
  }
  if (/[?#\\]/.test(text)) {
    throw new BaseUrlError(
      "the base URL holds a query, a fragment or a backslash",
      "end it with its path, like https://api.example.com/v1",
    );
  }
  const url = parsed(`${scheme}://${authority}/`);
  checkHost(url, authority, options);
  checkScheme(url);
  return { origin: url.origin, basePath: basePathOf(path) };
}

function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new BaseUrlError(
      "the base URL's host or port cannot be read",
      "write it like https://api.example.com/v1",
    );
  }
}

function checkHost(url: URL, authority: string, options: AddressOptions): void {
  const host = url.hostname;
  const written = authority.replace(/:\d*$/, "").toLowerCase();
  if (written !== host) {
    throw new BaseUrlError(
      "the base URL's host is written in an odd form",
      `write it as ${host.replace(/\.$/, "")} if that is what you mean`,
    );
  }
  if (host.endsWith(".") || host.includes("..")) {
    throw new BaseUrlError(
      "the base URL's host has an empty label or a dot at its end",
      `write it as ${host.replace(/\.+/g, ".").replace(/^\.|\.$/g, "")}`,
    );
  }
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) === 0) return;
  if (address.startsWith("::ffff:")) {
    throw new BaseUrlError(
      "the base URL's host is an IPv4 address written as IPv6",
      "write the IPv4 address with its dots",
    );
  }
  const kind = addressKindOf(address);
  if (loopbackHosts.includes(host) || permitted(kind, options)) return;
  throw new BaseUrlError(
    `the base URL's host is a ${kind} address`,
    kind === "private" || kind === "loopback"
      ? privateHint
      : `${kind} addresses are never an upstream; name the model API's host`,
  );
}

function checkScheme(url: URL): void {
  if (url.protocol === "https:") return;
  if (url.protocol === "http:" && loopbackHosts.includes(url.hostname)) return;
  throw new BaseUrlError(
    url.protocol === "http:"
      ? "http would send the key in the clear"
      : "the base URL's scheme is neither https nor http",
    "use https; http only on 127.0.0.1, [::1] or localhost",
  );
}

function basePathOf(path: string): string {
  const plain = path.replace(/\/$/, "");
  // Rejected, never normalised: the upstream may read the odd form in another way (SECURITY H3).
  if (/\/\/|\/$|%(?:2e|2f|5c)/i.test(plain) || /\/\.{1,2}(?:\/|$)/.test(plain)) {
    throw new BaseUrlError(
      "the base URL's path has dot segments, double or encoded slashes",
      "write the path plain, like /v1",
    );
  }
  return plain;
}

function permitted(kind: AddressKind, { allowPrivateNetwork }: AddressOptions): boolean {
  if (kind === "public") return true;
  return allowPrivateNetwork && (kind === "private" || kind === "loopback");
}

export interface GuardedLookupOptions extends AddressOptions {
  /** The connection's host: no other is looked up. */
  readonly host: string;
  /** The system's resolver unless a test brings its own. */
  readonly resolve?: Resolve;
}

type Resolve = (
  host: string,
  options: { readonly all: true; readonly family: 0 | 4 | 6 },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for `net.connect` that answers only addresses which may be
 * connected to: one resolution, checked, and those very addresses returned.
 * An IP literal is never looked up; `parseBaseUrl` has judged it.
 */
export function createGuardedLookup(options: GuardedLookupOptions): LookupFunction {
  const { host, resolve = lookupHost as Resolve } = options;
  const local = host === "localhost";

  const allowed = ({ address }: LookupAddress) => {
    const kind = addressKindOf(address);
    return local ? kind === "loopback" : permitted(kind, options);
  };

  return function guardedLookup(hostname, request, callback) {
    if (hostname !== host) {
      // Never at once: a caller of net.connect attaches its error listener after this returns.
      queueMicrotask(() =>
        callback(new AddressDenied(`${hostname} is not the upstream's host`), []),
      );
      return;
    }
    const family = familyOf(request.family);
    resolve(host, { all: true, family }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = found.filter(allowed);
      const [first] = addresses;
      if (first === undefined) return callback(denied(host, found, local), []);
      if (request.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function familyOf(family: number | string | undefined): 0 | 4 | 6 {
  if (family === 4 || family === "IPv4") return 4;
  return family === 6 || family === "IPv6" ? 6 : 0;
}

function denied(host: string, found: readonly LookupAddress[], local: boolean): AddressDenied {
  const [first] = found;
  if (first === undefined) return new AddressDenied(`${host} has no address`);
  const kind = addressKindOf(first.address);
  return new AddressDenied(
    local
      ? `localhost leads to ${first.address}, which is not this machine's loopback`
      : `${host} leads to ${first.address}, a ${kind} address`,
  );
}
