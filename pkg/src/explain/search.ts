import type { Finding } from "../explain.js";
import { bodies } from "./bodies.js";
import { reserialisations } from "./reserialised.js";
import { fits, type Context, type Trial } from "./delivery.js";
import { headerForms } from "./headers.js";
import type { Change, Hypothesis } from "./hypothesis.js";
import { otherSchemes } from "./schemes.js";
import { secretForms } from "./secrets.js";

/** In the order in which they are undone where two come together. */
const AREAS: readonly (readonly Hypothesis[])[] = [
  headerForms,
  secretForms,
  otherSchemes,
  [...bodies, ...reserialisations],
];

const MOST_TRIALS = 6000;
const MOST_BYTES = 24_000_000;
/** Of one hypothesis, where two are combined. */
const FIRST = 8;
const SECOND = 40;

interface Found {
  readonly findings: Finding[];
  readonly tried: number;
  readonly complete: boolean;
}

/** Undoes one mistake, and if that does not help, two. */
export function search(trial: Trial, context: Context): Found {
  const budget = new Budget();
  let findings: Finding[] = [];
  for (const found of single(trial, context, budget)) findings.push(found);
  if (findings.length === 0) findings = double(trial, context, budget) ?? [];
  return { findings, tried: budget.tried, complete: !budget.exhausted };
}

function* single(trial: Trial, context: Context, budget: Budget): Iterable<Finding> {
  for (const hypothesis of AREAS.flat()) {
    for (const change of hypothesis.changes(trial, context)) {
      if (budget.exhausted) return;
      if (!budget.fits(change.trial)) continue;
      yield finding(hypothesis, change);
      break;
    }
  }
}

function double(trial: Trial, context: Context, budget: Budget): Finding[] | undefined {
  for (const [area, hypotheses] of AREAS.entries()) {
    for (const first of hypotheses) {
      for (const one of take(first.changes(trial, context), FIRST)) {
        for (const second of AREAS.slice(area + 1).flat()) {
          for (const two of take(second.changes(one.trial, context), SECOND)) {
            if (budget.exhausted) return undefined;
            if (!budget.fits(two.trial)) continue;
            return [
              { ...finding(first, one), with: second.id },
              { ...finding(second, two), with: first.id },
            ];
          }
        }
      }
    }
  }
  return undefined;
}

function* take<T>(items: Iterable<T>, most: number): Iterable<T> {
  let taken = 0;
  for (const item of items) {
    if (taken === most) return;
    taken += 1;
    yield item;
  }
}

function finding({ id, message, remedy }: Hypothesis, { evidence }: Change): Finding {
  return { id, confidence: "proven", message, evidence, remedy };
}

/** What a search may cost. */
class Budget {
  tried = 0;
  #bytes = 0;

  get exhausted(): boolean {
    return this.tried >= MOST_TRIALS || this.#bytes >= MOST_BYTES;
  }

  fits(trial: Trial): boolean {
    this.tried += 1;
    // A call has a price of its own.
    this.#bytes += trial.body.length + 1000;
    return fits(trial);
  }
}
