/**
 * Address kind: what an IP address reaches, by the IANA special-purpose
 * registries (RFC 6890). An IPv4 address inside an IPv6 one (mapped, NAT64,
 * 6to4) is judged as what it reaches, so no notation hides a private host.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

export type AddressKind =
  | "public"
  | "loopback"
  /** Private, shared (carrier-grade NAT) or unique local. */
  | "private"
  | "link-local"
  /** Where clouds hand out credentials to every process that asks from inside. */
  | "metadata"
  /** Unspecified, multicast, documentation and the like: no host to call. */
  | "reserved";

/** In this order: the first that holds an address names it. */
const ranges: readonly (readonly [AddressKind, readonly string[]])[] = [
  [
    "metadata",
    ["169.254.169.254/32", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128"],
  ],
  ["link-local", ["169.254.0.0/16", "fe80::/10"]],
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  [
    "private",
    // 64:ff9b:1::/48 is NAT64 for local use (RFC 8215), fec0::/10 the former site-local.
    [
      ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
      ...["fc00::/7", "fec0::/10", "64:ff9b:1::/48"],
    ],
  ],
  [
    "reserved",
    [
      ...["0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15"],
      ...["198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
      // ::/96 is IPv4-compatible, long deprecated; 2001::/23 holds Teredo and other tunnels.
      ...["::/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "ff00::/8"],
    ],
  ],
];

const lists = ranges.map(([kind, subnets]) => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), isIPv4(network) ? "ipv4" : "ipv6");
  }
  return [kind, list] as const;
});

/** What an address reaches; a text that is no IP address is `reserved`. */
export function addressKindOf(address: string): AddressKind {
  const plain = address.replace(/%.*$/s, "");
  if (isIPv4(plain)) return listedKind(plain, "ipv4");
  if (!isIPv6(plain)) return "reserved";
  const embedded = embeddedIPv4(plain);
  if (embedded === undefined) return listedKind(plain, "ipv6");
  const kind = listedKind(embedded.address, "ipv4");
  // Only a mapped address stays on this machine; a translator's loopback is another machine's.
  return kind === "loopback" && !embedded.mapped ? "reserved" : kind;
}

function listedKind(address: string, family: "ipv4" | "ipv6"): AddressKind {
  return lists.find(([, list]) => list.check(address, family))?.[0] ?? "public";
}

/** The IPv4 address inside a mapped (RFC 4291), NAT64 (RFC 6052) or 6to4 (RFC 3056) address. */
function embeddedIPv4(address: string): { address: string; mapped: boolean } | undefined {
  const groups = groupsOf(address);
  const start = groups.map((group) => group.toString(16)).join(":");
  if (start.startsWith("0:0:0:0:0:ffff:")) return { address: dotted(groups, 6), mapped: true };
  if (start.startsWith("64:ff9b:0:0:0:0:")) return { address: dotted(groups, 6), mapped: false };
  if (start.startsWith("2002:")) return { address: dotted(groups, 1), mapped: false };
  return undefined;
}

function groupsOf(address: string): readonly number[] {
  // The URL parser writes every IPv6 address in its one short form (RFC 5952), without dots.
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = short.split("::");
  const parse = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const left = parse(head);
  const right = tail === undefined ? [] : parse(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function dotted(groups: readonly number[], from: number): string {
  const [high = 0, low = 0] = groups.slice(from, from + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
