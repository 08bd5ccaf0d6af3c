/**
 * Described request: a request that was not sent, as a policy would be asked
 * about it. What is not described is taken as an ordinary request of the person who
 * asks, and that is said.
 */
import type { DescribedRequest } from "../../../contract/policy-views.js";
import type { Connection } from "../../model/connection.js";
import type { Identity } from "../../model/identity.js";
import type { Operation } from "../../model/operation.js";
import type { ToolCall } from "../../model/review.js";
import type { PolicyInput } from "../../policy/policy.js";
import type { KnownAction, Provider } from "../../providers/provider.js";
import type { Actor } from "../caller.js";
import { ControlProblem } from "../control-problem.js";

export interface DescribedRequestOptions {
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly fallbackProvider: Provider;
  readonly connections: () => readonly Connection[];
  readonly host: string;
  readonly nearestWord: (meant: string, words: readonly string[]) => string | undefined;
  readonly now: () => Date;
}

export interface Imagined {
  readonly input: PolicyInput;
  readonly toolCall: ToolCall | null;
  readonly notes: readonly string[];
}

/** Reads descriptions of requests. */
export function createDescribedRequests(options: DescribedRequestOptions) {
  return async function imagine(
    described: DescribedRequest,
    folder: string | undefined,
    actor: Pick<Actor, "identity">,
  ): Promise<Imagined> {
    const notes: string[] = [];
    const connection = connectionOf(described, notes);
    const known = options.connections().find(({ name }) => name === connection);
    const provider = (known && options.providerNamed(known.provider)) ?? options.fallbackProvider;
    const basePath =
      known?.basePath ?? new URL(provider.defaultBaseUrl).pathname.replace(/\/$/, "");
    const text = described.prompt ?? [];
    const spent = {
      requests: described.requests ?? 0,
      tokens: described.tokens ?? 0,
      cost: described.cost ?? 0,
    };
    const input: PolicyInput = {
      identity: await identityOf(described, actor, notes),
      process: {
        pid: null,
        pidStart: null,
        runnerPid: 0,
        runnerStart: null,
        command: described.command ?? "",
        cwd: folder ?? "/",
        host: described.host ?? options.host,
        user: "",
        git: null,
        ci: described.ci === undefined ? null : { system: described.ci, ...noJob },
      },
      processCheck: "tree",
      connection,
      operation: operationOf(described, provider, basePath),
      requestBytes: described.bytes ?? text.reduce((sum, part) => sum + part.length, 0),
      now: described.at === undefined ? options.now() : new Date(described.at),
      prompt: () => text,
      spent: () => spent,
    };
    const { toolCall } = described;
    return { input, toolCall: toolCall ? { ...toolCall, kind: "function" } : null, notes };
  };

  function connectionOf({ connection }: DescribedRequest, notes: string[]): string {
    if (connection !== undefined) return connection;
    const [first] = options.connections();
    const name = first?.name ?? options.fallbackProvider.name;
    notes.push(`taken as a request on the connection ${name}: --connection says otherwise`);
    return name;
  }

  async function identityOf(
    described: DescribedRequest,
    actor: Pick<Actor, "identity">,
    notes: string[],
  ): Promise<Identity> {
    const { subject, email, issuer, groups } = described;
    if (subject !== undefined) {
      return {
        issuer: issuer ?? (await actor.identity({})).issuer,
        subject,
        email: email ?? null,
        groups: groups ?? [],
        profile: null,
      };
    }
    const own = await actor.identity({});
    notes.push(`taken as a request by ${own.email ?? own.subject}: --identity says otherwise`);
    return { ...own, issuer: issuer ?? own.issuer, groups: groups ?? own.groups };
  }

  function operationOf(
    described: DescribedRequest,
    provider: Provider,
    basePath: string,
  ): Operation {
    const { model, tools, stream, store, background } = described;
    return {
      provider: provider.name,
      ...askedFor(described.operation, provider, basePath),
      model: model ?? null,
      tools: tools ?? [],
      hostedTools: [],
      stream: stream ?? false,
      store: store ?? false,
      background: background ?? false,
    };
  }

  function askedFor(word: string, provider: Provider, basePath: string) {
    const request = /^(\S+) (\/\S*)$/.exec(word);
    if (request !== null) {
      const [, method = "", path = ""] = request;
      return byRequest(provider, basePath, method.toUpperCase(), path);
    }
    const known = provider.actions.find(({ action }) => action.name === word);
    if (known === undefined) throw unknownOperation(word, provider.actions);
    const { name, class: kind, mintsCredential } = known.action;
    return {
      action: name,
      class: kind,
      mintsCredential,
      method: known.method,
      path: basePath + known.template,
    };
  }

  function byRequest(provider: Provider, basePath: string, method: string, target: string) {
    const [path = "", query = ""] = target.split("?", 2);
    const inside = path === basePath || path.startsWith(`${basePath}/`);
    const head = {
      method,
      path: inside ? path.slice(basePath.length) : "",
      fullPath: path,
      query,
      contentType: "",
    };
    const action = provider.recognise(head);
    if (action === undefined) {
      return { action: "unknown", class: "unknown" as const, mintsCredential: false, method, path };
    }
    const { name, class: kind, mintsCredential } = action;
    return { action: name, class: kind, mintsCredential, method, path };
  }

  function unknownOperation(word: string, actions: readonly KnownAction[]): ControlProblem {
    const names = actions.map(({ action }) => action.name);
    const meant = options.nearestWord(word, names);
    return new ControlProblem(
      "bad_request",
      "there is no such operation",
      meant === undefined
        ? 'name an action such as files.delete, or a request such as "DELETE /v1/files/file-1"'
        : `did you mean ${meant}?`,
    );
  }
}

const noJob = { job: null, run: null, url: null };
