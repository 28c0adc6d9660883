// When the queue tries again, and when it gives up.

const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 3_600;
/** Cloudflare keeps a message back no longer. */
const LONGEST_DELAY = 43_200;
/** A message of a queue is delivered 101 times at most, and what comes to that is lost. */
const MOST_DELIVERIES = 95;
/** Answers that are about the moment. The other 4xx are for good. */
const MOMENTARY = [408, 425, 429];

export interface Tried {
  /** The origin's status, if it answered. */
  readonly status: number | null;
  readonly retryAfter: string | null;
  /** How often the queue has delivered the message, this time included. */
  readonly deliveries: number;
  /** Unix seconds. */
  readonly now: number;
  readonly until: number;
  /** From 0 to 1. */
  readonly random: number;
}

/** In how many seconds to try again, or why never. */
export function next({ status, retryAfter, deliveries, now, until, random }: Tried): number | string {
  if (status !== null && status >= 400 && status < 500 && !MOMENTARY.includes(status)) return "origin_refused";
  const delay = Math.min(LONGEST_DELAY, Math.max(backoff(deliveries, random), asked(retryAfter, now)));
  return now + delay > until || deliveries >= MOST_DELIVERIES ? "exhausted" : delay;
}

/** Doubles from time to time, a quarter more or less, so that what failed together does not come together. */
function backoff(deliveries: number, random: number): number {
  const doubled = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (deliveries - 1));
  return Math.round(doubled * (0.75 + random / 2));
}

/** How long the origin wants to be left alone: seconds, or a date. */
function asked(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  const seconds = /^\d{1,9}$/.test(retryAfter.trim()) ? Number(retryAfter) : Date.parse(retryAfter) / 1000 - now;
  return Number.isNaN(seconds) ? 0 : Math.ceil(Math.max(0, seconds));
}
