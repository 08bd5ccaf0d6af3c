/**
 * AI, Anthropic to Jina: the keys of model providers and of what is built
 * around them. Those whose keys begin as OpenAI's do are beside OpenAI's.
 */
import { begins, ends } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

export const aiRulesA: readonly Rule[] = [
  byBeginning(
    { detector: "anthropic-key", about: "Anthropic API, admin or OAuth key" },
    ["sk-ant-"],
    "[A-Za-z0-9_-]{80,200}",
  ),
  byBeginning(
    { detector: "anyscale-key", about: "Anyscale API key" },
    ["esecret_"],
    "[a-z0-9]{20,32}",
  ),
  {
    detector: "apify-token",
    about: "Apify API token, after its first word",
    keywords: ["apify_api_", "apify_proxy_"],
    exact: true,
    pattern: `apify_(?<secret>(?:api|proxy)_[A-Za-z0-9]{32,40})${ends}`,
  },
  byName(
    { detector: "assemblyai-key", about: "AssemblyAI API key", accept: real },
    ["assemblyai", "assembly_ai", "aai_api"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "baseten-key", about: "Baseten API key", accept: real },
    ["baseten"],
    "[A-Za-z0-9]{8}\\.[A-Za-z0-9]{32}",
  ),
  byBeginning(
    { detector: "browserbase-key", about: "Browserbase API key" },
    ["bb_live_"],
    "[A-Za-z0-9_-]{24,48}",
  ),
  byBeginning({ detector: "cerebras-key", about: "Cerebras API key" }, ["csk-"], "[a-z0-9]{40,60}"),
  byName(
    { detector: "cohere-key", about: "Cohere API key", accept: (key) => real(key) && mixed(key) },
    ["cohere", "co_api_key"],
    "[A-Za-z0-9]{40}",
  ),
  byBeginning({ detector: "cursor-key", about: "Cursor API key" }, ["crsr_"], "[0-9a-f]{64}"),
  byName(
    { detector: "cursor-key", about: "Cursor API key, by its name" },
    ["cursor"],
    "key_[0-9a-f]{64}",
  ),
  byName(
    { detector: "deepgram-key", about: "Deepgram API key", accept: real },
    ["deepgram", "dg_api"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "deepl-key", about: "DeepL API key" },
    ["deepl", "deepl-auth-key"],
    `${uuid}(?::fx)?`,
  ),
  byName(
    { detector: "deepseek-key", about: "DeepSeek API key", accept: real },
    ["deepseek"],
    "sk-[0-9a-f]{32}",
  ),
  byBeginning({ detector: "e2b-key", about: "E2B API key" }, ["e2b_", "sk_e2b_"], "[0-9a-f]{40}"),
  {
    ...byName(
      { detector: "elevenlabs-key", about: "ElevenLabs API key" },
      ["elevenlabs", "eleven_labs", "xi-api-key", "xi_api_key"],
      "(?:sk_)?[0-9a-f]{32}",
    ),
    pattern: assigned("eleven_?labs|xi[-_]api[-_]key", "(?:sk_[0-9a-f]{48}|[0-9a-f]{32})"),
    accept: real,
  },
  byBeginning(
    { detector: "elevenlabs-key", about: "ElevenLabs API key with its beginning" },
    ["sk_"],
    "[0-9a-f]{48}",
  ),
  byName({ detector: "exa-key", about: "Exa API key" }, ["exa_api", "exa-api"], uuid),
  {
    ...byName(
      { detector: "fal-key", about: "fal key" },
      ["fal_key", "fal_api", "fal.ai", "fal-"],
      "",
    ),
    pattern: assigned("fal[_-](?:key|api|ai)|fal\\.ai", `${uuid}:[0-9a-f]{32}`),
  },
  byBeginning({ detector: "firecrawl-key", about: "Firecrawl API key" }, ["fc-"], "[0-9a-f]{32}"),
  byBeginning(
    { detector: "fireworks-key", about: "Fireworks AI API key" },
    ["fw_"],
    "[A-Za-z0-9]{22,28}",
  ),
  anywhere({ detector: "groq-key", about: "Groq API key" }, ["gsk_"], "[A-Za-z0-9]{48,60}"),
  byBeginning(
    {
      detector: "huggingface-token",
      about: "Hugging Face access token",
      accept: (token) => /[A-Z]|\d|x{20}/.test(token),
    },
    ["hf_"],
    "[A-Za-z0-9]{33,37}",
  ),
  {
    detector: "huggingface-token",
    about: "Hugging Face organization token, after its first word",
    keywords: ["api_org_"],
    exact: true,
    pattern: `${begins}api_(?<secret>org_[A-Za-z]{34})${ends}`,
    accept: written,
  },
  byBeginning(
    { detector: "jina-key", about: "Jina AI API key" },
    ["jina_"],
    "[A-Za-z0-9_-]{56,68}",
  ),
  byName(
    { detector: "cloudinary-secret", about: "Cloudinary API secret", accept: real },
    ["cloudinary_api_secret", "cloudinary_secret"],
    "[A-Za-z0-9_-]{27}",
  ),
  {
    detector: "cloudinary-secret",
    about: "Cloudinary address with its secret",
    keywords: ["cloudinary://"],
    pattern: "cloudinary://[0-9]{10,18}:(?<secret>[A-Za-z0-9_-]{20,40})@",
  },
];
