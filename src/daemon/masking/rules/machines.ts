/**
 * Machines: credentials of private networks, of virtual machines and of
 * devices, from K to Z in the alphabet.
 */
import { ends } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

const written = (secret: string) => !isPlaceholder(secret);
const base64Key = "[A-Za-z0-9+/]{43}=";

export const machineRules: readonly Rule[] = [
  byBeginning(
    { detector: "tailscale-key", about: "Tailscale key" },
    ["tskey-"],
    "(?:[a-z]{2,16}-)?[A-Za-z0-9]{6,24}-[A-Za-z0-9]{12,64}",
  ),
  byBeginning({ detector: "netbird-token", about: "NetBird token" }, ["nbp_"], "[A-Za-z0-9]{36}"),
  {
    detector: "wireguard-key",
    about: "WireGuard private or shared key",
    keywords: ["privatekey", "presharedkey", "private-key", "preshared-key", "private_key"],
    anyCase: true,
    pattern: `(?:Private|Preshared)[_-]?Key["']?\\s{0,8}[=:]\\s{0,8}["']?(?<secret>${base64Key})`,
  },
  byName(
    { detector: "wireguard-key", about: "WireGuard key by its name" },
    ["wireguard", "wg_private", "wg_preshared", "wgprivate"],
    base64Key,
  ),
  {
    detector: "vmware-credentials",
    about: "User and password of a connection to vSphere",
    keywords: ["connect-viserver", "connect-ciserver", "connect-hvserver", "connect-omserver"],
    anyCase: true,
    pattern:
      "Connect-(?:VI|CI|HV|OM)Server[^\\r\\n]{1,160}[ ]-U(?:ser(?:name)?)?[ ]{1,4}(?<secret>[^\\s]{1,80}[ ][^\\r\\n]{0,80}-Pass(?:word)?[ ]{1,4}[^\\s;|]{1,80})",
  },
  {
    detector: "psexec-credentials",
    about: "User and password of a remote command",
    keywords: ["psexec"],
    anyCase: true,
    pattern:
      "psexec(?:64)?(?:\\.exe)?[\"']?[^\\r\\n]{1,120}[ ]-u[ ]{1,4}(?<secret>[^\\s]{1,80}[ ]{1,4}-p[ ]{1,4}[^\\s\"';]{1,80})",
  },
  {
    detector: "truenas-api-key",
    about: "TrueNAS key in a call of its socket",
    keywords: ["login_with_api_key"],
    pattern:
      "login_with_api_key[\\\\\"']{0,3},?\\s{0,4}(?:[\\\\\"']{0,3}params[\\\\\"']{0,3}[ ]{0,4}:)?\\s{0,4}[\\[(]?\\s{0,4}[\\\\\"']{0,3}(?<secret>[0-9]{1,6}-[A-Za-z0-9]{64})" +
      ends,
  },
  {
    detector: "truenas-api-key",
    about: "TrueNAS key in a header",
    keywords: ["bearer"],
    anyCase: true,
    pattern: `Bearer[ ]{0,2}(?<secret>[0-9]{1,6}-[A-Za-z0-9]{64})${ends}`,
  },
  byName(
    { detector: "truenas-api-key", about: "TrueNAS key by its name" },
    ["truenas"],
    "[0-9]{1,6}-[a-z0-9]{64}",
  ),
  byName(
    { detector: "proxmox-api-token", about: "Proxmox API token" },
    ["pveapitoken", "proxmox"],
    `[\\w.@!-]{1,64}[=:]${uuid}`,
  ),
  byName(
    { detector: "particle-access-token", about: "Particle token" },
    ["particle.io", "particle_", "particle-"],
    "[0-9a-f]{40}",
  ),
  {
    detector: "particle-access-token",
    about: "Particle token in a call of its API",
    keywords: ["api.particle.io"],
    anyCase: true,
    pattern:
      "api\\.particle\\.io/[^\\r\\n]{0,120}(?:\\\\?\\r?\\n[^\\r\\n]{0,40})?(?:access_token=|Bearer )(?<secret>[0-9a-f]{40})" +
      ends,
  },
  {
    detector: "particle-access-token",
    about: "Particle token before an address of its API",
    keywords: ["bearer ", "access_token="],
    anyCase: true,
    pattern:
      "(?:Bearer |access_token=)(?<secret>[0-9a-f]{40})[\"' \\t\\\\\\r\\n]{1,16}https://api\\.particle\\.io",
  },
  {
    detector: "thingsboard-token",
    about: "ThingsBoard device token in an address",
    keywords: ["thingsboard"],
    anyCase: true,
    pattern: `thingsboard[\\w.-]{1,40}(?::[0-9]{1,5})?/api/v1/(?<secret>[a-z0-9]{20})${ends}`,
  },
  byName(
    { detector: "thingsboard-token", about: "ThingsBoard provision key or secret", accept: mixed },
    ["provisiondevicekey", "provisiondevicesecret", "thingsboard"],
    "[a-z0-9]{20}",
  ),
  byName({ detector: "losant-key", about: "Losant access secret" }, ["losant"], "[0-9a-f]{64}"),
  byName(
    { detector: "ubidots-token", about: "Ubidots token", accept: mixed },
    ["ubidots"],
    "BBFF-[a-z0-9]{30}",
  ),
  byName(
    { detector: "tuya-secret", about: "Tuya secret", accept: mixed },
    ["tuya"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "unifi-password", about: "UniFi key", accept: written },
    ["unifi"],
    "[a-z0-9_-]{32}",
  ),
];
