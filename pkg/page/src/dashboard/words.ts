// What codes, reasons and troubles mean, in sentences.

import { CODES } from "../../../src/generated/codes.js";
import type { Trouble } from "./api.js";

/** What a table has for a word that came from elsewhere: `constructor` may be one. */
export function own<T>(table: Readonly<Record<string, T>>, word: string | null): T | undefined {
  return word !== null && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** The meaning of a code; the code itself where it is a newer one than this page. */
export function meaning(code: string): string {
  return own(CODES, code)?.meaning ?? code;
}

/** What is wrong, and what to do about it. Text in backticks is code. */
export const TROUBLES: Readonly<Record<Trouble, readonly [wrong: string, todo: string]>> = {
  absent: [
    "There is no admin API here.",
    "It is there once the gateway has the secret `ADMIN_TOKEN` of at least 16 characters, and the binding `LOG` as in the `wrangler.toml` that comes with Hookwarden. Set it with `npx wrangler secret put ADMIN_TOKEN`, then try again.",
  ],
  refused: [
    "The gateway does not take this token.",
    "Enter the value of its secret `ADMIN_TOKEN`. Nobody can read it back: if it is lost, set a new one with `npx wrangler secret put ADMIN_TOKEN`.",
  ],
  unreachable: [
    "The gateway does not answer.",
    "Look at your connection, and whether the gateway runs: `/healthz` answers without a token.",
  ],
  unavailable: [
    "The delivery log does not answer.",
    "Deliveries go on without it. Mostly it is back within seconds; if it stays away, look at the Worker's own log (`npx wrangler tail`).",
  ],
  gone: ["This entry is not there any more.", "It was removed, or is older than entries are kept."],
  mistaken: ["The gateway did not understand.", "It said:"],
};

/** Why an event is a dead letter. */
const REASONS: Readonly<Record<string, string>> = {
  payload_refused: "Its payload breaks a schema that the source enforces, so its sender was refused.",
  origin_refused: "The origin answered that it will not have it. That is final for the queue.",
  exhausted: "The origin did not accept it for as long as the queue tries.",
  source_unknown: "Its source is not configured any more.",
  replay_failed: "It was replayed, and the origin did not accept it.",
};

export const reasonOf = (reason: string): string => own(REASONS, reason) ?? reason;
export const isReason = (note: string): boolean => own(REASONS, note) !== undefined;

/** What became of a replay. */
const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: "delivered",
  duplicate: "delivered before",
  failed: "failed",
  busy: "being replayed by somebody else",
  gone: "gone",
};

export const outcomeOf = (outcome: string): string => own(OUTCOMES, outcome) ?? outcome;

/** `1 delivery`, `2 deliveries`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
