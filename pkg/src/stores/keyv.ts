import { behindMemory } from "./shared.js";
import { claimOf, PREFIX, type DedupeStore, type PrefixOption } from "./store.js";

/** What is needed of a Keyv. Times are in milliseconds. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttl: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/**
 * Remembers events in whatever Keyv has an adapter for. Keyv can look up and write, but not both in one step: within one
 * process an event is handled once, and two processes that get it within the same moment may both handle it.
 *
 * Give the Keyv `throwOnErrors: true`. Otherwise it says of a lost connection that it found nothing.
 */
export function keyvStore(keyv: KeyvLike, { prefix = PREFIX }: PrefixOption = {}): DedupeStore {
  return behindMemory({
    async claim(key, holder, lease) {
      const found = await keyv.get(prefix + key);
      if (typeof found === "string") return claimOf(found);
      await keyv.set(prefix + key, holder, lease * 1000);
      return "claimed";
    },
    async settle(key, status, window) {
      await keyv.set(prefix + key, String(status), window * 1000);
    },
    async release(key, holder) {
      if ((await keyv.get(prefix + key)) === holder) await keyv.delete(prefix + key);
    },
  });
}
