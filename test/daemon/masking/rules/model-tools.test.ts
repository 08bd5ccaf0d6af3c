/** Keys of what stands around language models are found. */
import { modelToolRules } from "../../../../src/daemon/masking/rules/model-tools.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, mixed, uuid } = invented;

testRules(modelToolRules, {
  found: [
    ["kagi-api-key", `${mixed(11)}.${mixed(43)}`, "KAGI_API_KEY='§'"],
    ["tavily-api-key", `tvly-${mixed(32)}`, "§"],
    ["langsmith-api-key", `lsv2_${"pt_"}${hex(32)}_${hex(10)}`, "LANGCHAIN_API_KEY=§"],
    ["langfuse-key", `sk-lf-${uuid()}`, "§"],
    ["llamacloud-api-key", `llx-${mixed(48)}`, "§"],
    ["pinecone-api-key", `pcsk_${mixed(6)}_${mixed(63)}`, "§"],
    ["pinecone-api-key", uuid(), 'pinecone.init(api_key="x", pinecone_key="§")'],
    ["wandb-api-key", hex(40), "WANDB_API_KEY=§"],
    ["serpapi-key", hex(64), "serpapi_key: §"],
    ["kaggle-key", hex(32), '{"username":"ada","key":"§"}'],
  ],
  none: ["weights and biases of a network", "tvly-YOUR_API_KEY", `wandb run ${hex(8)} finished`],
});
