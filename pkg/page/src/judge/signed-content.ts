// The bytes that the signature covers. The package does not hand them out, so they are put together from the provider's
// definition, and the core is asked whether it signs exactly these. What the core does not confirm is not shown.

import { createVerifier, sign, type PublicKeyVerifier } from "hookwarden/slim";
import { textOf, utf8 } from "../delivery/bytes.js";
import type { HeaderFamily, SchemeFacts } from "../delivery/catalogue.js";
import { valuesOf, type Header } from "../delivery/headers.js";
import { canonical } from "./canonical.js";
import { hasPublicKey } from "./keys.js";
import { KEY, nobodysSecret } from "./nobody.js";
import { inList } from "./signed-at.js";

/** A part of what is signed: of the template, or the value of a field in it. */
export interface SignedPart {
  /** `id`, `timestamp`, `body`, …; `null` for what stands between them. */
  readonly field: string | null;
  readonly bytes: Uint8Array;
}

export type SignedContent =
  | { readonly kind: "signed"; readonly template: string; readonly parts: readonly SignedPart[] }
  /** Nothing is signed: the secret itself is in a header. */
  | { readonly kind: "token"; readonly header: string }
  /** It cannot be shown, and why. */
  | { readonly kind: "unknown"; readonly reason: string };

export interface Signed {
  /** As the package takes the provider: its name, or a definition. */
  readonly given: string | object;
  readonly scheme: SchemeFacts;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly url: string | undefined;
  readonly method: string;
}

export function signedContent(signed: Signed): SignedContent {
  const { scheme, headers } = signed;
  const family = familyOf(scheme, headers);
  if (scheme.algorithm === "static-token") return { kind: "token", header: family?.signature ?? "a header" };
  const template = scheme.signed_content;
  if (template === undefined)
    return { kind: "unknown", reason: "The definition of this scheme names no signed content." };
  const parts: SignedPart[] = [];
  for (const piece of template.split(/(\{[a-z_:-]+\})/).filter((piece) => piece !== "")) {
    const field = /^\{(.+)\}$/.exec(piece)?.[1];
    const bytes = field === undefined ? utf8(piece) : valueOf(field, signed, family);
    if (bytes === undefined) return { kind: "unknown", reason: missing(field as string, family) };
    parts.push({ field: field ?? null, bytes });
  }
  return confirmed(signed, parts)
    ? { kind: "signed", template, parts }
    : { kind: "unknown", reason: "The page could not put together exactly what this scheme signs." };
}

function familyOf(scheme: SchemeFacts, headers: readonly Header[]): HeaderFamily | undefined {
  const there = ({ signature }: HeaderFamily) => signature !== undefined && valuesOf(headers, signature).length > 0;
  return scheme.headers.find(there) ?? scheme.headers[0];
}

/** Stands for the secret, which is not shown. */
const SECRET = "(the secret)";

function valueOf(
  field: string,
  { scheme, headers, body, url, method }: Signed,
  family: HeaderFamily | undefined,
): Uint8Array | undefined {
  const header = (name: string | undefined) => (name === undefined ? undefined : valuesOf(headers, name)[0]);
  switch (field) {
    case "body":
      return body;
    case "canonical_body": {
      const text = textOf(body);
      const form = text === undefined ? undefined : canonical(text);
      return form === undefined ? undefined : utf8(form);
    }
    case "id": {
      const id = header(family?.id);
      return id === undefined ? undefined : utf8(id);
    }
    case "timestamp": {
      const time = header(family?.timestamp) ?? inList(header(family?.signature), scheme.timestamp_label);
      return time === undefined ? undefined : utf8(time);
    }
    case "url":
      return url === undefined ? undefined : utf8(unescaped(url, scheme.url_unescape ?? ""));
    case "method":
      return utf8(method);
    case "form":
      return utf8(sortedForm(textOf(body) ?? ""));
    case "secret":
      return utf8(SECRET);
    default: {
      const value = field.startsWith("header:") ? header(field.slice("header:".length)) : undefined;
      return value === undefined ? undefined : utf8(value);
    }
  }
}

/** The escapes of some characters, undone. */
function unescaped(url: string, characters: string): string {
  return url.replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return characters.includes(character) ? character : escape;
  });
}

/** Names and values in the order of the names, each pair once. */
function sortedForm(text: string): string {
  const pairs = [...new URLSearchParams(text)].map(([name, value]) => [name, value] as const);
  const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  pairs.sort(([one, left], [other, right]) => compare(one, other) || compare(left, right));
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair.join("")])).values()].join("");
}

