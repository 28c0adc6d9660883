// A link that holds a delivery in its fragment, which browsers do not send. Never a secret.

import { fromBase64, toBase64, utf8, textOf } from "./bytes.js";
import { withoutCredentials, withoutQuery } from "./credentials.js";
import { urlWithoutCredentials } from "./url.js";
import type { Head, Header } from "./headers.js";
import { through } from "./streams.js";

export interface Shared {
  readonly provider: string | undefined;
  readonly scheme: string | undefined;
  readonly head: Pick<Head, "method" | "target" | "headers">;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly now: number | undefined;
  /** Only where it is signed. */
  readonly url?: string | undefined;
}

/** Programs that pass links on cut longer ones off. */
const LONGEST = 32_000;
/** What a link may hold once it is inflated. */
const MOST_INFLATED = 6_000_000;
const START = "#d=";

/** The fragment for a delivery, and the headers that were left out; no fragment where it would be too long. */
export async function toFragment(
  shared: Shared,
  secrets: readonly string[],
): Promise<{ fragment: string | undefined; removed: string[]; length: number }> {
  const { kept, removed } = withoutCredentials(shared.head.headers, secrets);
  const url = urlWithoutCredentials(shared.url, secrets);
  removed.push(...url.removed);
  const text = JSON.stringify({
    v: 1,
    p: shared.provider,
    s: shared.scheme,
    m: shared.head.method,
    t: shared.head.target === undefined ? undefined : withoutQuery(shared.head.target),
    h: kept,
    // As text where it is text: it compresses to half of what base64 does.
    x: textOf(shared.body),
    b: textOf(shared.body) === undefined ? toBase64(shared.body) : undefined,
    n: shared.now,
    u: url.kept,
  });
  const deflated = await through(utf8(text), new CompressionStream("deflate-raw"), Infinity);
  const fragment = START + toBase64(deflated).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return { fragment: fragment.length > LONGEST ? undefined : fragment, removed, length: fragment.length };
}

/** Reads a fragment that anybody may have written. `undefined` for one that holds no delivery. */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  const bytes = fragment.startsWith(START) ? fromBase64(fragment.slice(START.length)) : undefined;
  if (bytes === undefined) return undefined;
  try {
    const inflated = await through(bytes, new DecompressionStream("deflate-raw"), MOST_INFLATED);
    const value = JSON.parse(textOf(inflated) ?? "") as Record<string, unknown>;
    const word = (key: string) => (typeof value[key] === "string" ? (value[key] as string) : undefined);
    const [text, base64] = [word("x"), word("b")];
    const body = text === undefined ? base64 && fromBase64(base64) : utf8(text);
    const headers = Array.isArray(value["h"]) ? value["h"].filter(isHeader) : [];
    if (value["v"] !== 1 || typeof body !== "object") return undefined;
    const now = Number.isSafeInteger(value["n"]) ? (value["n"] as number) : undefined;
    const head = { method: word("m"), target: word("t"), headers };
    const url = word("u");
    return { provider: word("p"), scheme: word("s"), head, body, now, ...(url !== undefined && { url }) };
  } catch {
    return undefined;
  }
}

function isHeader(pair: unknown): pair is Header {
  return (
    Array.isArray(pair) && pair.length === 2 && pair.every((word) => typeof word === "string" && !/[\r\n]/.test(word))
  );
}
