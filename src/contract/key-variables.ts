/**
 * Key variables: the environment variables known to hold a provider's key, in
 * one place. `hoopx run` takes them out of the child's environment, the
 * command line hands none to the daemon, and the daemon refuses to start with
 * one. A name that is missing here is still caught by `run` where its value is
 * a stored secret.
 *
 * Listed are secrets that a model API, or a gateway to one, accepts. Cloud
 * credentials that do far more than that (AWS_SECRET_ACCESS_KEY) are not
 * hoopx's to take away.
 */
export const keyVariables = [
  // OpenAI, its clients, and Azure's
  "OPENAI_API_KEY",
  "OPENAI_ADMIN_KEY",
  "OPENAI_KEY",
  "OPENAI_WEBHOOK_SECRET",
  "CODEX_API_KEY",
  "AZURE_OPENAI_API_KEY",
  "AZURE_OPENAI_AD_TOKEN",
  "AZURE_OPENAI_KEY",
  "AZURE_AI_API_KEY",
  "AZURE_INFERENCE_CREDENTIAL",
  "COPILOT_PROVIDER_API_KEY",
  // Anthropic
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_ADMIN_KEY",
  "CLAUDE_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "ANTHROPIC_FOUNDRY_API_KEY",
  // Google
  "GEMINI_API_KEY",
  "GOOGLE_API_KEY",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GOOGLE_VERTEX_API_KEY",
  "PALM_API_KEY",
  // Amazon, for Bedrock alone
  "AWS_BEARER_TOKEN_BEDROCK",
  // other model APIs
  "AI21_API_KEY",
  "AIMLAPI_API_KEY",
  "ALEPH_ALPHA_API_KEY",
  "ANYSCALE_API_KEY",
  "ARK_API_KEY",
  "ASSEMBLYAI_API_KEY",
  "BASETEN_API_KEY",
  "CEREBRAS_API_KEY",
  "CO_API_KEY",
  "COHERE_API_KEY",
  "DASHSCOPE_API_KEY",
  "DEEPGRAM_API_KEY",
  "DEEPINFRA_API_KEY",
  "DEEPINFRA_API_TOKEN",
  "DEEPSEEK_API_KEY",
  "ELEVENLABS_API_KEY",
  "FAL_API_KEY",
  "FAL_KEY",
  "FIREWORKS_API_KEY",
  "FIREWORKS_AI_API_KEY",
  "FRIENDLI_TOKEN",
  "GROQ_API_KEY",
  "HF_TOKEN",
  "HUGGING_FACE_HUB_TOKEN",
  "HUGGINGFACE_API_KEY",
  "HUGGINGFACEHUB_API_TOKEN",
  "HUGGINGFACE_TOKEN",
  "HYPERBOLIC_API_KEY",
  "INFERENCE_API_KEY",
  "JINA_API_KEY",
  "LAMBDA_API_KEY",
  "LEPTON_API_KEY",
  "LUMA_API_KEY",
  "MINIMAX_API_KEY",
  "MISTRAL_API_KEY",
  "MOONSHOT_API_KEY",
  "NEBIUS_API_KEY",
  "NOVITA_API_KEY",
  "NVIDIA_API_KEY",
  "OCTOAI_TOKEN",
  "OLLAMA_API_KEY",
  "PERPLEXITY_API_KEY",
  "PPLX_API_KEY",
  "REPLICATE_API_KEY",
  "REPLICATE_API_TOKEN",
  "SAMBANOVA_API_KEY",
  "SILICONFLOW_API_KEY",
  "STABILITY_API_KEY",
  "TOGETHER_AI_API_KEY",
  "TOGETHER_API_KEY",
  "UPSTAGE_API_KEY",
  "VOYAGE_API_KEY",
  "WATSONX_API_KEY",
  "WATSONX_APIKEY",
  "XAI_API_KEY",
  "ZAI_API_KEY",
  "ZHIPU_API_KEY",
  "ZHIPUAI_API_KEY",
  // gateways to them
  "AI_GATEWAY_API_KEY",
  "CLOUDFLARE_AI_GATEWAY_TOKEN",
  "HELICONE_API_KEY",
  "LITELLM_API_KEY",
  "LITELLM_MASTER_KEY",
  "OPENROUTER_API_KEY",
  "OPENCODE_API_KEY",
  "PORTKEY_API_KEY",
  "REQUESTY_API_KEY",
  "VERCEL_OIDC_TOKEN",
] as const;

/** Our own: the sealed file's passphrase goes to the daemon over its socket and nowhere else. */
export const passphraseVariable = "HOOPX_PASSPHRASE";

const names: ReadonlySet<string> = new Set([...keyVariables, passphraseVariable]);

/** Does a variable of this name hold a provider's key, or a secret of our own? */
export function isKeyVariable(name: string): boolean {
  // Windows has one variable whatever the case; elsewhere a lower-case twin is no less a key.
  return names.has(name.toUpperCase());
}
