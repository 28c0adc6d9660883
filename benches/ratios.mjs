// What a full run has found, as ratios, and whether they still hold. Each says how many times as well we do, so that
// less is worse: how many times as long somebody else takes, or the smallest step of what grows by the larger one.

import { readFileSync, writeFileSync } from 'node:fs';

const PLACE = new URL('ratios.json', import.meta.url);
/** More than this share may not be lost. */
export const MOST_LOST = 0.15;

const read = () => JSON.parse(readFileSync(PLACE, 'utf8'));

/** Those of a benchmark, by name; `undefined` before its first full run. */
export const known = (bench) => read()[bench];

/** Keeps what a full run has found in the place of what there was. */
export function keep(bench, ratios) {
  const rounded = Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toPrecision(3))]);
  const all = Object.entries({ ...read(), [bench]: Object.fromEntries(rounded) });
  const sorted = Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(PLACE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The ratios that are worse than before by more than is allowed. */
export function losses(before, found) {
  const worse = ([name, ratio]) => before[name] !== undefined && !(ratio >= before[name] * (1 - MOST_LOST));
  return Object.entries(found)
    .filter(worse)
    .map(([name, ratio]) => ({ name, before: before[name], now: ratio }));
}

/**
 * Measures cases and compares. Where a ratio looks lost, its case is measured once more, and the better one counts: the
 * machine may have been busy. `measure` gives the ratios of a case. What was known and is measured no more is lost, too.
 */
export async function compare(before, cases, measure) {
  const found = {};
  for (const one of cases) {
    const ratios = await measure(one);
    if (losses(before, ratios).length > 0) {
      const again = await measure(one);
      for (const name of Object.keys(ratios)) ratios[name] = better(ratios[name], again[name]);
    }
    Object.assign(found, ratios);
  }
  const gone = Object.keys(before).filter((name) => found[name] === undefined);
  return [...losses(before, found), ...gone.map((name) => ({ name, before: before[name], now: undefined }))];
}

/** What is no number is no better than anything. */
const better = (one, other) => (other > one || !(one >= 0) ? other : one);

/** A lost ratio in a line. */
export function lossLine({ name, before, now }) {
  if (now === undefined) return `${name}: was ${before}, is not measured any more`;
  return `${name}: ${before} before, ${Number(now.toPrecision(3))} now, ${Math.round((1 - now / before) * 100)} % lost`;
}
