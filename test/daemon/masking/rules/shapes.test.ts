/** A value beside its name is found however the two are written, and a word of prose is not. */
import { expect, test } from "vitest";
import {
  byBeginning,
  byName,
  joined,
  mixed,
} from "../../../../src/daemon/masking/rules/by-shape.js";
import { matchesOf } from "../../../support/rule-matches.js";

const value = "k3u9x".repeat(4);
const acme = byName({ detector: "acme-key", about: "Acme key" }, ["acme"], "[a-z0-9]{20}");
const token = byBeginning(
  { detector: "acme-token", about: "Acme token" },
  ["ac.me_"],
  "[a-z0-9]{20}",
);

const hidden = (text: string) =>
  matchesOf([acme, token], text).map(({ start, end }) => text.slice(start, end));

test.each([
  `acmeKey = "${value}"`,
  `ACME_KEY=${value}`,
  `export ACME_KEY='${value}'`,
  `var acmeToken string = "${value}"`,
  `const acmeToken: string = "${value}";`,
  `acme_token := \`${value}\``,
  `acme_TOKEN ::= "${value}"`,
  `$acmeToken .= "${value}"`,
  `{"acme_key": "${value}"}`,
  `{\\"acme_key\\": \\"${value}\\"}`,
  `"acmeKey" => "${value}"`,
  `<acmeToken>\n    ${value}\n</acmeToken>`,
  `<add key="acme.key" value="${value}" />`,
  `<key>AcmeKey</key>\n<string>${value}</string>`,
  `- name: ACME_KEY\n  value: ${value}\n`,
  `System.setProperty("ACME_TOKEN", "${value}")`,
  `os.getenv("ACME_KEY") || "${value}"`,
  `os.environ["ACME_KEY"] = "${value}"`,
  `https://acme.example/v1?acme_key=${value}&x=1`,
  `the Acme key is ${value}, keep it`,
  `**Acme API key:** \`${value}\``,
  `acme --api-key ${value} push`,
  `\${ACME_KEY:-${value}}`,
])("found: %s", (text) => {
  expect(hidden(text)).toEqual([value]);
});

test.each([
  "acme is a maker of anvils",
  `acme_key = "${value}${value}"`,
  `other_key = "${value}"`,
  `acme\n\n\n${value}`,
])("passes: %s", (text) => {
  expect(hidden(text)).toEqual([]);
});

test("a beginning is meant letter by letter", () => {
  expect(hidden(`x ac.me_${value}.`)).toEqual([`ac.me_${value}`]);
  expect(hidden(`x acxme_${value}.`)).toEqual([]);
  expect(hidden(`x AC.ME_${value}.`)).toEqual([]);
  expect(hidden(`xac.me_${value}.`)).toEqual([]);
});

test("a name of two words is written in four ways", () => {
  expect(joined("new", "relic")).toEqual(["newrelic", "new_relic", "new-relic", "new relic"]);
});

test("a value that may be a word or a number has both in it", () => {
  expect([mixed("abc123"), mixed("abcdef"), mixed("123456")]).toEqual([true, false, false]);
});
