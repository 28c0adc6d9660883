// Secrets and signatures that are nobody's: with them the core is asked what it would say of a delivery whose signature
// were right, and what it would sign.

import { toBase64, utf8 } from "../delivery/bytes.js";
import type { SchemeFacts } from "../delivery/catalogue.js";
import type { Header } from "../delivery/headers.js";

/** 32 bytes, as long as keys of Ed25519 are. */
export const KEY = "probe probe probe probe probe pr";
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** In the form that the scheme asks for. */
export function nobodysSecret({ secret }: SchemeFacts): string {
  if (secret === "utf8" || secret === undefined) return KEY;
  return secret === "hex" ? hex(utf8(KEY)) : toBase64(utf8(KEY));
}

/** The headers of a delivery with a signature by a public key that has the right form, and no more. */
export function nobodysHeaders(scheme: SchemeFacts, id: string, now: number): Header[] {
  const [family] = scheme.headers;
  const signature = new Uint8Array(64);
  const encoded = (scheme.prefix ?? "") + (scheme.encoding === "hex" ? hex(signature) : toBase64(signature));
  const time = timeOf(scheme, now);
  const values: Readonly<Record<string, string>> = {
    single: encoded,
    versions: `${scheme.label},${encoded}`,
    pairs: `${scheme.timestamp_label}=${time},${scheme.label}=${encoded}`,
  };
  const headers: [string | undefined, string][] = [
    [family?.signature, values[scheme.grammar ?? "single"] ?? encoded],
    [family?.id, id],
    [family?.timestamp, time],
  ];
  return headers.flatMap(([name, value]): Header[] => (name === undefined ? [] : [[name, value]]));
}

function timeOf({ timestamp_format }: SchemeFacts, now: number): string {
  if (timestamp_format === "rfc3339") return new Date(now * 1000).toISOString();
  return String(timestamp_format === "milliseconds" ? now * 1000 : now);
}
