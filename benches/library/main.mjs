// `cargo xtask bench library` runs this: from bytes and headers to the verdict, in this runtime.
//
//   node benches/library/main.mjs [--quick] [--only WORDS] [--check]

import * as library from '../../pkg/dist/index.js';
import { micro, ratio, spread } from '../document.mjs';
import { race } from '../measure.mjs';
import * as runner from '../run.mjs';
import { CASES, deliver, SIZES } from './cases.mjs';
import { contenders } from './contenders.mjs';
import { write } from './report.mjs';

const options = runner.options();
const effort = options.quick ? { rounds: 7, sample: 10, warmUp: 80 } : { rounds: 15, sample: 30, warmUp: 250 };

const cases = CASES.flatMap((one) => SIZES.map(([size, bytes]) => ({ one, size, bytes })));
const bench = {
  name: 'library',
  cases: runner.chosen(cases, ({ one, size }) => `${one.title} / ${size}`, options),
  measure,
  print,
  ratiosOf,
  write: (results) => write(results, options.quick),
};
await runner.run(bench, options);

async function measure({ one, size, bytes }) {
  const delivery = deliver(one, bytes);
  const all = contenders(library, delivery);
  const times = await race(all.map(({ run }) => run), effort);
  return { title: one.title, size, bytes: delivery.body.length, names: all.map(({ name }) => name), times };
}

/** Beside each of the others, and beside the hand-written code with the payload in the handler's hands. */
function ratiosOf({ title, size, names, times }) {
  const [ours, taken] = ['Hookwarden', 'Hookwarden, payload taken'].map((name) => times[names.indexOf(name)].median);
  const named = (name) => `${title} / ${size} / ${name}`;
  const others = names.flatMap((name, index) => (/^Hookwarden/.test(name) ? [] : [[named(name), times[index].median / ours]]));
  const handwritten = times[names.indexOf('hand-written')].median;
  return Object.fromEntries([...others, [named('hand-written, payload taken'), handwritten / taken]]);
}

function print({ title, size, bytes, names, times }) {
  const ours = times[0].median;
  const cells = names.map((name, index) => {
    const { median } = times[index];
    return `${name} ${micro(median)} µs ${spread(times[index])}${index ? ` (${ratio(median / ours)}×)` : ''}`;
  });
  console.log(`${title}, ${size} (${bytes} B)\n    ${cells.join('   ')}`);
}
