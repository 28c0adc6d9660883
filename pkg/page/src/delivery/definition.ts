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
      ...optional("eventTypeHeader", event["type_header"]),
      ...optional("payload", value["payload"]),
      events: [],
      schemes,
    },
  };
}

const WORDS = [
  "grammar",
  "prefix",
  "label",
  "timestamp_label",
  "encoding",
  "signed_content",
  "url_unescape",
  "secret",
  "timestamp_format",
  "timestamp_pointer",
];

function optional<K extends string>(key: K, value: unknown): { readonly [key in K]?: string } {
  return typeof value === "string" ? ({ [key]: value } as { [key in K]: string }) : {};
}

function schemeOf(value: Record<string, unknown>): SchemeFacts {
  const families = listOf(value["headers"])
    .filter(isObject)
    .map((family): HeaderFamily =>
      Object.fromEntries(Object.entries(family).filter(([, name]) => typeof name === "string")),
    );
  const tolerance = value["tolerance_seconds"];
  const digest = value["body_digest"];
  return {
    name: wordOf(value["name"]) ?? "",
    algorithm: wordOf(value["algorithm"]) ?? "",
    headers: families,
    ...Object.assign({}, ...WORDS.map((key) => optional(key, value[key]))),
    ...(value["prefix_optional"] === true && { prefix_optional: true }),
    ...(value["preferred"] === true && { preferred: true }),
    ...(isObject(digest) && typeof digest["query"] === "string" && { body_digest: digest as never }),
    ...(typeof tolerance === "number" && { tolerance_seconds: tolerance }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const wordOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const wordsOf = (value: unknown): string[] => listOf(value).filter((one) => typeof one === "string");
