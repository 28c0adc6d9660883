import type { Context, Trial } from "./delivery.js";

/** Something that people or machines get wrong, and how to undo it. */
export interface Hypothesis {
  readonly id: string;
  readonly message: string;
  readonly remedy: string;
  /** Deliveries in which it is undone, the likeliest first. The core says whether the signature fits one of them. */
  changes(trial: Trial, context: Context): Iterable<Change>;
}

export interface Change {
  readonly trial: Trial;
  /** What shows it: places, names and counts, never a value. */
  readonly evidence: string;
}
