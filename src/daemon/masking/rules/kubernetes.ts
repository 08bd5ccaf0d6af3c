/**
 * Kubernetes: the data of a Secret wherever it is shown, and the tokens that
 * let nodes and people into a cluster. A Secret's data is hidden as one piece:
 * which of its values are harmless cannot be known.
 */
import { ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, mixed } from "./by-shape.js";

/** Lines that are indented, from the first one's text on. */
const block = "[\\r\\n]{1,2}[ \\t]{1,8}(?<secret>(?:[^\\r\\n]|[\\r\\n](?=[ \\t\\r\\n])){8,6000})";
const braces = "\\{\\s{0,16}(?<secret>[^{}]{8,6000})";
const kind = "kind[\"']?[ ]?:[ \\t]{0,4}[\"']?Secret\\b";
const data = "\\b(?:stringData|data)[\"']?[ ]?:[ \\t]{0,4}";

export const kubernetesRules: readonly Rule[] = [
  {
    detector: "kubernetes-secret",
    about: "Data of a Kubernetes Secret in YAML",
    keywords: ["kind"],
    anyCase: true,
    pattern: `${kind}(?:[^-]|-(?!-)){0,800}${data}${block}`,
  },
  {
    detector: "kubernetes-secret",
    about: "Data of a Kubernetes Secret in JSON",
    keywords: ["kind"],
    anyCase: true,
    pattern: `${kind}[^;]{0,800}${data}${braces}`,
  },
  // Sorted by name, as kubectl prints it, the kind comes after the data.
  {
    detector: "kubernetes-secret",
    about: "Data in base64 at the beginning of a Kubernetes object in YAML",
    keywords: ["apiversion"],
    anyCase: true,
    pattern: `apiVersion["']?[ ]?:[ \\t]{0,4}["']?v1["']?\\s{1,12}${data}${block}`,
    accept: beginsWithBase64,
  },
  {
    detector: "kubernetes-secret",
    about: "Data in base64 at the beginning of a Kubernetes object in JSON",
    keywords: ["apiversion"],
    anyCase: true,
    pattern: `apiVersion["'][ ]?:[ ]?["']v1["'],\\s{0,12}["']${data}${braces}`,
    accept: beginsWithBase64,
  },
  byName(
    { detector: "kubernetes-bootstrap-token", about: "Kubernetes bootstrap token", accept: mixed },
    ["bootstrap", "kubeadm"],
    "[a-z0-9]{6}\\.[a-z0-9]{16}",
  ),
  {
    detector: "kubernetes-bootstrap-token",
    about: "Kubernetes bootstrap token of a node that joins",
    keywords: ["--token"],
    pattern: `--token[ =]{1,4}["']?(?<secret>[a-z0-9]{6}\\.[a-z0-9]{16})${ends}`,
  },
  {
    detector: "kubernetes-bootstrap-token",
    about: "Kubernetes bootstrap token in two parts",
    keywords: ["token-id"],
    anyCase: true,
    pattern:
      "token-id[\"']?:\\s{0,8}[\"']?(?<secret>[a-z0-9]{6}[\"']?\\s{1,16}(?:[\\w-]{1,40}:\\s{0,8}\\S{1,80}\\s{1,16}){0,4}" +
      `token-secret["']?:\\s{0,8}["']?[a-z0-9]{16})${ends}`,
  },
  {
    detector: "kubernetes-client-key",
    about: "Client key of a kubeconfig",
    keywords: ["client-key-data"],
    pattern: "client-key-data[\"']?:\\s{0,8}[\"']?(?<secret>[A-Za-z0-9+/]{64,6000}={0,2})",
  },
  byBeginning(
    { detector: "k3s-token", about: "K3s node token" },
    ["K10"],
    "[0-9a-f]{64}::(?:server|node|bootstrap):[0-9a-f]{32,64}",
  ),
];

/** Not words, as a ConfigMap's data is: whole groups of four, padded or of mixed characters. */
function beginsWithBase64(block: string): boolean {
  const value =
    /^(?:#[^\r\n]*\s+)?["']?[\w.-]+["']?:(?:[ \t]+[>|][+-]?)?\s*["']?([A-Za-z0-9+/]{10,}={0,2})["']?/.exec(
      block,
    )?.[1];
  if (value === undefined || value.length % 4 !== 0) return false;
  return value.endsWith("=") || (mixed(value) && /[a-z]/.test(value) && /[A-Z]/.test(value));
}
