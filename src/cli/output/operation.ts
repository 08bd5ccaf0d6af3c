/** Operation: how what a request asks for is named in lines and tables. */
import type { OperationView } from "../../contract/views.js";

type Named = Pick<OperationView, "action" | "method" | "path">;

/**
 * `responses.create`; `POST /v1/other`, as a rule of the policy names it, for
 * what the provider's API does not have. Records of older versions do not say
 * what a request asked for that was refused early.
 */
export function operationText(operation: Named | null | undefined): string {
  if (operation == null) return "unknown operation";
  const { action, method, path } = operation;
  return action === "unknown" ? `${method} ${path}` : action;
}

/** The same with its model, or with the path where it has none. */
export function subjectText(operation: OperationView, between = " · "): string {
  const { action, model, path } = operation;
  if (action === "unknown") return operationText(operation);
  return `${action}${between}${model ?? path}`;
}
