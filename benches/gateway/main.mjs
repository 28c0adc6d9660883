// `cargo xtask bench gateway` runs this: the gateway in workerd beside Workers written by hand.
//
//   node benches/gateway/main.mjs [--quick] [--only WORDS] [--check]

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summary } from '../measure.mjs';
import * as runner from '../run.mjs';
import { ask, spawned } from './child.mjs';
import { SOURCES, contenders } from './contenders.mjs';
import { check } from './genuine.mjs';
import { print, printStart, write } from './report.mjs';
import { starts } from './start.mjs';
import { start } from './workerd.mjs';

const options = runner.options();
if (!existsSync('/proc/self/stat')) throw new Error('processor time is read from /proc: this needs Linux');

const EFFORT = options.quick
  ? { rounds: 3, seconds: 0.5, warmUp: 0.3, steady: 1.5, steadyRounds: 1, starts: 5 }
  : { rounds: 5, seconds: 1, warmUp: 1, steady: 2, steadyRounds: 3, starts: 15 };
const CONNECTIONS = 32;
const SIZES = { '0.2 KB': 200, '1 KB': 1_000, '16 KB': 16_000, '128 KB': 128_000 };

/** What is sent, and the rate of the steady load, in deliveries a second, where that is measured. */
const CASES = [
  { source: 'standard-webhooks', size: '0.2 KB' },
  { source: 'standard-webhooks', size: '1 KB', rate: 150, stores: true },
  { source: 'standard-webhooks', size: '16 KB', rate: 75, stores: true },
  { source: 'standard-webhooks', size: '128 KB' },
  { source: 'audian', size: '1 KB' },
  { source: 'attendee', size: '1 KB' },
  { source: 'attendee', size: '16 KB' },
].map((one) => ({ ...one, title: SOURCES[one.source].title, bytes: SIZES[one.size] }));

const START = ['Hookwarden', 'cfworker', 'ajv', 'Hono, ajv'];
// The start has no ratio that holds from one run to the next.
const startToo = 'start'.includes(options.only) && !options.check;
const titleOf = ({ title, size }) => `${title} / ${size}`;
const startOnly = startToo && !CASES.some((one) => titleOf(one).toLowerCase().includes(options.only));
const cases = startOnly ? [] : runner.chosen(CASES, titleOf, options);

const folder = mkdtempSync(join(tmpdir(), 'hookwarden-bench-'));
const ends = [];
try {
  const origin = spawned('origin.mjs');
  const load = spawned('load.mjs');
  ends.push(() => origin.kill(), () => load.kill());
  const port = await new Promise((resolve) => origin.once('message', resolve));
  const all = await contenders({ origin: `http://127.0.0.1:${port}/`, folder });
  for (const [index, one] of all.entries()) {
    one.runtime = await start({ ...one, folder: join(folder, String(index)) });
    ends.push(one.runtime.stop);
    for (const source of Object.keys(SOURCES)) await check(one, source);
  }
  console.log('every contender takes what is genuine, and all but the relay refuse what is forged or breaks the schema');

  const started = startToo ? await starts(all.filter(({ name }) => START.includes(name)), { folder, runs: EFFORT.starts }) : [];
  if (startToo) printStart(started);
  const bench = {
    name: 'gateway',
    cases,
    measure: (one) => measure(load, all, one),
    print,
    ratiosOf,
    write: (results) => write(results, started, { quick: options.quick, connections: CONNECTIONS }),
  };
  await runner.run(bench, options);
} finally {
  for (const end of ends) end();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(load, all, one) {
  const who = all.filter(({ fresh }) => !fresh || one.stores);
  const saturated = await turns(who, EFFORT.rounds, (contender) => flatOut(load, contender, one));
  const result = { ...one, names: who.map(({ name }) => name), saturated: saturated.map(summarised) };
  if (one.rate && !options.check) {
    const order = { ...one, seconds: EFFORT.steady };
    const steady = await turns(who, EFFORT.steadyRounds, (contender) => send(load, contender, order));
    result.steady = steady.map((runs) => percentiles(runs));
  }
  return result;
}

/** Deliveries for a second of processor time, beside the others; with a store, beside those with one. */
function ratiosOf({ title, size, names, saturated }) {
  const perCpu = (name) => saturated[names.indexOf(name)].perCpu.median;
  const ratio = (name) => {
    if (name.includes('Durable')) return perCpu(name) / perCpu('Hookwarden, KV');
    return perCpu(name.includes('KV') ? 'Hookwarden, KV' : 'Hookwarden') / perCpu(name);
  };
  const others = names.filter((name) => !['Hookwarden', 'Hookwarden, KV'].includes(name));
  return Object.fromEntries(others.map((name) => [`${title} / ${size} / ${name}`, ratio(name)]));
}

/** Everybody once in each round, another one first each time; the results by contender. */
async function turns(who, rounds, measure) {
  const results = who.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let step = 0; step < who.length; step += 1) {
      const index = (round + step) % who.length;
      results[index].push(await measure(who[index]));
    }
  }
  return results;
}

/** As much as there can be: deliveries a second, and for each second of processor time of the runtime. */
async function flatOut(load, contender, { title, bytes, source }) {
  const order = { title, bytes, source };
  const warm = contender.warm ??= new Set();
  if (!warm.has(`${title} ${bytes}`)) await send(load, contender, { ...order, seconds: EFFORT.warmUp });
  warm.add(`${title} ${bytes}`);
  const before = contender.runtime.cpuSeconds();
  const { requests, seconds } = await send(load, contender, { ...order, seconds: EFFORT.seconds });
  return { rate: requests / seconds, perCpu: requests / (contender.runtime.cpuSeconds() - before) };
}

async function send(load, { name, fresh = false, runtime }, { title, bytes, source, seconds, rate }) {
  const order = { port: runtime.port, path: `/${source}`, title, bytes, fresh, seconds, rate };
  const done = await ask(load, { ...order, connections: CONNECTIONS });
  const wrong = Object.entries(done.statuses).filter(([status]) => status !== '200');
  if (wrong.length > 0) throw new Error(`${name} answered ${JSON.stringify(done.statuses)}: ${runtime.complaints.at(-1)}`);
  return done;
}

function summarised(runs) {
  return { rate: summary(runs.map(({ rate }) => rate)), perCpu: summary(runs.map(({ perCpu }) => perCpu)) };
}

/** Of all deliveries of all rounds. */
function percentiles(runs) {
  const times = runs.flatMap(({ times }) => times).sort((one, other) => one - other);
  const at = (share) => times[Math.floor((times.length - 1) * share)];
  return { p50: at(0.5), p99: at(0.99) };
}
