// The time that a delivery says it was signed at, as the scheme writes it.

import type { SchemeFacts } from "../delivery/catalogue.js";
import { at, parsed } from "../delivery/guess.js";
import { valuesOf } from "../delivery/headers.js";
import type { Question } from "./protocol.js";

/** In Unix seconds; `undefined` where nothing says it. */
export function signedAt(scheme: SchemeFacts, { headers, body }: Question): number | undefined {
  const { timestamp_pointer: pointer, timestamp_label: label } = scheme;
  if (pointer !== undefined) return secondsOf(at(parsed(body), pointer), scheme);
  for (const family of scheme.headers) {
    const [value] = family.timestamp === undefined ? [] : valuesOf(headers, family.timestamp);
    const [list] = family.signature === undefined ? [] : valuesOf(headers, family.signature);
    const time = secondsOf((value ?? inList(list, label))?.trim(), scheme);
    if (time !== undefined) return time;
  }
  return undefined;
}

/** `t=1700000000,v1=…` */
export function inList(value: string | undefined, label: string | undefined): string | undefined {
  const pairs = label === undefined ? [] : (value ?? "").split(/[,;]/).map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === label)?.[1];
}

function secondsOf(value: unknown, { timestamp_format: format }: SchemeFacts): number | undefined {
  const text = String(value);
  if (format === "rfc3339") {
    const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isFinite(time) ? Math.floor(time / 1000) : undefined;
  }
  if (format === "milliseconds") return /^\d{1,15}$/.test(text) ? Math.floor(Number(text) / 1000) : undefined;
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