function missing(field: string, family: HeaderFamily | undefined): string {
  if (field === "url") return "The URL is signed, and it is not known: enter it above.";
  if (field === "canonical_body")
    return "The canonical form of the body is signed, and the body has none: it is not strict JSON.";
  const header = field === "id" ? family?.id : field === "timestamp" ? family?.timestamp : undefined;
  return header === undefined
    ? `The page cannot put \`{${field}}\` together.`
    : `\`{${field}}\` is signed, and the header \`${header}\` is not there.`;
}

/** Whether the core signs these bytes for this delivery. */
function confirmed(signed: Signed, parts: readonly SignedPart[]): boolean {
  try {
    return hasPublicKey(signed.scheme) ? askedFor(signed, parts) : sameSignature(signed, parts);
  } catch {
    return false;
  }
}

/** Of a scheme with public keys the core hands out what is to be checked. */
function askedFor({ given, scheme, headers, body, url, method }: Signed, parts: readonly SignedPart[]): boolean {
  let message: Uint8Array | undefined;
  const publicKeys: PublicKeyVerifier = (check) => {
    message = check.message;
    return true;
  };
  const options = { secret: nobodysSecret(scheme), scheme: scheme.name, schema: "off", publicKeys };
  createVerifier(given as never, options as never).verify(headers, body, { method, ...(url !== undefined && { url }) });
  return message !== undefined && isEqual(message, join(parts.map(({ bytes }) => bytes)));
}

/**
 * A signature that the core makes for the delivery, with a secret that is nobody's, must be right for the bytes under a
 * scheme that signs the body alone.
 */
function sameSignature({ given, scheme, body, url, method }: Signed, parts: readonly SignedPart[]): boolean {
  const text = (field: string) => {
    const found = parts.find((part) => part.field === field)?.bytes;
    return found && textOf(found);
  };
  const [time, [family]] = [text("timestamp"), scheme.headers];
  const isSeconds = scheme.timestamp_format === undefined || scheme.timestamp_format === "seconds";
  const isTime = time !== undefined && /^(?:0|[1-9]\d{0,11})$/.test(time);
  // Of times that are no such digits the core makes no signature to compare with.
  if (time !== undefined && isSeconds && !isTime) return false;
  const headers = sign(given as never, body, {
    secret: nobodysSecret(scheme),
    scheme: scheme.name,
    id: text("id"),
    now: isSeconds && isTime ? Number(time) : 0,
    url,
    method,
  } as never);
  const written = headers[family?.signature ?? ""] ?? "";
  // Of a time in other units, the core writes its own.
  const itsTime = (family?.timestamp && headers[family.timestamp]) ?? inList(written, scheme.timestamp_label);
  const kept = parts.filter(({ field }) => field !== "secret");
  // A digest covers the secret, which must come first for the comparison.
  if (kept.length < parts.length && (parts[0]?.field !== "secret" || kept.length < parts.length - 1)) return false;
  const content = join(
    kept.map(({ field, bytes }) => (field === "timestamp" && !isSeconds ? utf8(itsTime ?? "") : bytes)),
  );
  const mac = macIn(written);
  const bare = bareScheme(scheme);
  const value = bare.encoding === "hex" ? mac.hex : mac.base64;
  const verifier = createVerifier(bare.definition as never, { secret: KEY, schema: "off", now: 0 } as never);
  return verifier.verify([["x-bare", value]], content).event !== null;
}

/** The same algorithm over the body alone. */
function bareScheme({ algorithm, encoding = "hex" }: SchemeFacts) {
  const signed_content = algorithm.startsWith("hmac") ? "{body}" : "{secret}{body}";
  const headers = [{ signature: "x-bare" }];
  const schemes = [{ name: "bare", algorithm, encoding, signed_content, secret: "utf8", headers }];
  const definition = { name: "bare", title: "Bare", docs: "https://example.com/", event: { type: ["/type"] }, schemes };
  return { encoding, definition };
}

/** The signature in a header that the core wrote, in both encodings. */
function macIn(value: string): { hex: string; base64: string } {
  const hex = /[0-9a-f]{40,128}$/.exec(value)?.[0];
  const base64 = hex === undefined ? (/[A-Za-z0-9+/]{27,88}={0,2}$/.exec(value)?.[0] ?? "") : "";
  const binary =
    hex === undefined
      ? atob(base64)
      : String.fromCharCode(...(hex.match(/../g) ?? []).map((one) => Number.parseInt(one, 16)));
  return {
    hex: Array.from(binary, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join(""),
    base64: btoa(binary),
  };
}

const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

function join(all: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of all) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}
