// Providers as data. The core knows none by name: it is handed the definition.

import { DEFINITIONS } from "./generated/definitions.js";
import type { ProviderDefinition } from "./generated/definition.js";
import { wrong } from "./options.js";

export type { ProviderDefinition };

/** What the core is told of a provider: its name, or the definition of one that does not come with the package. */
export function named(provider: unknown): { provider: string } | { definition: object } {
  if (typeof provider === "string") return { provider };
  if (typeof provider === "object" && provider !== null && !Array.isArray(provider)) return { definition: provider };
  throw wrong("the provider must be the name of one, such as \"audian\", or a definition");
}

/** The definition in the place of the name, in the text of what `named` gave. The name must stand first. */
export function withDefinition(text: string): string {
  return text.replace(/^\{"provider":"([a-z0-9-]+)"/, (all, name: string) =>
    Object.hasOwn(DEFINITIONS, name) ? `{"definition":${DEFINITIONS[name]}` : all,
  );
}

/** The definitions that come with the package. */
export function definitions(): ProviderDefinition[] {
  return Object.values(DEFINITIONS).map((text) => JSON.parse(text) as ProviderDefinition);
}
