// Providers as data. The core knows none by name: it is handed the definition.

import { DEFINITIONS } from "./generated/definitions.js";
import type { ProviderDefinition } from "./generated/definition.js";
import { utf8 } from "./body.js";
import { wrong } from "./options.js";

export type { ProviderDefinition };

const NAME = '{"name":"';
const byName = new Map(DEFINITIONS.split("\n").map((text) => [text.slice(NAME.length, text.indexOf('"', NAME.length)), text]));

/** A provider as text: its name, or its definition as JSON. */
export function textOf(provider: unknown): string {
  if (typeof provider === "string") return provider;
  if (typeof provider === "object" && provider !== null && !Array.isArray(provider)) return JSON.stringify(provider);
  throw wrong("the provider must be the name of one, such as \"audian\", or a definition");
}

const textOfDefinition = (text: string) => byName.get(text) ?? (text.startsWith("{") ? text : undefined);

/**
 * The definition that the core is handed, if there is one. As bytes: the glue would look at each character of a string, in
 * code that no engine has made fast yet.
 */
export function definitionOf(text: string): Uint8Array | undefined {
  const definition = textOfDefinition(text);
  return definition === undefined ? undefined : utf8(definition);
}

/** The name that the core is told where there is no definition. */
export function nameOf(text: string): string | undefined {
  return textOfDefinition(text) === undefined ? text : undefined;
}

/**
 * The definitions that come with the package: how each provider signs, where its events say what they are. One of them,
 * changed, is a start for a provider of your own. The schemas of the events are texts in them.
 */
export function definitions(): ProviderDefinition[] {
  return Array.from(byName.values(), (text) => JSON.parse(text) as ProviderDefinition);
}
