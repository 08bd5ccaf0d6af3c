/**
 * Network: addresses that lead to a machine and so to a person. What every
 * machine has (loopback, unspecified, broadcast) tells nothing and stays.
 */
import type { Shape } from "./shape.js";

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)";
const v4 = `(?<![\\d.])${octet}(?:\\.${octet}){3}(?:/(?:3[0-2]|[12]?\\d)(?!\\d))?(?!\\.?\\d)`;

const isCommon = (address: string) => /^(?:127\.|0\.0\.0\.0|255\.255\.255\.)/.test(address);
const isPrivate = (address: string) =>
  /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\./.test(address);

/** RFC 4291, 2.2: eight groups, or fewer and one `::`; the last two may be an IPv4 address. */
function isV6(address: string): boolean {
  const plain = address.toLowerCase().replace(/[%/].*$/, "");
  const bare = plain.replace(/\d{1,3}(?:\.\d{1,3}){3}$/, "0:0");
  const groups = bare.split("::");
  if (groups.length > 2) return false;
  const count = groups.flatMap((part) => (part === "" ? [] : part.split(":")));
  if (count.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return false;
  if (groups.length === 1) return count.length === 8;
  // `dead::beef` is code as well: a digit in the first group, or nothing before the colons.
  return count.length < 8 && count.length > 1 && /^(?:[a-f]{0,3}\d|::[0-9a-f]+:)/.test(bare)
    ? true
    : count.length === 1 && /^[a-f0-9]{0,3}\d[a-f0-9]{0,3}::$/.test(bare);
}

export const networkShapes: readonly Shape[] = [
  {
    detector: "ip",
    about: "public IPv4 address",
    pattern: v4,
    accept: (_compact, written) => !isCommon(written) && !isPrivate(written),
    unless: "v|ver|version|release|build|chrome|firefox|safari|section|oid",
    beside: true,
  },
  {
    detector: "private-ip",
    about: "IPv4 address of a private network",
    pattern: v4,
    accept: (_compact, written) => isPrivate(written),
    beside: true,
  },
  {
    detector: "ip",
    about: "IPv6 address",
    pattern: `(?<![:.])(?:[0-9a-f]{1,4}|:)(?::[0-9a-f]{0,4}){1,7}(?::${octet}(?:\\.${octet}){3}|(?<=:)${octet}(?:\\.${octet}){3})?(?!\\.\\d)(?:%[a-z0-9]{1,16})?(?:/\\d{1,3})?`,
    mark: ":",
    accept: (_compact, written) => isV6(written),
    beside: true,
  },
  {
    detector: "mac",
    about: "MAC address",
    pattern: "(?<![:-])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?!:[0-9a-f])",
    mark: ":",
    accept: (compact) => !/^(?:F{12}|0{12})$/.test(compact),
    beside: true,
  },
  {
    detector: "mac",
    about: "MAC address, with hyphens",
    pattern: "(?<![:-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?!-[0-9a-f])",
    mark: "-",
    accept: (compact) => !/^(?:F{12}|0{12})$/.test(compact),
    beside: true,
  },
  {
    detector: "mac",
    about: "MAC address, in fours",
    pattern: "[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}",
    mark: ".",
    accept: (compact) => !/^(?:F{12}|0{12})$/.test(compact),
  },
];
