// One relay of an event that was kept, from the queue or as a replay: claim, relay, settle or release, and a line.

import type { Gateway } from "./gateway.js";
import { eventsOf, logOf, type Env, type Meta } from "./env.js";
import { print } from "./line.js";

/** Longer than the longest timeout of an origin, and than what comes after it. */
export const LEASE_MS = 60_000;

export interface Attempted {
  /** `busy`: another one is relaying the event. */
  readonly outcome: "delivered" | "duplicate" | "busy" | "failed";
  /** What was in the way of an answer. */
  readonly code: string | null;
  readonly status: number | null;
  readonly retryAfter: string | null;
  /** What else is to be known: the store's failures. */
  readonly notes: readonly string[];
  readonly ms: number;
}

/** `sender` is the claim of the delivery that the event is from. `status` is what its duplicates are answered. */
export async function attempt(
  env: Env,
  gateway: Gateway,
  [text, { key, dedupe, keep }]: readonly [string, Meta],
  body: Uint8Array,
  { sender = 0, number = 1, status: stored }: { sender?: number; number?: number; status?: number },
): Promise<Attempted> {
  const holder = Math.random();
  const events = dedupe && env.EVENTS !== undefined ? eventsOf(env, key) : undefined;
  let tries = number;
  const nothing = { code: null, status: null, retryAfter: null, notes: [], ms: 0 };
  if (events !== undefined) {
    const claimed = await events.claimQueued(key, holder, sender, LEASE_MS, keep);
    if ("status" in claimed) return { ...nothing, outcome: "duplicate" };
    if ("inFlight" in claimed) return { ...nothing, outcome: "busy" };
    tries = claimed.attempt;
  }
  const started = Date.now();
  const answer = await gateway.relay(text, body, tries, env);
  const ms = Date.now() - started;
  const [code, status] = typeof answer === "string" ? [answer, null] : [null, answer.status];
  const retryAfter = typeof answer === "string" ? null : answer.headers.get("retry-after");
  if (typeof answer !== "string") void answer.body?.cancel();
  const delivered = code === "dropped" || (status !== null && status >= 200 && status < 300);
  const notes: string[] = code === "dropped" ? ["dropped"] : [];
  if (delivered) await events?.settle(key, stored ?? status ?? 202, keep).catch(() => notes.push("settle_failed"));
  else await events?.release(key, holder).catch(() => notes.push("release_failed"));
  const outcome = delivered ? "delivered" : "failed";
  return { outcome, code: delivered ? null : code, status, retryAfter, notes, ms };
}

/** Prints a line as the gateway does for a delivery, and adds it to the log. */
export async function logged(
  env: Env,
  via: "queue" | "replay",
  { source, provider, event_type, event_id, schema, key }: Meta,
  { outcome, code, status, notes, ms }: Attempted,
  more: { attempt: number; retry_seconds?: number; notes?: readonly string[] },
): Promise<void> {
  const all = [...notes, ...(more.notes ?? [])];
  const line = JSON.stringify({
    ...{ via, source, provider, verdict: "accepted", code, event_type, event_id, schema, key },
    ...{ duplicate: outcome === "duplicate", secret: null, status: null, origin_status: status, origin_ms: ms },
    ...more,
    notes: all.length > 0 ? all : undefined,
  });
  print(line);
  await logOf(env)
    .record([[Date.now(), line]])
    .catch(() => console.error("hookwarden: the delivery log did not take a line"));
}
