/**
 * Cloud, Microsoft: Entra client secrets, the keys of Azure's services (those
 * made since 2022 carry a mark of their service), connection strings, shared
 * access signatures, and tokens of Azure DevOps.
 */
import { begins, notBefore, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { assigned } from "./shapes.js";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const digits = [..."0123456789"];

export const microsoftRules: readonly Rule[] = [
  {
    detector: "azure-client-secret",
    about: "Entra ID client secret",
    keywords: digits.map((digit) => `${digit}Q~`),
    exact: true,
    before: 3,
    pattern: `${notBehind("A-Za-z0-9_~.-")}[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}${notBefore("A-Za-z0-9_~-")}`,
  },
  {
    detector: "azure-client-secret",
    about: "Entra ID client secret, by its name",
    keywords: [
      "azure_client_secret",
      "azure-client-secret",
      "azureclientsecret",
      "aad_client_secret",
    ],
    anyCase: true,
    pattern: assigned("(?:azure|aad)[_-]?client[_-]?secret", "[A-Za-z0-9_~.?@:+/=\\[\\]-]{24,64}"),
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    detector: "azure-client-id",
    about: "Entra ID application, tenant or subscription",
    keywords: ["azure_", "azure-", "arm_", "ad_tenant", "ad_client"],
    anyCase: true,
    pattern: assigned("(?:azure|arm|ad)[_-](?:ad[_-])?(?:client|tenant|subscription)[_-]?id", uuid),
    accept: (id) => !/0{8}/.test(id),
  },
  {
    detector: "azure-storage-key",
    about: "key of an Azure account in a connection string",
    keywords: ["accountkey", "account_key", "account-key"],
    anyCase: true,
    pattern:
      "account[_-]?key[\"'`]{0,2}[ \\t]{0,3}[=:][ \\t]{0,3}[\"'`]{0,2}(?<secret>[A-Za-z0-9+/]{86}==)",
  },
  {
    detector: "azure-storage-account",
    about: "Azure storage account beside its key",
    keywords: ["accountname="],
    anyCase: true,
    pattern: "accountname=(?<secret>[a-z0-9]{3,24});accountkey=[A-Za-z0-9+/]{40}",
  },
  {
    detector: "azure-shared-access-key",
    about: "shared access key of a Service Bus, Event Hub or IoT Hub",
    keywords: ["sharedaccesskey=", "sharedsecretvalue="],
    anyCase: true,
    pattern: "shared(?:accesskey|secretvalue)=(?<secret>[A-Za-z0-9+/]{42,88}={0,2})",
  },
  {
    detector: "azure-app-configuration",
    about: "Azure App Configuration connection string",
    keywords: ["endpoint=https://"],
    anyCase: true,
    pattern:
      "endpoint=(?<secret>https://[\\w-]{2,64}\\.azconfig\\.io;id=[^;\\s\"']{4,64};secret=[A-Za-z0-9+/]{30,100}={0,2})",
  },
  {
    detector: "azure-sas-signature",
    about: "signature of a shared access signature",
    keywords: ["sig="],
    pattern: "(?<=[?&;])sig=(?<secret>[A-Za-z0-9%+/]{40,80}(?:%3[dD]|=))",
  },
  {
    detector: "azure-marked-key",
    about: "Azure service key with its service's mark",
    keywords: [
      "primary",
      "secondary",
      "masterkey",
      "master_key",
      "accesskey",
      "access_key",
      "functions-key",
      "code=",
    ],
    anyCase: true,
    pattern: assigned(
      "(?:primary|secondary|master|access|functions)[_-]?(?:access[_-]?)?key|code",
      "(?:[A-Za-z0-9+/]{76}(?:APIM|ACDb|\\+(?:ABa|AMC|ASt))[A-Za-z0-9+/]{5}[AQgw]==" +
        "|[A-Za-z0-9+/_-]{44}AzFu[A-Za-z0-9+/_-]{5}[AQgw]==" +
        "|[A-Za-z0-9+/]{33}(?:AIoT|AzEG|\\+(?:ASb|AEh|ARm))[A-Za-z0-9+/]{5}[AEIMQUYcgkosw048]=" +
        "|[A-Za-z0-9+/]{42}(?:AzSe|AzCa|\\+ACR)[A-Za-z0-9+/]{5}[A-D])",
    ),
  },
  {
    detector: "azure-ai-key",
    about: "key of an Azure AI service",
    keywords: ["api-key", "api_key", "apikey", "subscription-key", "azure", "openai"],
    anyCase: true,
    pattern: assigned(
      "api[_-]?key|subscription-key|azure[\\w-]{0,24}key|openai[\\w-]{0,24}key",
      "[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{22,28}",
    ),
  },
  {
    detector: "azure-subscription-key",
    about: "key of an Azure API subscription",
    keywords: [
      "ocp-apim-subscription-key",
      "subscription-key",
      "subscription_key",
      "azure_openai",
      "azure_api_key",
    ],
    anyCase: true,
    pattern: assigned(
      "(?:ocp-apim-)?subscription[_-]key|azure_openai|azure_api_key",
      "[0-9a-f]{32}",
    ),
    accept: (key) => !isPlaceholder(key),
  },
  {
    detector: "azure-devops-token",
    about: "Azure DevOps personal access token",
    keywords: ["AZDO"],
    exact: true,
    before: 76,
    pattern: `${begins}[A-Za-z0-9]{74,76}AZDO[A-Za-z0-9]{4}${notBefore("A-Za-z0-9")}`,
    accept: (token) => token.length === 84 || token.length === 82,
  },
  {
    detector: "azure-devops-token",
    about: "Azure DevOps personal access token as it was until 2024",
    keywords: ["azure", "devops", "personal", "vsts", "vss_"],
    anyCase: true,
    pattern: assigned("azure|devops|personal[_-]?access[_-]?token|vsts|vss_", "[a-z0-9]{52}"),
    accept: (token) => /\d/.test(token) && !isPlaceholder(token),
  },
];
