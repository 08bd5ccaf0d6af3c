/**
 * Providers: the list of all adapters. A new one is a folder beside
 * `openai/`, a line here, and the contract suite of test/contracts/provider.ts.
 */

import type { Action } from "../model/operation.js";
import { openai } from "./openai/openai.js";
import type { Provider } from "./provider.js";

const providers: readonly Provider[] = [openai];

/** Names that a connection may give as its provider. */
export const providerNames: readonly string[] = providers.map(({ name }) => name);

/** The provider of a name. */
export function providerNamed(name: string): Provider | undefined {
  return providers.find((provider) => provider.name === name);
}

/** All actions that there are, of whichever provider. */
export const knownActions: readonly Action[] = providers.flatMap(({ actions }) =>
  actions.map(({ action }) => action),
);
