// Sources in Workers KV: one document, read by an isolate when it first needs it, and again in the background when it
// has become old. What is right in it, the gateway in WebAssembly says. The last one that could be read stays in force.

import type { Gateway } from "./gateway.js";
import type { Env } from "./env.js";

/** The document's key in the namespace. */
export const KEY = "sources";
/** The longest document, in UTF-16 code units. */
export const MOST = 1_000_000;
/** KV that is slower than this counts as failing. */
const TIMEOUT_MS = 1_000;
const REFRESH_SECONDS = 60;
/** How long to wait before KV is asked again while there is no document. */
const RETRY_MS = 5_000;

/** What is wrong: the place, as a JSON Pointer, and the reason. */
export type Problem = readonly [string, string];

/** A source as it is written. */
export type Settings = Readonly<Record<string, unknown>>;

/** What this isolate knows. Memory is all that deliveries share: no promise crosses from one to another. */
const known = { asked: false, taken: false, revision: 0, next: 0, said: "" };

/** Sees to it that the gateway has the document, if this request may be for a source of it: what it gives is to be waited for. */
export function prepare(
  request: Request,
  env: Env,
  ctx: ExecutionContext,
  gateway: Gateway,
): Promise<void> | undefined {
  if (env.CONFIG === undefined || (known.taken && Date.now() < known.next)) return undefined;
  const { pathname } = new URL(request.url);
  if (pathname === "/healthz" || pathname.startsWith("/_hookwarden")) return undefined;
  const read = current(env, gateway);
  // A source of the variable does not wait for the document.
  if (!known.taken && !fixed(env).includes(pathname.slice(pathname.lastIndexOf("/") + 1))) return read;
  ctx.waitUntil(read);
  return undefined;
}

/** Reads the document, if it is time to. Never fails. */
export async function current(env: Env, gateway: Gateway): Promise<void> {
  const namespace = env.CONFIG;
  if (namespace === undefined || Date.now() < known.next) return;
  // The first ones in an isolate each read it: none of them could go on without. Later there is one at a time.
  if (known.asked) wait(env);
  say(await take(env, namespace, gateway));
  known.asked = true;
  wait(env);
}

function wait({ SCHEMA_REFRESH_SECONDS: seconds }: Env): void {
  const refresh = (Number(seconds) || REFRESH_SECONDS) * 1000;
  known.next = Date.now() + (known.taken ? refresh : Math.min(refresh, RETRY_MS));
}

type News = { readonly config: string; readonly revision?: unknown; readonly problems?: readonly Problem[] };

async function take(env: Env, namespace: KVNamespace, gateway: Gateway): Promise<News> {
  let timer = 0;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, TIMEOUT_MS)));
  const text = await Promise.race([namespace.get(KEY), late]).catch(() => undefined);
  clearTimeout(timer);
  if (text === undefined) return { config: "config_unavailable" };
  if (text === null) return { config: "config_absent" };
  const problems = judge(text, true, env, gateway);
  if (!problems.every(([place]) => place.startsWith("/sources/"))) return { config: "config_invalid", problems };
  known.taken = true;
  known.revision = revisionOf(text);
  return { config: "config_taken", revision: known.revision, ...(problems.length > 0 && { problems }) };
}

/** One line whenever there is something new to say. */
function say(news: News): void {
  const line = JSON.stringify(news);
  if (line !== known.said) console.log(line);
  known.said = line;
}

/** What the gateway has against a document, and puts it in force if it shall. */
export function judge(text: string, inForce: boolean, env: Env, gateway: Gateway): Problem[] {
  if (text.length > MOST) return [["", `the document is longer than ${MOST} characters`]];
  return gateway.configure(text, inForce, env);
}

/** The revision that is in force in this isolate; 0 while there is none. */
export function revisionInForce(): number {
  return known.revision;
}

/** Of a document that the gateway has read. */
export function revisionOf(text: string): number {
  return (JSON.parse(text) as { revision: number }).revision;
}

/** The names of the sources in the variable, which come before those of the document. */
export function fixed(env: Env): string[] {
  return Object.keys(inVariable(env));
}

export function inVariable({ SOURCES: sources }: Env): Record<string, Settings> {
  try {
    return (typeof sources === "string" ? JSON.parse(sources) : sources) ?? {};
  } catch {
    // The gateway says so.
    return {};
  }
}
