/** Credentials of networks, virtual machines and devices are found. */
import { machineRules } from "../../../../src/daemon/masking/rules/machines.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed } = invented;

testRules(machineRules, {
  found: [
    ["tailscale-key", `tskey-${"auth-"}${mixed(12)}-${mixed(32)}`, "tailscale up --authkey §"],
    ["wireguard-key", `${mixed(43)}=`, "[Interface]\nPrivateKey = §\n"],
    [
      "vmware-credentials",
      "ada@vsphere.local -Password Tr0ub4dor",
      "Connect-VIServer -Server 10.0.0.1 -User §",
    ],
    ["psexec-credentials", "CORP\\ada -p Tr0ub4dor", "psexec.exe \\\\host -u § cmd"],
    ["truenas-api-key", `8-${mixed(64)}`, '"method":"auth.login_with_api_key", "params": ["§"]'],
    ["truenas-api-key", `12-${mixed(64)}`, "Authorization: Bearer §"],
    ["particle-access-token", hex(40), "curl https://api.particle.io/v1/devices?access_token=§"],
    [
      "particle-access-token",
      hex(40),
      '-H "Authorization: Bearer §" https://api.particle.io/v1/devices',
    ],
    ["thingsboard-token", lower(20), "https://thingsboard.cloud/api/v1/§/telemetry"],
    ["thingsboard-token", lower(20), '"provisionDeviceSecret": "§"'],
  ],
  none: [
    "PrivateKey = <server's private key>",
    "tskey-abc",
    "a particle_ of dust",
    "psexec runs programs elsewhere",
  ],
});
