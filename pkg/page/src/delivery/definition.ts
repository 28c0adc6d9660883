// A provider that somebody describes themselves: the shape of provider.toml, as JSON.

import type { HeaderFamily, ProviderFacts, SchemeFacts } from "./catalogue.js";

type Read = { readonly definition: object; readonly facts: ProviderFacts } | { readonly error: string };

/** What the page itself needs to know of a definition. Whether it makes sense is for the core to say. */
export function definitionOf(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: `The definition is not JSON: ${(error as Error).message}` };
  }
  if (!isObject(value)) return { error: "A definition is a JSON object." };
  const schemes = listOf(value["schemes"]).filter(isObject).map(schemeOf);
  const event = isObject(value["event"]) ? value["event"] : {};
  return {
    definition: value,
    facts: {
      name: wordOf(value["name"]) ?? "own",
      title: wordOf(value["title"]) ?? "Your definition",
      docs: "",
      credentials: wordsOf(value["credentials"]),
      eventType: wordsOf(event["type"]),
      events: [],
      schemes,
    },
  };
}

function schemeOf(value: Record<string, unknown>): SchemeFacts {
  const word = (key: keyof SchemeFacts) => {
    const found = wordOf(value[key]);
    return found === undefined ? {} : { [key]: found };
  };
  const families = listOf(value["headers"])
    .filter(isObject)
    .map((family): HeaderFamily =>
      Object.fromEntries(Object.entries(family).filter(([, name]) => typeof name === "string")),
    );
  const tolerance = value["tolerance_seconds"];
  return {
    name: wordOf(value["name"]) ?? "",
    algorithm: wordOf(value["algorithm"]) ?? "",
    headers: families,
    ...word("prefix"),
    ...word("label"),
    ...word("timestamp_label"),
    ...word("encoding"),
    ...word("signed_content"),
    ...word("secret"),
    ...(typeof tolerance === "number" && { tolerance_seconds: tolerance }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const wordOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const wordsOf = (value: unknown): string[] => listOf(value).filter((one) => typeof one === "string");
