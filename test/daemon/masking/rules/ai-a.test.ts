/** Keys of model providers, Anthropic to Jina, are found by their beginnings or beside their names. */
import { expect, test } from "vitest";
import { aiRulesA } from "../../../../src/daemon/masking/rules/ai-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { digits, hex, letters, lower, mixed, uuid } = invented;

test.each([
  ["anthropic-key", `sk-${"ant-"}api03-${mixed(93)}AA`, `sk-${"ant-"}api03-${mixed(93)}AA`],
  ["apify-token", `apify${"_api_"}${mixed(36)}`, `${"api_"}${mixed(36)}`],
  ["assemblyai-key", `ASSEMBLYAI_API_KEY=${hex(32)}`, hex(32)],
  ["cerebras-key", `cs${"k-"}${lower(48)}`, `cs${"k-"}${lower(48)}`],
  ["cohere-key", `COHERE_API_KEY: ${mixed(40)}`, mixed(40)],
  ["cloudinary-secret", `cloudinary://${digits(15)}:${mixed(27)}@acme`, mixed(27)],
  ["deepgram-key", `deepgramKey = "${hex(40)}"`, hex(40)],
  ["deepl-key", `DEEPL_AUTH_KEY=${uuid()}:fx`, `${uuid()}:fx`],
  ["deepseek-key", `DEEPSEEK_API_KEY=sk-${hex(32)}`, `sk-${hex(32)}`],
  ["e2b-key", `e2${"b_"}${hex(40)}`, `e2${"b_"}${hex(40)}`],
  ["elevenlabs-key", `xi-api-key: ${hex(32)}`, hex(32)],
  ["fal-key", `FAL_KEY="${uuid()}:${hex(32)}"`, `${uuid()}:${hex(32)}`],
  ["firecrawl-key", `f${"c-"}${hex(32)}`, `f${"c-"}${hex(32)}`],
  ["fireworks-key", `f${"w_"}${mixed(24)}`, `f${"w_"}${mixed(24)}`],
  ["groq-key", `gs${"k_"}${mixed(52)}`, `gs${"k_"}${mixed(52)}`],
  ["huggingface-token", `HF_TOKEN=h${"f_"}${letters(34)}`, `h${"f_"}${letters(34)}`],
  ["huggingface-token", `api${"_org_"}${letters(34)}`, `${"org_"}${letters(34)}`],
  ["jina-key", `ji${"na_"}${hex(32)}${mixed(28)}`, `ji${"na_"}${hex(32)}${mixed(28)}`],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(aiRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "sk-ant-api03-abc123",
  "hf_requiredCharacteristicTypesForDisplayMetadata",
  "const api_org_controller = require(x);",
  "cohere: words that stay together",
  "fw_update_available",
  "gsk_short",
])("is none: %s", (text) => {
  expect(matchesOf(aiRulesA, text)).toEqual([]);
});
