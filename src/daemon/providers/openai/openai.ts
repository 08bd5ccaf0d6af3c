/**
 * OpenAI: the adapter of the OpenAI API and of all that speak it.
 */

import { parsedAtOnce } from "../../formats/json/strict.js";
import { atOnce, inTurns } from "../../model/turns.js";
import { maskRequest } from "../masked-request.js";
import type { Provider } from "../provider.js";
import { adminOperations } from "./admin-operations.js";
import { converse } from "./conversation.js";
import { openDeltas } from "./deltas.js";
import { describeSteps, describeUnknown } from "./describe.js";
import { openaiJson } from "./non-text-members.js";
import { operations } from "./operations.js";
import { noText, textsInUnknown, unreadableBy } from "./prompt.js";
import { recognise, recogniseSocket } from "./recognise.js";
import { refusalBody } from "./refusal.js";
import { openMessageTexts, openTexts } from "./texts.js";
import { openToolCalls } from "./tool-calls.js";
import { openMeter } from "./usage.js";

export const openai: Provider = {
  name: "openai",
  defaultBaseUrl: "https://api.openai.com/v1",
  probe: { method: "GET", path: "/models" },
  actions: [...operations, ...adminOperations],
  recognise,
  recogniseSocket,
  describe: async (action, head, body, limits = unlimited, begun) => {
    const steps = describeSteps(action, head, body, limits, begun);
    return body.length > parsedAtOnce ? inTurns(steps) : atOnce(steps);
  },
  describeUnknown,
  promptOfUnknown: (_head, body) => textsInUnknown(body),
  maskRequest: ({ contentType }, body, how) =>
    maskRequest({
      ...how,
      contentType,
      body,
      members: { noPrompt: noText, unreadableBy },
    }),
  openMeter,
  refusalBody,
  openToolCalls,
  openTexts,
  openMessageTexts,
  json: openaiJson,
  converse,
  openDeltas,
  environment,
};

const unlimited = { jsonValues: Number.POSITIVE_INFINITY };

/** PRODUCT.md, "Child environment". */
function environment(baseUrl: URL, token: string): Readonly<Record<string, string>> {
  const webSocketUrl = new URL(baseUrl);
  webSocketUrl.protocol = baseUrl.protocol === "https:" ? "wss:" : "ws:";
  return {
    OPENAI_API_KEY: token,
    OPENAI_BASE_URL: withoutSlash(baseUrl),
    // WebSockets are not carried yet: the daemon answers 426, and clients fall back to HTTP at once.
    // Without this variable they would go to the vendor, past the daemon and with the session's token.
    OPENAI_WEBSOCKET_BASE_URL: withoutSlash(webSocketUrl),
    // GitHub's Copilot CLI takes a provider of one's own by these.
    COPILOT_PROVIDER_TYPE: "openai",
    COPILOT_PROVIDER_BASE_URL: withoutSlash(baseUrl),
    COPILOT_PROVIDER_API_KEY: token,
    // The Agents SDK's trace exporter ignores the base URL: it would send prompts past the daemon.
    OPENAI_AGENTS_DISABLE_TRACING: "1",
  };
}

const withoutSlash = (url: URL): string => url.href.replace(/\/$/, "");
