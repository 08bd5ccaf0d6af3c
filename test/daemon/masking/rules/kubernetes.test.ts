/** A Secret's data is hidden whatever its order, a ConfigMap's is not. */
import { kubernetesRules } from "../../../../src/daemon/masking/rules/kubernetes.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed } = invented;

testRules(kubernetesRules, {
  found: [
    [
      "kubernetes-secret",
      "password: UGFzc3dvcmQxMjM=\n  user: YWRh",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  §\n---\n",
    ],
    ["kubernetes-secret", "token: UGFzc3dvcmQxMjM=", "apiVersion: v1\ndata:\n  §\nkind: Secret\n"],
    ["kubernetes-secret", "password: hunter2hunter2", "kind: Secret\nstringData:\n  §\n"],
    ["kubernetes-secret", '"password": "UGFzc3dvcmQxMjM="', '{"kind": "Secret", "data": {§}}'],
    [
      "kubernetes-secret",
      '"password":"UGFzc3dvcmQxMjM="',
      '{"apiVersion":"v1","data":{§},"kind":"Secret"}',
    ],
    [
      "kubernetes-bootstrap-token",
      `${lower(6)}.${lower(16)}`,
      "kubeadm join 10.0.0.1:6443 --token §",
    ],
    ["kubernetes-bootstrap-token", `${lower(6)}.${lower(16)}`, 'BOOTSTRAP_TOKEN: "§"'],
    ["kubernetes-bootstrap-token", `${lower(6)}\n  token-secret: ${lower(16)}`, "token-id: §"],
    ["kubernetes-client-key", `${mixed(400)}==`, "client-key-data: §"],
    ["k3s-token", `K10${hex(64)}::server:${hex(32)}`, "§"],
  ],
  none: [
    "apiVersion: v1\ndata:\n  mode: production\nkind: ConfigMap\n",
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n",
    "kind: Secret\nmetadata:\n  name: db\n",
    "the token is in the data of the secret",
  ],
});
