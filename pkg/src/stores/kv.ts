import { behindMemory } from "./shared.js";
import { claimOf, PREFIX, type DedupeStore, type PrefixOption } from "./store.js";

/** What is needed of a namespace of Workers KV. */
export interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** KV refuses a shorter time to live. */
const LEAST_SECONDS = 60;

/**
 * Remembers events in Workers KV, as well as that can: KV is eventually consistent, takes one write per second and key,
 * and has no atomic step, so that a claim in it would prove nothing. It is written once, when an event was handled.
 * Within one isolate an event is handled once; elsewhere KV may not know of it for about a minute.
 *
 * Make the store once for each isolate, not for each request: `dedupe ??= kvStore(env.DEDUPE)`.
 */
export function kvStore(namespace: KvNamespace, { prefix = PREFIX }: PrefixOption = {}): DedupeStore {
  return behindMemory({
    async claim(key) {
      const found = await namespace.get(prefix + key);
      return found === null ? "claimed" : claimOf(found);
    },
    settle: (key, status, window) =>
      namespace.put(prefix + key, String(status), { expirationTtl: Math.max(Math.ceil(window), LEAST_SECONDS) }),
    release: async () => {},
  });
}
