import { createVerifier, type HeadersInput, type ProviderName } from "hookwarden";

/** A delivery and what it is judged with: as it came, or changed. */
export interface Trial {
  readonly provider: ProviderName;
  readonly scheme: string | undefined;
  readonly secrets: readonly string[];
  /** Names in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly method: string | undefined;
  /** What else the verifier needs: the URL that is signed, who checks public keys. */
  readonly more: object;
}

/** What is known beside the delivery. */
export interface Context {
  readonly otherSecrets: readonly string[];
  /** What the delivery was refused with. */
  readonly code: string;
  /** In Unix seconds. */
  readonly now: number;
}

/** Whether the signature is right, whatever else is wrong: the core looks at the time only after it. */
export function isAuthentic(verdict: { readonly code: string | null; readonly event: unknown }): boolean {
  return verdict.event !== null || verdict.code === "timestamp_too_old" || verdict.code === "timestamp_too_new";
}

/** Has the core judge. A secret that the scheme cannot have is no error here, it just does not fit. */
export function fits(trial: Trial): boolean {
  const { provider, scheme, secrets, headers, body, method, more } = trial;
  try {
    const verifier = createVerifier(provider, { ...more, secrets, scheme, schema: "off", now: 0 } as never);
    return isAuthentic(verifier.verify(headers, body, { method }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code !== "internal") return false;
    throw error;
  }
}

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text of bytes that are UTF-8. A byte order mark stays. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** For what the verifier has taken already: it refuses whatever is not bytes or text. */
export function bytesOf(body: unknown): Uint8Array {
  if (typeof body === "string") return utf8(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return new Uint8Array(body as ArrayBuffer);
}

/** All headers as pairs, those that no scheme reads too: one of them may be the one that was renamed. */
export function pairsOf(headers: HeadersInput): [string, string][] {
  const pairs: [string, string][] = [];
  const add = (name: unknown, value: unknown) => {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof name === "string" && typeof one === "string") pairs.push([name.toLowerCase(), one]);
    }
  };
  if (Array.isArray(headers) && typeof headers[0] === "string") {
    for (let at = 0; at < headers.length; at += 2) add(headers[at], headers[at + 1]);
  } else if (Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<[unknown, unknown]>) add(name, value);
  } else {
    for (const [name, value] of Object.entries(headers)) add(name, value);
  }
  return pairs;
}

export function valuesOf(trial: Trial, name: string): string[] {
  return trial.headers.filter(([one]) => one === name).map(([, value]) => value);
}

/** The same delivery with other values for some headers. */
export function withHeaders(trial: Trial, headers: Readonly<Record<string, string>>): Trial {
  const kept = trial.headers.filter(([name]) => !Object.hasOwn(headers, name));
  return { ...trial, headers: [...kept, ...Object.entries(headers)] };
}

export const withBody = (trial: Trial, body: Uint8Array | string): Trial => ({
  ...trial,
  body: typeof body === "string" ? utf8(body) : body,
});

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Takes both alphabets, padded or not. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  try {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, ""));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array | undefined {
  if (!/^([0-9a-fA-F]{2})+$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
