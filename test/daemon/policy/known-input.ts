/** Inputs by the name of an action: class, method and path are those of the provider's own table. */
import type { Operation } from "../../../src/daemon/model/operation.js";
import type { PolicyInput } from "../../../src/daemon/policy/policy.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";
import { type InputChange, inputOf } from "./input.js";

/** A plain request: no model, no tools, no flags, but what is said. */
export function knownInput(
  operation: Partial<Operation> & { readonly action: string },
  change: InputChange = {},
): PolicyInput {
  const known = openai.actions.find(({ action }) => action.name === operation.action);
  return inputOf({
    ...change,
    operation: {
      class: known?.action.class ?? "unknown",
      mintsCredential: known?.action.mintsCredential ?? false,
      method: known?.method ?? "GET",
      path: `/v1${known?.template ?? "/odd"}`,
      model: null,
      tools: [],
      hostedTools: [],
      store: false,
      ...operation,
    },
  });
}
