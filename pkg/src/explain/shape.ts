// How a scheme writes its headers. The core is asked to sign a probe, so nothing about a provider is repeated here.

import { sign, type ProviderName } from "hookwarden";
import { fromBase64, fromHex, toBase64, toHex, valuesOf, type Trial } from "./delivery.js";

export interface Shape {
  /** The header of the signature or token. */
  readonly signature: string;
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  /** What stands before a signature. */
  readonly prefix: string;
  /** `token`: the secret itself is in the header. */
  readonly encoding: "hex" | "base64" | "token";
  /** How the secret becomes the key: as text, decoded, or decoded after an optional `whsec_`. */
  readonly key: "text" | "base64" | "whsec";
}

const ID = "msg_probe";
const PROBE = "cHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHI=";

const shapes = new Map<string, Shape>();

export function shapeOf({ provider, scheme }: Pick<Trial, "provider" | "scheme">): Shape {
  const name = `${provider} ${scheme}`;
  const shape = shapes.get(name) ?? (probe(provider, scheme) || OTHER);
  shapes.set(name, shape);
  return shape;
}

/** Of a scheme that signs otherwise than by HMAC-SHA256, or more than the body: nothing can be moved to it. */
const OTHER: Shape = { signature: "", id: undefined, timestamp: undefined, prefix: "", encoding: "token", key: "text" };

function probe(provider: ProviderName, scheme: string | undefined): Shape | undefined {
  const signed = (secret: string) => sign(provider, "{}", { secret, scheme, id: ID, now: 1 } as never);
  let headers: [string, string][];
  try {
    headers = Object.entries(signed(PROBE));
  } catch (error) {
    if ((error as { code?: string }).code === "unsignable" || (error as { code?: string }).code === "secret_invalid") return;
    throw error;
  }
  const named = (wanted: (value: string) => boolean) => headers.find(([, value]) => wanted(value))?.[0];
  const id = named((value) => value === ID);
  const timestamp = named((value) => value === "1");
  const [signature, value] = headers.find(([name]) => name !== id && name !== timestamp) as [string, string];
  const written = /^(?:(?<hex>[0-9a-f]{64})|(?<base64>[A-Za-z0-9+/]{43}=))$/;
  const start = Math.max(value.lastIndexOf(",", value.length - 2), value.lastIndexOf("=", value.length - 2)) + 1;
  if (value !== PROBE && !written.test(value.slice(start))) return;
  const encoding = value === PROBE ? "token" : written.exec(value.slice(start))?.groups?.["hex"] ? "hex" : "base64";
  return {
    signature,
    id,
    timestamp,
    prefix: encoding === "token" ? "" : value.slice(0, start),
    encoding,
    key: keyOf(signed, value, signature),
  };
}

function keyOf(signed: (secret: string) => Record<string, string>, value: string, header: string): Shape["key"] {
  try {
    signed("!");
    return "text";
  } catch {
    try {
      return signed(`whsec_${PROBE}`)[header] === value ? "whsec" : "base64";
    } catch {
      return "base64";
    }
  }
}

/** The names of the headers in this delivery: schemes of Standard Webhooks have two families of them. */
export function namesIn(trial: Trial): Pick<Shape, "signature" | "id" | "timestamp"> {
  const { signature, id, timestamp } = shapeOf(trial);
  const twin = (name: string | undefined) => name?.replace(/^svix-/, "webhook-");
  const other = twin(signature) as string;
  if (other === signature || valuesOf(trial, signature).length > 0 || valuesOf(trial, other).length === 0) {
    return { signature, id, timestamp };
  }
  return { signature: other, id: twin(id), timestamp: twin(timestamp) };
}

const MAC = /(?<![0-9a-f])(?<hex>[0-9a-f]{64})(?![0-9a-f])|(?<![\w+/-])(?<base64>[\w+/-]{43})=?(?![\w+/=-])/gi;

/** The signatures in a header's value, in whatever form, at most four. */
export function macsIn(value: string): Uint8Array[] {
  return [...value.matchAll(MAC)].slice(0, 4).flatMap(({ groups }) => {
    const mac = groups?.["hex"] ? fromHex(groups["hex"]) : fromBase64(groups?.["base64"] ?? "");
    return mac?.length === 32 ? [mac] : [];
  });
}

/** A signature as the scheme writes it. */
export function written({ prefix, encoding }: Shape, mac: Uint8Array): string {
  return prefix + (encoding === "hex" ? toHex(mac) : toBase64(mac));
}
