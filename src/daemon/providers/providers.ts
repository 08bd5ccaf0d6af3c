/**
 * Providers: the list of all adapters. A new one is a folder beside
 * `openai/`, a line here, and the contract suite of test/contracts/provider.ts.
 */
import { openai } from "./openai/openai.js";
import type { Provider } from "./provider.js";

/** All of them. */
export const providers: readonly Provider[] = [openai];

/** Names that a connection may give as its provider. */
export const providerNames: readonly string[] = providers.map(({ name }) => name);

/** The provider of a name. */
export function providerNamed(name: string): Provider | undefined {
  return providers.find((provider) => provider.name === name);
}
