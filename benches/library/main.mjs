// `cargo xtask bench library` runs this: from bytes and headers to the verdict, in this runtime.
//
//   node benches/library/main.mjs [--quick] [--only WORDS]

import { parseArgs } from 'node:util';
import * as library from '../../pkg/dist/index.js';
import { micro, ratio, spread } from '../document.mjs';
import { race } from '../measure.mjs';
import { CASES, deliver, SIZES } from './cases.mjs';
import { contenders } from './contenders.mjs';
import { write } from './report.mjs';

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, quick: { type: 'boolean', default: false } },
});
const effort = options.quick ? { rounds: 7, sample: 10, warmUp: 80 } : { rounds: 15, sample: 30, warmUp: 250 };

const only = options.only.toLowerCase();
const chosen = CASES.flatMap((one) => SIZES.map(([size, bytes]) => ({ one, size, bytes }))).filter(({ one, size }) =>
  `${one.title} / ${size}`.toLowerCase().includes(only),
);
if (chosen.length === 0) throw new Error(`nothing is called ${options.only}`);

const results = [];
for (const { one, size, bytes } of chosen) {
  const delivery = deliver(one, bytes);
  const all = contenders(library, delivery);
  const times = await race(all.map(({ run }) => run), effort);
  const result = { title: one.title, size, bytes: delivery.body.length, names: all.map(({ name }) => name), times };
  results.push(result);
  print(result);
}
if (only === '') {
  write(results, options.quick);
  console.log('\nwritten: docs/benchmarks.md');
}

function print({ title, size, bytes, names, times }) {
  const ours = times[0].median;
  const cells = names.map((name, index) => {
    const { median } = times[index];
    return `${name} ${micro(median)} µs ${spread(times[index])}${index ? ` (${ratio(median / ours)}×)` : ''}`;
  });
  console.log(`${title}, ${size} (${bytes} B)\n    ${cells.join('   ')}`);
}
