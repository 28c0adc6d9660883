// `cargo xtask bench library` runs this: from bytes and headers to the verdict, in this runtime, and some of it in others.
//
//   node benches/library/main.mjs [--quick] [--only WORDS] [--check]

import * as library from '../../pkg/dist/index.js';
import { micro, ratio, spread } from '../document.mjs';
import { race } from '../measure.mjs';
import * as runner from '../run.mjs';
import { CASES, deliver, SHAPES, SIZES } from './cases.mjs';
import { contenders } from './contenders.mjs';
import { elsewhere } from './elsewhere.mjs';
import { write } from './report.mjs';

const options = runner.options();
const effort = options.quick ? { rounds: 7, sample: 10, warmUp: 80 } : { rounds: 15, sample: 30, warmUp: 250 };

const sized = CASES.flatMap((one) => SIZES.map(([size, bytes]) => ({ one, size, bytes })));
const shaped = SHAPES.map((one) => ({ one, size: `16 KB, ${one.shape}`, bytes: 16_000 }));
const others = elsewhere().map((runtime) => ({ runtime }));
const titleOf = ({ one, size, runtime }) => (runtime ? `runtime / ${runtime.name}` : `${one.title} / ${size}`);
const bench = {
  name: 'library',
  cases: runner.chosen([...sized, ...shaped, ...others], titleOf, options),
  measure,
  print,
  ratiosOf,
  write: (results) => write(results, options.quick),
};
await runner.run(bench, options);

async function measure({ one, size, bytes, runtime }) {
  if (runtime) return runtime.measure(effort, options);
  const delivery = deliver(one, bytes);
  const all = contenders(library, delivery);
  const times = await race(all.map(({ run }) => run), effort);
  return { title: one.title, size, shape: one.shape, bytes: delivery.body.length, names: all.map(({ name }) => name), times };
}

/** Beside each of the others, and beside the hand-written code with the payload in the handler's hands. */
function ratiosOf({ runtime, results, title, size, names, times }) {
  if (runtime) return Object.assign({}, ...results.map((one) => ratiosOf({ ...one, title: `${runtime} / ${one.title}` })));
  const [ours, taken] = ['Hookwarden', 'Hookwarden, payload taken'].map((name) => times[names.indexOf(name)].median);
  const named = (name) => `${title} / ${size} / ${name}`;
  const others = names.flatMap((name, index) => (/^Hookwarden/.test(name) ? [] : [[named(name), times[index].median / ours]]));
  const handwritten = times[names.indexOf('hand-written')].median;
  return Object.fromEntries([...others, [named('hand-written, payload taken'), handwritten / taken]]);
}

function print({ runtime, results, title, size, bytes, names, times }) {
  if (runtime) return console.log(runtime), results.forEach(print);
  const ours = times[0].median;
  const cells = names.map((name, index) => {
    const { median } = times[index];
    return `${name} ${micro(median)} µs ${spread(times[index])}${index ? ` (${ratio(median / ours)}×)` : ''}`;
  });
  console.log(`${title}, ${size} (${bytes} B)\n    ${cells.join('   ')}`);
}
