// Measures some cases in whatever runtime this is, and prints them as JSON.

import process from 'node:process';
import * as library from '../../pkg/dist/index.js';
import { measureBy, race } from '../measure.mjs';
import { CASES, deliver, SIZES } from './cases.mjs';
import { contenders } from './contenders.mjs';

const { effort, check } = JSON.parse(process.argv[2]);
if (check) measureBy('processor');

const version = globalThis.Deno?.version.deno ?? process.versions.bun ?? process.versions.node;
const results = [];
for (const one of CASES.filter(({ provider }) => provider === 'standard-webhooks' || provider === 'github')) {
  for (const [size, bytes] of SIZES) {
    const delivery = deliver(one, bytes);
    const all = contenders(library, delivery);
    const times = await race(all.map(({ run }) => run), effort);
    results.push({ title: one.title, size, bytes: delivery.body.length, names: all.map(({ name }) => name), times });
  }
}
console.log(JSON.stringify({ version, results }));
