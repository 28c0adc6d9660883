// Which provider a delivery looks like. A guess and no more: a header proves nothing, and several use the same one.

import { providers, type ProviderFacts, type SchemeFacts } from "./catalogue.js";
import { valuesOf, type Header } from "./headers.js";
import { textOf } from "./bytes.js";

export interface Guess {
  readonly provider: string;
  readonly scheme: string | undefined;
  /** What speaks for it, in a sentence. */
  readonly because: string;
}

/** A larger body is not parsed for a guess. */
const MOST_PARSED = 256_000;

const HEX_LENGTHS: Readonly<Record<string, number>> = {
  "hmac-sha1": 40,
  "hmac-sha256": 64,
  "hmac-sha512": 128,
  sha1: 40,
  sha256: 64,
  ed25519: 128,
};
const HEX = /^[0-9a-f]{40,128}$/i;
const BASE64 = /^[A-Za-z0-9+/]{27,88}={0,2}$/;

export function guess(headers: readonly Header[], body: Uint8Array): Guess | undefined {
  let best: { points: number; guess: Guess } | undefined;
  const payload = parsed(body);
  for (const provider of providers) {
    for (const scheme of provider.schemes) {
      const [points, because] = pointsOf(provider, scheme, headers, payload);
      if (points > (best?.points ?? 0)) {
        const name = provider.schemes.length > 1 ? scheme.name : undefined;
        best = { points, guess: { provider: provider.name, scheme: name, because } };
      }
    }
  }
  return best?.guess;
}

/** The scheme of a provider that the headers are of, where the provider is known. */
export function guessScheme(provider: ProviderFacts, headers: readonly Header[]): string | undefined {
  let best: [number, string | undefined] = [0, undefined];
  for (const scheme of provider.schemes) {
    const [points] = familyPoints(scheme, headers);
    if (points > best[0]) best = [points, scheme.name];
  }
  return best[1];
}

function pointsOf(
  provider: ProviderFacts,
  scheme: SchemeFacts,
  headers: readonly Header[],
  payload: unknown,
): [number, string] {
  const [points, header] = familyPoints(scheme, headers);
  const type = provider.eventType.map((pointer) => at(payload, pointer)).find((one) => typeof one === "string");
  const known = type !== undefined && provider.events.includes(type as string);
  const inHeader = provider.eventTypeHeader !== undefined && valuesOf(headers, provider.eventTypeHeader).length > 0;
  if (points > 0) {
    // Who names the event in a header always does.
    const nameless = provider.eventTypeHeader !== undefined && !inHeader;
    const more = known || inHeader ? 3 : type !== undefined ? 0.5 : nameless ? -1 : 0;
    return [points + more + (isNamedAfter(provider, header) ? 1 : 0), `from ${header}`];
  }
  // The event type alone is weak: "call.completed" may be anybody's.
  return known ? [1, "from the event type alone"] : [0, ""];
}

/** Many providers sign with the headers of Svix or of Standard Webhooks; those are the best guess for any other. */
function isNamedAfter({ name }: ProviderFacts, header: string): boolean {
  const words = header.split("-");
  return name.split("-").some((word) => words.includes(word) || words.includes(word.replace(/s$/, "")));
}

function familyPoints(scheme: SchemeFacts, headers: readonly Header[]): [number, string] {
  let best: [number, string] = [0, ""];
  for (const family of scheme.headers) {
    if (family.signature === undefined) continue;
    const [value] = valuesOf(headers, family.signature);
    if (value === undefined) continue;
    const others = [family.id, family.timestamp].filter((name) => name !== undefined);
    const there = others.filter((name) => valuesOf(headers, name).length > 0).length;
    const points = 4 + there + (looksLike(scheme, value) ? 2 : 0) + hinted(scheme, family.signature, headers);
    if (points > best[0]) best = [points, family.signature];
  }
  return best;
}

/** What speaks for one of two schemes with the same header: a header with its name, or the kind of body that it signs. */
function hinted(scheme: SchemeFacts, header: string, headers: readonly Header[]): number {
  if (valuesOf(headers, `${header}-version`)[0] === scheme.name) return 1;
  const [type = ""] = valuesOf(headers, "content-type");
  if (scheme.body_digest !== undefined) return /\bjson\b/i.test(type) ? 0.5 : 0;
  return scheme.signed_content?.includes("{form}") && /form-urlencoded/i.test(type) ? 0.5 : 0;
}

function looksLike(scheme: SchemeFacts, value: string): boolean {
  if (scheme.prefix !== undefined && value.startsWith(scheme.prefix)) return true;
  if (scheme.label !== undefined) return value.includes(`${scheme.label},`) || value.includes(`${scheme.label}=`);
  if (scheme.prefix !== undefined && !scheme.prefix_optional) return false;
  return scheme.encoding === "hex"
    ? HEX.test(value) && value.length === (HEX_LENGTHS[scheme.algorithm] ?? value.length)
    : scheme.encoding === "base64" && BASE64.test(value) && !HEX.test(value);
}

/** The payload, unless it is no JSON or so large that a guess is not worth it. */
export function parsed(body: Uint8Array): unknown {
  if (body.length === 0 || body.length > MOST_PARSED) return undefined;
  try {
    return JSON.parse(textOf(body) ?? "");
  } catch {
    return undefined;
  }
}

/** Own properties only: what an object inherits was never sent. */
export function at(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((here, key) => {
      const name = key.replace(/~1/g, "/").replace(/~0/g, "~");
      return typeof here === "object" && here !== null && Object.hasOwn(here, name)
        ? (here as Record<string, unknown>)[name]
        : undefined;
    }, value);
}
