/**
 * Malformed: the answer to bytes that are no request, so that no exchange
 * stands for them. Written by hand, since node:http has no response for them.
 */
import { STATUS_CODES } from "node:http";
import { Refusal } from "../model/refusal.js";
import type { Provider } from "../providers/provider.js";

export interface MalformedOptions {
  readonly nextId: () => string;
  /** Gives the error's shape. */
  readonly provider: Provider;
}

const refusalFor = {
  malformed: ["request_malformed", "the request is not well-formed HTTP/1.1"],
  "too-large": ["headers_too_large", "the request's head is over the limit"],
  timeout: ["body_timeout", "the request took too long to arrive"],
  connect: ["method_not_allowed", "CONNECT is not a method of the data path"],
} as const;

/** Creates the writer of whole answers. */
export function createMalformed({ nextId, provider }: MalformedOptions) {
  return function malformed(problem: keyof typeof refusalFor): Buffer {
    const [code, message] = refusalFor[problem];
    const { status, hint } = new Refusal(code, message);
    const exchangeId = nextId();
    const { body, contentType } = provider.refusalBody({ code, status, message, hint, exchangeId });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${contentType}`,
      `content-length: ${body.length}`,
      "x-should-retry: false",
      `x-hoopx-exchange-id: ${exchangeId}`,
      "connection: close",
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
  };
}
