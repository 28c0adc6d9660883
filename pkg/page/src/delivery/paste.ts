// What somebody pasted, taken apart: a raw request, a curl command, a test vector, or headers alone.

import { fromBase64, sized, utf8 } from "./bytes.js";
import { isCurl, readCurl } from "./curl.js";
import { readHead, valuesOf, type Head, type Header } from "./headers.js";

/** A delivery as far as the pasted text holds it. */
export interface Pasted {
  readonly kind: "raw" | "curl" | "vector";
  readonly head: Head;
  /** `undefined` where the text has none. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** What the reader did, or could not do, in sentences. */
  readonly notes: readonly string[];
  readonly provider?: string;
  readonly scheme?: string | undefined;
  readonly secrets?: readonly string[];
  readonly now?: number;
  /** The URL that was signed. */
  readonly url?: string;
  /** The URL of a curl command, which need not be the one that was signed. */
  readonly guessedUrl?: string;
}

/** Stands for the secret in a vector that was copied from here. */
export const NO_SECRET = "<the signing secret>";

/** Takes a whole request apart. `undefined` for a text that is not one: it is what it is. */
export function readPaste(text: string): Pasted | undefined {
  if (isCurl(text)) return readCurl(text);
  if (/^\s*[[{]/.test(text)) return readVector(text);
  return readRaw(text);
}

const REQUEST_LINE = /^(?:> ?)?[A-Z]{3,10} \S+ HTTP\/\d/;
const HEADER_LINE = /^(?:> ?)?:?[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*\S/;

function readRaw(text: string): Pasted | undefined {
  const start = text.replace(/^\s+/, "");
  const lines = /^[^\r\n]*/.exec(start)?.[0] ?? "";
  if (!REQUEST_LINE.test(lines) && !HEADER_LINE.test(lines)) return undefined;
  const end = /\r?\n(?:>[ \t]*)?\r?\n/.exec(start);
  if (end === null && !REQUEST_LINE.test(lines)) return undefined;
  const head = readHead(end === null ? start : start.slice(0, end.index));
  if (head.headers.length === 0) return undefined;
  if (end === null) return { kind: "raw", head, body: undefined, notes: [] };
  const { bytes, notes } = bodyOf(start.slice(end.index + end[0].length), head.headers);
  return { kind: "raw", head, body: bytes, notes };
}

/** The body as its headers describe it: chunked, or longer than it says by the line breaks of a copied text. */
function bodyOf(text: string, headers: readonly Header[]): { bytes: Uint8Array<ArrayBuffer>; notes: string[] } {
  const chunked = valuesOf(headers, "transfer-encoding").some((value) => /\bchunked\b/i.test(value));
  const joined = chunked ? unchunk(text) : undefined;
  if (joined !== undefined) return { bytes: joined, notes: ["The chunks of the body were put together."] };
  const bytes = utf8(text);
  const [length] = valuesOf(headers, "content-length");
  if (length === undefined || !/^\d+$/.test(length) || Number(length) >= bytes.length) return { bytes, notes: [] };
  const [kept, rest] = [bytes.subarray(0, Number(length)), bytes.subarray(Number(length))];
  if (!rest.every((byte) => byte === 10 || byte === 13)) return { bytes, notes: [] };
  const note = `${sized(rest.length)} of line breaks after the body were dropped: content-length says ${length}.`;
  return { bytes: kept.slice(), notes: [note] };
}

function unchunk(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = utf8(text);
  const parts: number[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf(10, at);
    const size = /^([0-9a-fA-F]{1,7})\r?$/.exec(String.fromCharCode(...bytes.subarray(at, line < 0 ? at : line)))?.[1];
    if (size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Uint8Array.from(parts);
    const chunk = bytes.subarray(line + 1, line + 1 + length);
    if (chunk.length < length) return undefined;
    for (const byte of chunk) parts.push(byte);
    at = line + 1 + length;
    if (bytes[at] === 13) at += 1;
    if (bytes[at] !== 10) return undefined;
    at += 1;
  }
}

/** A vector of `tests/vectors/`, as "Copy as vector" writes it; or the first of a list of them. */
function readVector(text: string): Pasted | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const vector = (Array.isArray(value) ? value[0] : value) as Record<string, unknown> | null;
  if (typeof vector !== "object" || vector === null || typeof vector["body_base64"] !== "string") return undefined;
  const body = fromBase64(vector["body_base64"]);
  const { headers, provider, scheme, secrets, now, method, url } = vector;
  if (body === undefined || !isPairs(headers)) return undefined;
  const texts = Array.isArray(secrets) ? secrets.filter((one) => typeof one === "string" && one !== NO_SECRET) : [];
  return {
    kind: "vector",
    head: { method: typeof method === "string" ? method : undefined, target: undefined, headers, unread: [] },
    body,
    notes: [],
    ...(typeof provider === "string" && { provider }),
    ...(typeof scheme === "string" && { scheme }),
    ...(texts.length > 0 && { secrets: texts as string[] }),
    ...(typeof url === "string" && { url }),
    ...(typeof now === "number" && Number.isFinite(now) && { now }),
  };
}

function isPairs(value: unknown): value is Header[] {
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((word) => typeof word === "string");
  return Array.isArray(value) && value.every(isPair);
}
