/** Keys of those who run language models are found, words and labels near them are not. */
import { inferenceRules } from "../../../../src/daemon/masking/rules/inference.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed } = invented;

testRules(inferenceRules, {
  found: [
    [
      "openai-api-key",
      `sk-${"proj-"}${mixed(48)}T3Blbk${"FJ"}${mixed(48)}`,
      "Authorization: Bearer §",
    ],
    ["openai-api-key", `sk-${mixed(20)}T3Blbk${"FJ"}${mixed(20)}`, "the key is §."],
    ["openai-api-key", `sk-${"svcacct-"}${mixed(74)}`, 'openai.api_key = "§"'],
    ["openai-api-key", `sk-${hex(32)}`, "DEEPSEEK_API_KEY=§"],
    ["openrouter-api-key", `sk-or-${"v1-"}${hex(64)}`, "§"],
    ["perplexity-api-key", `pplx-${mixed(48)}`, "PERPLEXITY_API_KEY='§'"],
    ["privateai-api-key", lower(32), 'privateAiKey = "§"'],
    ["mistral-api-key", mixed(32), "export MISTRAL_API_KEY=§"],
    ["nvidia-api-key", `nvapi-${mixed(64)}`, "§"],
    ["xai-api-key", `xai-${mixed(80)}`, "§"],
    ["replicate-api-token", `r8_${mixed(37)}`, "REPLICATE_API_TOKEN=§"],
    ["together-api-key", hex(64), "together_api_key: §"],
    ["voyage-api-key", `pa-${mixed(43)}`, "VOYAGE_API_KEY=§"],
    ["zhipu-api-key", `${hex(32)}.${mixed(16)}`, "ZHIPU_API_KEY=§"],
  ],
  none: [
    "sk-proj-yours goes here",
    "a task-oriented-assistant with risk-management",
    `sk-${"x".repeat(48)}`,
    "mistral is a cold wind, and a maker of models",
    "openai_key = process.env.OPENAI_API_KEY",
  ],
});
