// `cargo xtask bench schema` runs this: measures in Node.js, then natively, and writes `docs/benchmarks.md`.
//
//   node benches/schema/main.mjs --ours DIR --jsonschema DIR --native PROGRAM [--quick] [--only WORDS] [--check]

import assert from 'node:assert/strict';
import { contenders, fastestDecoder } from './contenders.mjs';
import { race } from '../measure.mjs';
import * as runner from '../run.mjs';
import { native } from './native.mjs';
import { table, writeDocument } from './report.mjs';
import { workloads } from './workloads.mjs';

const options = runner.options({ ours: { type: 'string' }, jsonschema: { type: 'string' }, native: { type: 'string' } });
const effort = options.quick ? { rounds: 7, sample: 10, warmUp: 60 } : { rounds: 15, sample: 30, warmUp: 200 };

const titleOf = ({ group, title, size }) => `${group} / ${title} / ${size}`;
const all = await contenders(options.ours, options.jsonschema);
const names = all.map(({ name }) => name);
const bench = {
  name: 'schema',
  cases: runner.chosen(workloads(), titleOf, options),
  measure,
  print,
  ratiosOf,
  write: (results) =>
    writeDocument({ names, results, nativeResults: results.map(({ natively }) => natively), quick: options.quick }),
};
await runner.run(bench, options);

async function measure(workload) {
  const { group, title, size, schema, payload, valid } = workload;
  const bytes = new Uint8Array(payload);
  const { name: decoder, decode } = fastestDecoder(bytes);
  const functions = all.map(({ name, compile }) => {
    const judge = compile(schema, decode);
    assert.equal(judge(bytes), valid, `${name} on ${title}, ${size}`);
    return () => judge(bytes);
  });
  const times = await race(functions, effort);
  const [natively] = native(options.native, [workload], effort);
  return { group, title, size, bytes: bytes.length, decoder, times, natively };
}

function print(result) {
  console.log(table(names, result));
  console.log(table(['Hookwarden', 'jsonschema'], { ...result, decoder: 'native', times: result.natively }));
}

function ratiosOf({ title, size, times, natively }) {
  const others = names.slice(1).map((name, index) => [name, times[index + 1].median / times[0].median]);
  const all = [...others, ['native', natively[1].median / natively[0].median]];
  return Object.fromEntries(all.map(([name, ratio]) => [`${title} / ${size} / ${name}`, ratio]));
}
