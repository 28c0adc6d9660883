// `cargo xtask bench schema` runs this: measures in Node.js, then natively, and writes `docs/benchmarks.md`.
//
//   node benches/schema/main.mjs --ours DIR --jsonschema DIR --native PROGRAM [--quick] [--only WORDS]

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { contenders, fastestDecoder } from './contenders.mjs';
import { race } from '../measure.mjs';
import { native } from './native.mjs';
import { table, writeDocument } from './report.mjs';
import { workloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    ours: { type: 'string' },
    jsonschema: { type: 'string' },
    native: { type: 'string' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
});
const effort = options.quick ? { rounds: 7, sample: 10, warmUp: 60 } : { rounds: 15, sample: 30, warmUp: 200 };

const only = options.only.toLowerCase();
const wanted = ({ group, title, size }) => `${group} / ${title} / ${size}`.toLowerCase().includes(only);
const chosen = workloads().filter(wanted);
assert.ok(chosen.length, `no workload is called ${options.only}`);

const all = await contenders(options.ours, options.jsonschema);
const results = [];
for (const workload of chosen) {
  const { group, title, size, schema, payload, valid } = workload;
  const bytes = new Uint8Array(payload);
  const { name: decoder, decode } = fastestDecoder(bytes);
  const functions = all.map(({ name, compile }) => {
    const judge = compile(schema, decode);
    assert.equal(judge(bytes), valid, `${name} on ${title}, ${size}`);
    return () => judge(bytes);
  });
  const times = await race(functions, effort);
  results.push({ group, title, size, bytes: bytes.length, decoder, times });
  console.log(table(all.map(({ name }) => name), results.at(-1)));
}
const names = all.map(({ name }) => name);
console.log('\nNatively, beside serde_json + jsonschema:');
const natively = native(options.native, chosen, effort);
for (const [index, { title, size }] of chosen.entries()) {
  console.log(table(['Hookwarden', 'jsonschema'], { ...results[index], title, size, decoder: 'native', times: natively[index] }));
}
if (!options.only) {
  writeDocument({ names, results, nativeResults: natively, quick: options.quick });
  console.log('\nwritten: docs/benchmarks.md');
}
