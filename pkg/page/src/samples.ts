// Samples of every provider and event, fetched when one is asked for.

import { samplesUrl } from "assets";
import type { ProviderFacts } from "./delivery/catalogue.js";
import { toBase64, utf8 } from "./delivery/bytes.js";
import type { Header } from "./delivery/headers.js";
import { schemeOf } from "./delivery/catalogue.js";
import { sign } from "./judge/client.js";

/** `{ provider: [[event, body], …] }` */
type Samples = Readonly<Record<string, readonly (readonly [event: string, body: string])[]>>;

let loading: Promise<Samples> | undefined;

function all(): Promise<Samples> {
  loading ??= fetch(new URL(samplesUrl, document.baseURI)).then((response) => {
    if (!response.ok) throw new Error(`the samples are not there (${response.status})`);
    return response.json() as Promise<Samples>;
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

/** The events of a provider that have samples, in their order; a second sample of one has a number. */
export async function eventsOf(provider: string): Promise<string[]> {
  const samples = (await all())[provider] ?? [];
  const counts = new Map<string, number>();
  return samples.map(([event]) => {
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    return count === 1 ? event : `${event} (${count})`;
  });
}

export interface Sample {
  readonly head: { readonly method: string; readonly target: string; readonly headers: readonly Header[] };
  readonly body: Uint8Array<ArrayBuffer>;
  readonly secret: string;
}

/** A genuine delivery, by the secret that is given or one that is made up in the form that the scheme asks for. */
export async function makeSample(
  provider: ProviderFacts,
  scheme: string | undefined,
  at: number,
  secrets: readonly string[],
  now: number,
): Promise<Sample | undefined> {
  const text = (await all())[provider.name]?.[at]?.[1];
  if (text === undefined) return undefined;
  return signedSample(provider, scheme, utf8(text), secrets, now);
}

export async function signedSample(
  provider: ProviderFacts,
  scheme: string | undefined,
  body: Uint8Array<ArrayBuffer>,
  secrets: readonly string[],
  now: number,
): Promise<Sample | undefined> {
  const name = scheme ?? provider.schemes[0]?.name;
  const form = schemeOf(provider, name)?.secret;
  const signed = await sign({
    provider: provider.name,
    scheme: provider.schemes.length > 1 ? name : undefined,
    secrets: [...secrets, ...madeUp(form)],
    body,
    now,
  });
  if (signed === undefined) return undefined;
  const headers: Header[] = [
    ["content-type", "application/json"],
    ...signed.headers,
    ["content-length", String(body.length)],
  ];
  return { head: { method: "POST", target: "/webhooks", headers }, body, secret: signed.secret };
}

function madeUp(form: string | undefined): string[] {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const base64 = toBase64(bytes);
  if (form === "hex") return [Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")];
  return form === "whsec" ? [`whsec_${base64}`, base64] : [base64];
}

/** The body of the first sample of an event. */
export async function bodyOf(provider: string, event: string): Promise<string | undefined> {
  return (await all())[provider]?.find(([name]) => name === event)?.[1];
}
