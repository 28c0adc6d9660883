// How a scheme writes its headers, as its definition says.

import { definitions, type ProviderDefinition } from "hookwarden";
import { fromBase64, fromHex, toBase64, toHex, valuesOf, type Trial } from "./delivery.js";

type Scheme = ProviderDefinition["schemes"][number];
type Names = Scheme["headers"][number];

export interface Shape {
  /** The headers of the signature or token, id and time; some schemes have two families of them. */
  readonly families: readonly Names[];
  /** What stands before a signature. */
  readonly prefix: string;
  /** What stands before the signed time, where it is in the same header. */
  readonly timestampLabel: string | undefined;
  /** `token`: the secret itself is in the header. `other`: no HMAC-SHA256. */
  readonly encoding: "hex" | "base64" | "token" | "other";
  /** How the secret becomes the key: as text, decoded, or decoded after an optional `whsec_`. */
  readonly key: "text" | "base64" | "whsec";
}

const shapes = new WeakMap<Scheme, Shape>();
let known: Map<unknown, ProviderDefinition> | undefined;

export function shapeOf({ provider, scheme }: Pick<Trial, "provider" | "scheme">): Shape {
  known ??= new Map(definitions().map((definition) => [definition.name, definition]));
  const { schemes } = known.get(provider) ?? (provider as unknown as ProviderDefinition);
  // The verifier has refused what is not one of them.
  const found = schemes.find(({ name }) => name === scheme) ?? (schemes[0] as Scheme);
  const shape = shapes.get(found) ?? read(found);
  shapes.set(found, shape);
  return shape;
}

function read(scheme: Scheme): Shape {
  const { algorithm, grammar = "single", prefix = "", label = "", encoding = "hex", secret = "utf8" } = scheme;
  const before = { single: prefix, values: prefix, versions: `${label},`, pairs: `${label}=` };
  const mac = algorithm === "hmac-sha256" ? encoding : "other";
  return {
    families: scheme.headers.map(lower),
    prefix: before[grammar],
    timestampLabel: grammar === "pairs" ? scheme.timestamp_label : undefined,
    encoding: algorithm === "static-token" ? "token" : mac,
    key: secret === "utf8" ? "text" : secret === "whsec" ? "whsec" : "base64",
  };
}

const lower = (names: Names): Names =>
  Object.fromEntries(Object.entries(names).map(([role, name]) => [role, name.toLowerCase()])) as unknown as Names;

/** The names of the headers in this delivery. */
export function namesIn(trial: Trial): Names {
  const { families } = shapeOf(trial);
  return families.find(({ signature }) => valuesOf(trial, signature).length > 0) ?? (families[0] as Names);
}

/** The time that the delivery says it was signed at, as it is written. */
export function timeIn(trial: Trial): string | undefined {
  const { signature, timestamp } = namesIn(trial);
  if (timestamp !== undefined) return valuesOf(trial, timestamp)[0];
  const { timestampLabel } = shapeOf(trial);
  if (timestampLabel === undefined) return undefined;
  const parts = valuesOf(trial, signature).flatMap((value) => value.split(/[,;]\s*/));
  return parts.find((part) => part.startsWith(`${timestampLabel}=`))?.slice(timestampLabel.length + 1);
}

const MAC = /(?<![0-9a-f])(?<hex>[0-9a-f]{64})(?![0-9a-f])|(?<![\w+/-])(?<base64>[\w+/-]{43})=?(?![\w+/=-])/gi;

/** The signatures in a header's value, in whatever form, at most four. */
export function macsIn(value: string): Uint8Array[] {
  return [...value.matchAll(MAC)].slice(0, 4).flatMap(({ groups }) => {
    const mac = groups?.["hex"] ? fromHex(groups["hex"]) : fromBase64(groups?.["base64"] ?? "");
    return mac?.length === 32 ? [mac] : [];
  });
}

/** A signature as the scheme writes it, with the time where that belongs to it. */
export function written({ prefix, encoding, timestampLabel }: Shape, mac: Uint8Array, time: string | undefined): string {
  const before = timestampLabel === undefined ? "" : `${timestampLabel}=${time ?? ""},`;
  return before + prefix + (encoding === "hex" ? toHex(mac) : toBase64(mac));
}
