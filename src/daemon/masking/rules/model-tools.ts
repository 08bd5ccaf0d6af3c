/**
 * Model tools: keys of what stands around language models — searches, vector
 * stores, tracing, training — from K to Z in the alphabet.
 */
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const modelToolRules: readonly Rule[] = [
  byName(
    { detector: "kagi-api-key", about: "Kagi key", accept: mixed },
    ["kagi"],
    "[a-z0-9_-]{8,16}\\.[a-z0-9_-]{40,48}",
  ),
  byBeginning(
    { detector: "tavily-api-key", about: "Tavily key", accept: mixed },
    ["tvly-"],
    "(?:dev-|prod-)?[A-Za-z0-9-]{24,64}",
  ),
  byBeginning(
    { detector: "langsmith-api-key", about: "LangSmith key" },
    ["lsv2_"],
    "(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
  ),
  byBeginning(
    { detector: "langsmith-api-key", about: "LangSmith key of old" },
    ["ls__"],
    "[0-9a-f]{32}",
  ),
  byBeginning({ detector: "langfuse-key", about: "Langfuse secret key" }, ["sk-lf-"], uuid),
  byBeginning({ detector: "langfuse-key", about: "Langfuse public key" }, ["pk-lf-"], uuid),
  byBeginning(
    { detector: "llamacloud-api-key", about: "LlamaCloud key" },
    ["llx-"],
    "[A-Za-z0-9]{40,60}",
  ),
  byBeginning({ detector: "mem0-api-key", about: "Mem0 key" }, ["m0-"], "[A-Za-z0-9]{40}"),
  byBeginning({ detector: "nomic-api-key", about: "Nomic key" }, ["nk-"], "[A-Za-z0-9_-]{43}"),
  byBeginning(
    { detector: "pinecone-api-key", about: "Pinecone key" },
    ["pcsk_"],
    "[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,70}",
  ),
  byName({ detector: "pinecone-api-key", about: "Pinecone key of old" }, ["pinecone"], uuid),
  byName(
    { detector: "qdrant-api-key", about: "Qdrant key", accept: mixed },
    ["qdrant"],
    "[a-z0-9._|-]{40,512}",
  ),
  byName(
    { detector: "weaviate-api-key", about: "Weaviate key", accept: mixed },
    ["weaviate", "wcd_api", "wcs_api"],
    "[a-z0-9+/]{32,128}={0,2}",
  ),
  byName(
    { detector: "zilliz-api-key", about: "Zilliz key", accept: mixed },
    ["zilliz"],
    "[a-z0-9]{64,96}",
  ),
  byName(
    { detector: "milvus-token", about: "Milvus token", accept: mixed },
    ["milvus"],
    "[a-z0-9]{40,96}",
  ),
  byName(
    { detector: "wandb-api-key", about: "Weights & Biases key" },
    ["wandb", ...joined("weights", "biases")],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "wandb-api-key", about: "Weights & Biases key" },
    ["wandb_v1_"],
    "[A-Za-z0-9_]{60,90}",
  ),
  byName(
    { detector: "neptune-api-token", about: "Neptune token" },
    ["neptune"],
    "eyJ[a-z0-9+/]{80,512}={0,2}",
  ),
  byName(
    { detector: "roboflow-api-key", about: "Roboflow key", accept: mixed },
    ["roboflow"],
    "[a-z0-9]{20}",
  ),
  byBeginning(
    { detector: "openpipe-api-key", about: "OpenPipe key" },
    ["opk_"],
    "[A-Za-z0-9]{32,64}",
  ),
  byName(
    { detector: "promptlayer-api-key", about: "PromptLayer key" },
    ["promptlayer"],
    "pl_[0-9a-f]{32}",
  ),
  byName(
    { detector: "serpapi-key", about: "SerpApi key" },
    ["serpapi", "serp_api"],
    "[0-9a-f]{64}",
  ),
  byName({ detector: "serper-api-key", about: "Serper key" }, ["serper"], "[0-9a-f]{40}"),
  byName(
    { detector: "scrapingbee-api-key", about: "ScrapingBee key", accept: mixed },
    ["scrapingbee"],
    "[a-z0-9]{80}",
  ),
  byName(
    { detector: "scraperapi-key", about: "ScraperAPI key" },
    ["scraperapi", "scraper_api"],
    "[0-9a-f]{32}",
  ),
  byName({ detector: "zenrows-api-key", about: "ZenRows key" }, ["zenrows"], "[0-9a-f]{40}"),
  byName(
    { detector: "oxylabs-password", about: "Oxylabs password", accept: mixed },
    ["oxylabs"],
    "[a-z0-9_+~=]{10,32}",
  ),
  byName(
    { detector: "unstructured-api-key", about: "Unstructured key", accept: mixed },
    ["unstructured"],
    "[a-z0-9]{30,40}",
  ),
  byName({ detector: "ragie-api-key", about: "Ragie key" }, ["ragie"], "tnt_[a-z0-9_]{20,128}"),
  byName(
    { detector: "wolfram-app-id", about: "Wolfram Alpha app id", accept: mixed },
    ["wolfram"],
    "[a-z0-9]{6}-[a-z0-9]{10}",
  ),
  byBeginning(
    { detector: "zep-api-key", about: "Zep key" },
    ["z_1"],
    "[A-Za-z0-9]{20,300}\\.[A-Za-z0-9_-]{40,90}",
  ),
  byName({ detector: "smithery-api-key", about: "Smithery key" }, ["smithery"], uuid),
  byName(
    { detector: "opik-api-key", about: "Opik or Comet key", accept: mixed },
    ["opik"],
    "[a-z0-9]{25}",
  ),
  byName(
    { detector: "traceloop-api-key", about: "Traceloop key" },
    ["traceloop"],
    "[0-9a-f]{64,100}",
  ),
  byName(
    { detector: "kaggle-key", about: "Kaggle key" },
    ["kaggle"],
    "(?:[0-9a-f]{32}|kgat_[0-9a-f]{32})",
  ),
  // The downloaded kaggle.json names its owner, not its issuer.
  {
    detector: "kaggle-key",
    about: "Kaggle key in kaggle.json",
    keywords: ['{"username"'],
    pattern: '\\{"username":[ ]?"[\\w-]{1,64}",[ ]?"key":[ ]?"(?<secret>[0-9a-f]{32})"',
  },
];
