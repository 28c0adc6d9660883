import type { Claim, DedupeStore } from "./store.js";

interface Entry {
  readonly claim: Claim;
  readonly holder: string | undefined;
  /** In milliseconds. */
  readonly until: number;
}

/**
 * Remembers events in this process, exactly: no two deliveries of one event are handled at once, or again. A restart
 * forgets everything, and other processes know nothing of it.
 *
 * @param options.max  how many events are kept, 10,000 by default; beyond that, the oldest are forgotten
 */
export function memoryStore({ max = 10_000 }: { readonly max?: number | undefined } = {}): DedupeStore {
  if (!Number.isInteger(max) || max < 1) throw new RangeError("`max` must be a whole number from 1 on");
  const entries = new Map<string, Entry>();
  const put = (key: string, claim: Claim, holder: string | undefined, seconds: number) => {
    // What is noted last stands last, so that the first is the oldest.
    entries.delete(key);
    entries.set(key, { claim, holder, until: Date.now() + seconds * 1000 });
    if (entries.size > max) entries.delete(entries.keys().next().value as string);
  };
  return {
    claim(key, holder, lease) {
      const found = entries.get(key);
      if (found !== undefined && found.until > Date.now()) return found.claim;
      put(key, "in_flight", holder, lease);
      return "claimed";
    },
    settle: (key, status, window) => put(key, { settled: status }, undefined, window),
    release(key, holder) {
      if (entries.get(key)?.holder === holder) entries.delete(key);
    },
  };
}
