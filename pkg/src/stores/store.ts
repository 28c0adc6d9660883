/** What a store says to a claim: it is yours, somebody else's, or the event was handled and answered with this status. */
export type Claim = "claimed" | "in_flight" | { readonly settled: number };

/**
 * Remembers which events are handled. Each method may fail or be slow: then the delivery is handled or refused as the
 * option `fail` says.
 */
export interface DedupeStore {
  /** Claims an event for `lease` seconds, unless it is known. `holder` is unique to this claim. */
  claim(key: string, holder: string, lease: number): Claim | Promise<Claim>;
  /** Notes that the event was handled and answered with `status`, for `window` seconds, whoever holds the claim. */
  settle(key: string, status: number, window: number): void | Promise<void>;
  /** Gives a claim back. One that `holder` does not hold any more stays. */
  release(key: string, holder: string): void | Promise<void>;
}

/** What stands in a store of texts: a status, or who holds the claim. */
export function claimOf(text: string): Claim {
  return /^2\d\d$/.test(text) ? { settled: Number(text) } : "in_flight";
}

export interface PrefixOption {
  /** Stands before each key. `hookwarden:` by default. */
  readonly prefix?: string | undefined;
}

export const PREFIX = "hookwarden:";
