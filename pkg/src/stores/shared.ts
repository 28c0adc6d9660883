import { memoryStore } from "./memory.js";
import type { Claim, DedupeStore } from "./store.js";

/** How long this process remembers what it has seen handled: as long as a store may answer with what it knew before. */
const REMEMBERED_SECONDS = 60;

/** A store without an atomic claim. */
interface Remote {
  /** What is known of an event, and where nothing is, a claim if the store takes one. */
  claim(key: string, holder: string, lease: number): Promise<Claim>;
  settle(key: string, status: number, window: number): Promise<void>;
  release(key: string, holder: string): Promise<void>;
}

/** Puts the memory of this process before a store, so that at least here no event is handled twice at once. */
export function behindMemory(remote: Remote): DedupeStore {
  const memory = memoryStore();
  return {
    async claim(key, holder, lease) {
      const known = await memory.claim(key, holder, lease);
      if (known !== "claimed") return known;
      const claim = await remote.claim(key, holder, lease);
      if (claim === "in_flight") await memory.release(key, holder);
      else if (claim !== "claimed") await memory.settle(key, claim.settled, REMEMBERED_SECONDS);
      return claim;
    },
    async settle(key, status, window) {
      await memory.settle(key, status, Math.min(window, REMEMBERED_SECONDS));
      await remote.settle(key, status, window);
    },
    async release(key, holder) {
      await memory.release(key, holder);
      await remote.release(key, holder);
    },
  };
}
