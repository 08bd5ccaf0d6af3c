/**
 * OTel: a session as one trace of OpenTelemetry's GenAI conventions, as OTLP
 * JSON: the agent's run, below it each inference, and each tool the model
 * called and the agent ran. Ids are made of the session's own, so that a
 * session exported again is the same trace. What was said is not in it.
 */
import { createHash } from "node:crypto";
import type { ConversationView, ExchangeView } from "../../contract/views.js";
import { escapeJson } from "../output/escape.js";
import { type Stop, stopOf } from "../output/stop.js";
import type { Format } from "./format.js";
import { bytesOf, type ExportSource } from "./source.js";

type Value = string | number | boolean | readonly string[] | null | undefined;

const kinds = { internal: 1, client: 3 } as const;
const failed = 2;

export const otel: Format = async function* (source) {
  const { session, version } = source;
  const traceId = idOf("trace", session.id, 32);
  const root = idOf("session", session.id, 16);
  const models = await answeredModels(source);
  const calls = new Map<string, OpenCall>();
  let end = Date.parse(session.endedAt ?? session.startedAt);

  const resource = attributesOf({
    "service.name": "hoopx",
    "service.version": version,
    "host.name": session.process.host,
    "process.command_line": session.process.command,
    "process.pid": session.process.pid,
  });
  const scope = json({ name: "hoopx", version });
  yield `{"resourceSpans":[{"resource":${json({ attributes: resource })},"scopeSpans":[{"scope":${scope},"spans":[`;
  for await (const conversation of source.conversations()) {
    const { exchange } = conversation;
    end = Math.max(end, endOf(exchange));
    for (const turn of conversation.prompt) {
      if (turn.kind !== "tool-result" || turn.id === null) continue;
      const call = calls.get(turn.id);
      if (call === undefined) continue;
      calls.delete(turn.id);
      yield `${json(toolSpan(turn.id, call, Date.parse(exchange.startedAt)))},\n`;
    }
    for (const turn of conversation.reply) {
      if (turn.kind !== "tool-call" || turn.id === null) continue;
      const from =
        Date.parse(exchange.startedAt) + (turn.deltas.at(-1)?.at ?? exchange.durationMs ?? 0);
      calls.set(turn.id, { name: turn.name, from });
    }
    yield `${json(exchangeSpan(conversation))},\n`;
  }
  yield `${json({
    ...{ traceId, spanId: root, name: "invoke_agent", kind: kinds.internal },
    startTimeUnixNano: nanoseconds(Date.parse(session.startedAt)),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": session.title,
      "gen_ai.conversation.id": session.id,
      "enduser.id": session.identity.subject,
      "hoopx.session.id": session.id,
      "hoopx.session.status": session.status,
      "hoopx.policy.hash": session.policyHash,
      "process.exit.code": session.exitCode,
    }),
    status: session.exitCode === null || session.exitCode === 0 ? {} : { code: failed },
  })}]}]}]}\n`;

  interface OpenCall {
    readonly name: string;
    readonly from: number;
  }

  function toolSpan(id: string, { name, from }: OpenCall, to: number): object {
    return {
      ...{ traceId, spanId: idOf("tool", `${session.id} ${id}`, 16), parentSpanId: root },
      ...{ name: `execute_tool ${name}`, kind: kinds.internal },
      startTimeUnixNano: nanoseconds(from),
      endTimeUnixNano: nanoseconds(Math.max(from, to)),
      attributes: attributesOf({
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": id,
        "gen_ai.tool.type": "function",
      }),
      status: {},
    };
  }

  function exchangeSpan({ exchange, reply }: ConversationView): object {
    const { operation, decision, tokens } = exchange;
    const name = operationName(operation?.action);
    const model = operation?.model ?? null;
    const answered = models.get(exchange.id);
    const stop = stopOf(exchange);
    const began = Date.parse(exchange.startedAt);
    return {
      ...{ traceId, spanId: idOf("exchange", exchange.id, 16), parentSpanId: root },
      ...{ name: model === null ? name : `${name} ${model}`, kind: kinds.client },
      startTimeUnixNano: nanoseconds(began),
      endTimeUnixNano: nanoseconds(endOf(exchange)),
      attributes: attributesOf({
        "gen_ai.operation.name": name,
        "gen_ai.provider.name": operation?.provider,
        "gen_ai.system": operation?.provider,
        "gen_ai.conversation.id": session.id,
        "gen_ai.request.model": model,
        "gen_ai.response.model": answered?.model,
        "gen_ai.response.id": answered?.id,
        "gen_ai.usage.input_tokens": tokens?.input,
        "gen_ai.usage.output_tokens": tokens?.output,
        "http.request.method": operation?.method,
        "url.path": operation?.path.split("?", 1)[0],
        "http.response.status_code": exchange.status,
        "error.type":
          stop === undefined ? null : (exchange.error ?? errorTypeOf(stop, exchange.status)),
        "hoopx.exchange.id": exchange.id,
        "hoopx.connection": exchange.connection,
        "hoopx.operation": operation?.action,
        "hoopx.outcome": exchange.outcome,
        "hoopx.decision.effect": decision?.effect,
        "hoopx.decision.rule": decision?.rule,
        "hoopx.review.id": exchange.review,
        "hoopx.masked": exchange.masked.map(({ detector }) => detector),
      }),
      events: reply
        .filter((turn) => turn.kind === "tool-call")
        .map((turn) => ({
          timeUnixNano: nanoseconds(began + (turn.deltas[0]?.at ?? exchange.durationMs ?? 0)),
          name: "gen_ai.tool.call",
          attributes: attributesOf({
            "gen_ai.tool.name": turn.name,
            "gen_ai.tool.call.id": turn.id,
          }),
        })),
      status: stop === undefined ? {} : { code: failed, message: stop.reason },
    };
  }
};

