// Many copies of each event at once, through several isolates: how often does the origin see each event?

import { setTimeout as sleep } from "node:timers/promises";
import { newEvent, open } from "../worker/harness.mjs";
import { createStore } from "../worker/kv-model.mjs";

const ISOLATES = 4;
/** How many events are on their way together. */
const TOGETHER = 4;

/**
 * @param {"kv"|"durable-object"} store  KV is the model with the real one's weaknesses
 * @returns `{ relays, most, answers }`: how often events were relayed in all, the worst of them, and how often each
 *   status was answered
 */
export async function copies(test, { store, events, copies }) {
  const { deliver, gateway, origin } = await open(test, {
    // A store that is too slow on a busy machine must not be what is measured.
    sources: { audian: { provider: "audian", store, fail: "closed" } },
    isolates: ISOLATES,
    ...(store === "kv" && { store: createStore().worker }),
  });
  origin.answer(() => ({ status: 200, after: sleep(Math.random() * 30) }));
  const answers = {};
  const bodies = Array.from({ length: events }, () => newEvent("audian"));
  for (let at = 0; at < events; at += TOGETHER) {
    const all = bodies.slice(at, at + TOGETHER).flatMap((body) => {
      return Array.from({ length: copies }, (_, copy) => {
        return deliver("audian", { body, at: gateway.urls[copy % ISOLATES] });
      });
    });
    for (const { status } of await Promise.all(all)) answers[status] = (answers[status] ?? 0) + 1;
  }
  const counts = arrivals(origin);
  return { events: counts.size, relays: origin.requests.length, most: Math.max(...counts.values()), answers };
}

/** How often each event arrived at the origin, by its id. */
export function arrivals(origin) {
  const counts = new Map();
  for (const request of origin.requests) {
    const id = request.header("x-hookwarden-event-id");
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
