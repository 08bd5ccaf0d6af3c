/**
 * Operation: what a request means to its provider.
 */
export type OperationClass = "read" | "inference" | "write" | "admin" | "unknown";

/** `responses.create`: the provider's name for what is asked, and how risky its kind is. */
export interface Action {
  readonly name: string;
  readonly class: OperationClass;
  /** How the body is to be read before the request may leave. */
  readonly body: "none" | "json" | "multipart" | "sdp";
  /** The reply issues a credential of the provider. */
  readonly mintsCredential: boolean;
}

export interface Operation {
  readonly provider: string;
  readonly action: string;
  readonly class: OperationClass;
  readonly mintsCredential: boolean;
  readonly method: string;
  /** Path and query as the upstream has them, credentials in the query masked. */
  readonly path: string;
  readonly model: string | null;
  /** Every model that the request names, wherever it does; `model` among them. Absent as the flags below. */
  readonly models?: readonly string[];
  /** Another model may work on it than those named. */
  readonly otherModels?: boolean;
  /** Names of declared functions and kinds of hosted tools, in the request's order. */
  readonly tools: readonly string[];
  readonly stream: boolean;
  /** Other names of a declared tool, under which a rule may mean it. */
  readonly alsoCalled?: Readonly<Record<string, readonly string[]>>;
  /** Those of the tools that run at the provider. Absent where it was not looked at, as below. */
  readonly hostedTools?: readonly string[];
  /** The provider is to keep the reply. */
  readonly store?: boolean;
  /** The provider is to work on its own, and answer later. */
  readonly background?: boolean;
}

/** How a sentence names what is asked for; `POST /v1/other`, as a rule does, for an unknown operation. */
export function operationName({ action, method, path }: Operation): string {
  return action === "unknown" ? `${method} ${path}` : action;
}
