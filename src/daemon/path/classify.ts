/**
 * Classify: ask the provider what this is. Reads the body, whole, and lets
 * nothing by that the provider's extractor cannot read: what is unknown is
 * named so, and the policy denies it unless a rule names it (SECURITY P3).
 */
import type { Action } from "../model/operation.js";
import { Refusal } from "../model/refusal.js";
import type { RequestHead } from "../providers/provider.js";
import { createBodyDecoders, type UnpackLimits } from "./body-encoding.js";
import { type Authenticated, advance, type Classified, type Station } from "./station.js";

export interface ClassifyOptions extends UnpackLimits {
  /** Values that a JSON body may have. */
  readonly jsonValues: number;
}

const named = ({ name, class: kind }: Action) => ({ action: name, class: kind });

const unread = { parsed: false, mostOutput: null } as const;

/** Creates the station that says which operation a request is. */
export function createClassify(limits: ClassifyOptions): Station<Authenticated, Classified> {
  const decoderOf = createBodyDecoders(limits);

  return async function classify(exchange) {
    const { connection, provider, method, path, query, header } = exchange;
    const { basePath } = connection;
    const inside = path === basePath || path.startsWith(`${basePath}/`);
    const head: RequestHead = {
      method,
      // A path beside the base path is no operation: no provider has one without a leading slash.
      path: inside ? path.slice(basePath.length) : "",
      fullPath: path,
      query,
      contentType: header("content-type") ?? "",
    };

    // Codex tries a WebSocket first. After 426 it falls back to POST at once; after 403, 404 and
    // 501 it tries seven times, and after 400 it gives up.
    if (header("upgrade")?.toLowerCase() === "websocket") {
      const socket = provider.recogniseSocket(head);
      const operation = { ...provider.describeUnknown(head), ...(socket && named(socket)) };
      advance(exchange, { head, operation });
      throw new Refusal("upgrade_unsupported", "WebSockets are not carried");
    }
    const action = provider.recognise(head);
    try {
      return await withBody(exchange, head, action);
    } catch (error) {
      // Method and path name an operation, whatever is wrong with the body: the record has it.
      const operation = { ...provider.describeUnknown(head), ...(action && named(action)) };
      advance(exchange, { head, operation });
      throw error;
    }
  };

  async function withBody(
    exchange: Authenticated,
    head: RequestHead,
    action: Action | undefined,
  ): Promise<Classified> {
    const { provider, path } = exchange;
    const decode = decoderOf(exchange.header("content-encoding"));
    const body = await exchange.readBody();
    // For looking only: what is sent are the bytes that came.
    const readable = decode === undefined ? body : await decode(body, exchange.holdBody);
    if (action === undefined) {
      if (/%2f/i.test(path)) {
        throw new Refusal("path_not_allowed", "the path has an escaped slash where no name stands");
      }
      const operation = provider.describeUnknown(head);
      const prompt = () => provider.promptOfUnknown(head, readable);
      return advance(exchange, { head, body, readable, ...unread, operation, prompt });
    }
    const described = await provider.describe(action, head, readable, limits);
    return advance(exchange, { head, body, readable, parsed: true, ...described });
  }
}
