// What every benchmark does with its cases: measures them all and writes what it found, or compares it with what is known.

import { parseArgs } from 'node:util';
import { measureBy } from './measure.mjs';
import { compare, keep, known, lossLine, MOST_LOST } from './ratios.mjs';

/** The options of a benchmark; `more` are its own. */
export function options(more = {}) {
  const { values } = parseArgs({
    options: {
      ...more,
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  return { ...values, quick: values.quick || values.check, only: values.only.toLowerCase() };
}

/** The cases whose titles hold the words that were asked for. */
export function chosen(cases, titleOf, { only }) {
  const some = cases.filter((one) => titleOf(one).toLowerCase().includes(only));
  if (some.length === 0) throw new Error(`nothing is called ${only}`);
  return some;
}

/**
 * @param {object} bench
 * @param {string} bench.name
 * @param {unknown[]} bench.cases
 * @param {(one: any) => Promise<any>} bench.measure
 * @param {(result: any) => void} bench.print
 * @param {(result: any) => Record<string, number>} bench.ratiosOf
 * @param {(results: any[]) => void} bench.write  its section of docs/benchmarks.md
 */
export async function run({ name, cases, measure, print, ratiosOf, write }, { only, quick, check }) {
  const shown = async (one) => {
    const result = await measure(one);
    print(result);
    return result;
  };
  if (check) {
    // What others do on the machine must not look like a loss.
    measureBy('processor');
    return judge(name, only, cases, async (one) => ratiosOf(await shown(one)));
  }
  const results = [];
  for (const one of cases) results.push(await shown(one));
  if (only !== '') return;
  write(results);
  console.log('\nwritten: docs/benchmarks.md');
  if (quick) return;
  keep(name, Object.assign({}, ...results.map(ratiosOf)));
  console.log('written: benches/ratios.json');
}

async function judge(name, only, cases, ratiosOf) {
  const before = known(name);
  if (before === undefined) {
    process.exitCode = 1;
    return console.error(`benches/ratios.json has nothing of ${name}: run \`cargo xtask bench ${name}\` first`);
  }
  const lost = await compare(before, cases, ratiosOf);
  // What was not asked for is not gone.
  const told = lost.filter(({ now }) => only === '' || now !== undefined);
  if (told.length === 0) return console.log(`\n${name}: no ratio has lost more than ${MOST_LOST * 100} %`);
  console.error(`\n${name}: more than ${MOST_LOST * 100} % lost\n${told.map((one) => `    ${lossLine(one)}`).join('\n')}`);
  process.exitCode = 1;
}