/** The HTTP conventions: the status where there is no more to say. A denied tool call has no status of its own. */
function errorTypeOf({ outcome }: Stop, status: number | null): string {
  return outcome === "failed" && status !== null ? String(status) : outcome;
}

/** What the replies say of the model and themselves. */
async function answeredModels(
  source: ExportSource,
): Promise<ReadonlyMap<string, { readonly model?: string; readonly id?: string }>> {
  const found = new Map<string, { model?: string; id?: string }>();
  for await (const { exchange, frames } of source.recorded()) {
    const body = bytesOf(frames, "reply-body").toString("utf8");
    // The whole of a reply, or an event of it that has both: the first will do.
    const texts = body.startsWith("{")
      ? [body]
      : body.split("\n").filter((line) => line.startsWith("data: {"));
    for (const text of texts.slice(0, 3)) {
      const said = saidOf(text.replace(/^data: /, ""));
      if (said === undefined) continue;
      found.set(exchange.id, said);
      break;
    }
  }
  return found;
}

function saidOf(text: string): { readonly model?: string; readonly id?: string } | undefined {
  try {
    const value = JSON.parse(text) as { readonly response?: unknown };
    const { model, id } = (value.response ?? value) as {
      readonly model?: unknown;
      readonly id?: unknown;
    };
    if (typeof model !== "string") return undefined;
    return { model, ...(typeof id === "string" && { id }) };
  } catch {
    // A reply that was cut short, or is none in JSON.
    return undefined;
  }
}

/** The conventions' name for it; the provider's own where they have none. */
function operationName(action: string | undefined): string {
  if (action === undefined) return "unknown";
  if (/^(?:responses|chat\.completions|messages)\./.test(action)) return "chat";
  if (action.startsWith("embeddings.")) return "embeddings";
  return action === "completions.create" ? "text_completion" : action;
}

function endOf({ startedAt, durationMs, firstByteMs }: ExchangeView): number {
  return Date.parse(startedAt) + (durationMs ?? firstByteMs ?? 0);
}

function idOf(what: string, id: string, length: number): string {
  return createHash("sha256").update(`hoopx ${what} ${id}`).digest("hex").slice(0, length);
}

/** Milliseconds with their microseconds, as OTLP's JSON writes 64-bit numbers. */
function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
}

function attributesOf(values: Readonly<Record<string, Value>>): readonly object[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const any = anyValueOf(value);
    return any === undefined ? [] : [{ key, value: any }];
  });
}

function anyValueOf(value: Value): object | undefined {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return { intValue: String(value) };
  if (value == null || value.length === 0) return undefined;
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

function json(value: unknown): string {
  return escapeJson(JSON.stringify(value));
}
