// The bytes that the signature covers. The package does not hand them out, so they are put together from the provider's
// definition, and the core is asked whether it signs exactly these: a signature that it makes for the delivery must be
// right for them too, under a scheme that signs the body alone. What the core does not confirm is not shown.

import { createVerifier, sign } from "hookwarden/slim";
import { textOf, utf8 } from "../delivery/bytes.js";
import { providers, type HeaderFamily, type ProviderFacts, type SchemeFacts } from "../delivery/catalogue.js";
import { valuesOf, type Header } from "../delivery/headers.js";
import { canonical } from "./canonical.js";

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
  readonly provider: ProviderFacts;
  /** As the package takes the provider: its name, or a definition. */
  readonly given: string | object;
  readonly scheme: SchemeFacts;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

export function signedContent(signed: Signed): SignedContent {
  const { scheme, headers } = signed;
  const family = familyOf(scheme, headers);
  if (scheme.algorithm === "static-token") return { kind: "token", header: family?.signature ?? "a header" };
  const template = scheme.signed_content;
  if (template === undefined)
    return { kind: "unknown", reason: "The definition of this scheme names no signed content." };
  const parts: SignedPart[] = [];
  for (const piece of template.split(/(\{[a-z_]+\})/).filter((piece) => piece !== "")) {
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

function valueOf(
  field: string,
  { scheme, headers, body }: Signed,
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
    default:
      return undefined;
  }
}

/** `t=1700000000,v1=…` */
function inList(value: string | undefined, label: string | undefined): string | undefined {
  const pairs = label === undefined ? [] : (value ?? "").split(",").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === label)?.[1];
}

function missing(field: string, family: HeaderFamily | undefined): string {
  if (field === "canonical_body")
    return "The canonical form of the body is signed, and the body has none: it is not strict JSON.";
  const header = field === "id" ? family?.id : field === "timestamp" ? family?.timestamp : undefined;
  return header === undefined
    ? `The page cannot put \`{${field}}\` together.`
    : `\`{${field}}\` is signed, and the header \`${header}\` is not there.`;
}

const PROBE = "cHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHI=";

/** Whether the core signs these bytes for this delivery: decided with a secret that is nobody's. */
function confirmed({ given, scheme, body }: Signed, parts: readonly SignedPart[]): boolean {
  const content = join(parts.map(({ bytes }) => bytes));
  const value = (field: string) => parts.find((part) => part.field === field)?.bytes;
  const id = value("id") && textOf(value("id") as Uint8Array);
  const time = value("timestamp") && textOf(value("timestamp") as Uint8Array);
  // Signed times are digits and ids are visible ASCII; of others the core makes no signature to compare with.
  if (time !== undefined && !/^(?:0|[1-9]\d{0,11})$/.test(time)) return false;
  try {
    const headers = sign(given as never, body, {
      secret: PROBE,
      scheme: scheme.name,
      id,
      now: time === undefined ? 0 : Number(time),
    } as never);
    const mac = macIn(headers[scheme.headers[0]?.signature ?? ""] ?? "");
    return plain().some(({ name, bare, key }) => {
      const verifier = createVerifier(
        name as never,
        { secret: key, scheme: bare.name, schema: "off", now: 0 } as never,
      );
      const written = (bare.prefix ?? "") + (bare.encoding === "hex" ? mac.hex : mac.base64);
      return verifier.verify([[bare.headers[0]?.signature ?? "", written]], content).event !== null;
    });
  } catch {
    return false;
  }

  /** Schemes that sign the body alone, and what the key of this scheme is called in theirs. */
  function plain() {
    const key = scheme.secret === "utf8" || scheme.secret === undefined ? PROBE : atob(PROBE);
    const isPlain = (one: SchemeFacts) =>
      one.signed_content === "{body}" &&
      one.secret === "utf8" &&
      one.label === undefined &&
      one.algorithm === scheme.algorithm;
    return providers.flatMap(({ name, schemes }) => schemes.filter(isPlain).map((bare) => ({ name, bare, key })));
  }
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

function join(all: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of all) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}
