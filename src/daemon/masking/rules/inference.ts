/**
 * Inference: keys of those who run language models for others, from K to Z in
 * the alphabet. Most begin with a few characters of their own.
 */
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const inferenceRules: readonly Rule[] = [
  byBeginning(
    { detector: "openai-api-key", about: "OpenAI key of a project, service account or admin" },
    ["sk-proj-", "sk-svcacct-", "sk-service-", "sk-admin-", "sk-None-"],
    "[A-Za-z0-9_-]{20,256}",
  ),
  // Also DeepSeek's, Moonshot's, Stability's, DashScope's: all write `sk-` and letters or hex.
  byBeginning(
    { detector: "openai-api-key", about: "OpenAI user key, or one in its shape", accept: mixed },
    ["sk-"],
    "[A-Za-z0-9]{32,128}",
  ),
  byBeginning(
    { detector: "openai-session-key", about: "OpenAI session key" },
    ["sess-"],
    "[A-Za-z0-9]{40}",
  ),
  byName(
    { detector: "openai-webhook-secret", about: "OpenAI webhook secret" },
    ["openai"],
    "whsec_[a-z0-9+/]{32,64}={0,2}",
  ),
  byBeginning(
    { detector: "openrouter-api-key", about: "OpenRouter key" },
    ["sk-or-"],
    "(?:v1-)?[0-9a-f]{32,64}",
  ),
  byBeginning(
    { detector: "litellm-key", about: "LiteLLM virtual key", accept: mixed },
    ["sk-litellm-"],
    "[A-Za-z0-9_-]{16,64}",
  ),
  byName(
    { detector: "litellm-key", about: "LiteLLM master or virtual key", accept: mixed },
    ["litellm"],
    "sk-[a-z0-9_-]{16,64}",
  ),
  byBeginning(
    { detector: "perplexity-api-key", about: "Perplexity key" },
    ["pplx-"],
    "[A-Za-z0-9]{40,64}",
  ),
  byName(
    { detector: "privateai-api-key", about: "Private AI key", accept: mixed },
    joined("private", "ai"),
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "mistral-api-key", about: "Mistral key", accept: mixed },
    ["mistral", "codestral"],
    "[a-z0-9]{32}",
  ),
  byBeginning(
    { detector: "nvidia-api-key", about: "NVIDIA build or NGC key" },
    ["nvapi-"],
    "[A-Za-z0-9_-]{60,80}",
  ),
  byName(
    { detector: "nvidia-api-key", about: "NVIDIA NGC key of old", accept: mixed },
    ["ngc_", "ngc-", "ngc ", "ngcapi", "nvidia"],
    "[a-z0-9]{84}",
  ),
  byBeginning({ detector: "xai-api-key", about: "xAI key" }, ["xai-"], "[A-Za-z0-9]{70,90}"),
  byBeginning(
    { detector: "replicate-api-token", about: "Replicate token" },
    ["r8_"],
    "[A-Za-z0-9_-]{37,40}",
  ),
  byBeginning({ detector: "runpod-api-key", about: "RunPod key" }, ["rpa_"], "[A-Za-z0-9]{40,50}"),
  byBeginning(
    { detector: "together-api-key", about: "Together key" },
    ["tgp_v1_"],
    "[A-Za-z0-9_-]{40,50}",
  ),
  byName(
    { detector: "together-api-key", about: "Together key of old" },
    ["together_", "together-", "togetherai", "together.", "togetherapi"],
    "[0-9a-f]{64}",
  ),
  byName({ detector: "voyage-api-key", about: "Voyage key" }, ["voyage"], "pa-[a-z0-9_-]{40,48}"),
  byName({ detector: "sambanova-api-key", about: "SambaNova key" }, ["sambanova"], uuid),
  byName(
    { detector: "stability-api-key", about: "Stability key", accept: mixed },
    ["stability"],
    "sk-[a-z0-9]{32,64}",
  ),
  byName(
    { detector: "moonshot-api-key", about: "Moonshot key", accept: mixed },
    ["moonshot", "kimi"],
    "sk-[a-z0-9_-]{32,64}",
  ),
  byName(
    { detector: "qwen-api-key", about: "Qwen key of DashScope", accept: mixed },
    ["qwen"],
    "sk-[a-z0-9]{32}",
  ),
  byName(
    { detector: "minimax-api-key", about: "MiniMax key" },
    ["minimax"],
    "eyJ[a-z0-9_-]{16,512}\\.[a-z0-9_-]{16,1024}\\.[a-z0-9_-]{16,1024}",
  ),
  byName(
    { detector: "zhipu-api-key", about: "Zhipu key" },
    ["zhipu", "zai_", "zai-", "bigmodel"],
    "[0-9a-f]{32}\\.[a-z0-9]{16}",
  ),
  byName(
    { detector: "modal-token", about: "Modal token", accept: mixed },
    ["modal_", "modal "],
    "a[ks]-[a-z0-9]{22}",
  ),
  byName({ detector: "novita-api-key", about: "Novita key" }, ["novita"], "sk_[a-z0-9_-]{32,64}"),
  byName(
    { detector: "portkey-api-key", about: "Portkey key", accept: mixed },
    ["portkey"],
    "[a-z0-9+/]{27,40}={0,2}",
  ),
  byName(
    { detector: "writer-api-key", about: "Writer key", accept: mixed },
    ["writer_", "writer-"],
    "[a-z0-9]{40,64}",
  ),
  byBeginning({ detector: "upstage-api-key", about: "Upstage key" }, ["up_"], "[A-Za-z0-9]{29,32}"),
  byName(
    { detector: "vllm-api-key", about: "vLLM server key", accept: mixed },
    ["vllm"],
    "[a-z0-9_-]{24,128}",
  ),
  byName(
    { detector: "rev-ai-token", about: "Rev AI token", accept: mixed },
    joined("rev", "ai"),
    "[a-z0-9_-]{48,128}",
  ),
  byName(
    { detector: "scale-api-key", about: "Scale key" },
    ["scaleapi", "scale_api", "scale-api", "scale.com"],
    "(?:live|test)_[0-9a-f]{32}",
  ),
  byName(
    { detector: "speechmatics-api-key", about: "Speechmatics key", accept: mixed },
    ["speechmatics"],
    "[a-z0-9]{32}",
  ),
];
