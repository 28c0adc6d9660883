// `cargo xtask bench server` runs this: Express with our middleware beside Express with verification written by hand.
//
//   node benches/server/main.mjs [--quick] [--only WORDS] [--check]

import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../gateway/child.mjs';
import { CASES, deliver } from '../library/cases.mjs';
import { summary } from '../measure.mjs';
import { processorSeconds } from '../processor.mjs';
import * as runner from '../run.mjs';
import { print, write } from './report.mjs';

const options = runner.options();
if (!existsSync('/proc/self/stat')) throw new Error('processor time is read from /proc: this needs Linux');

const EFFORT = options.quick ? { rounds: 3, seconds: 0.5 } : { rounds: 7, seconds: 1 };
const CONNECTIONS = 32;
const NAMES = ['Hookwarden', 'by hand', 'Hookwarden, payload read', 'nothing but the body'];
const SIZES = { '0.2 KB': 200, '1 KB': 1_000, '16 KB': 16_000, '128 KB': 128_000 };
const SENT = CASES.filter(({ provider }) => ['standard-webhooks', 'audian'].includes(provider)).flatMap((one) =>
  Object.entries(SIZES).map(([size, bytes]) => ({ ...one, size, bytes })),
);
const cases = runner.chosen(SENT, ({ title, size }) => `${title} / ${size}`, options);

const children = [];
const child = (script, ...given) => {
  const one = fork(join(import.meta.dirname, script), given);
  children.push(one);
  return one;
};
try {
  const load = child('../gateway/load.mjs');
  const servers = [];
  for (const name of NAMES) {
    const server = child('app.mjs', name);
    const port = await new Promise((resolve) => server.once('message', resolve));
    servers.push({ name, port, cpuSeconds: () => processorSeconds(server.pid) });
  }
  for (const server of servers) for (const one of CASES) await check(server, one);
  console.log('every server takes what is genuine, and those that verify refuse what is forged');

  const bench = {
    name: 'server',
    cases,
    measure: (one) => measure(load, servers, one),
    print,
    ratiosOf,
    write: (results) => write(results, { quick: options.quick, connections: CONNECTIONS }),
  };
  await runner.run(bench, options);
} finally {
  for (const one of children) one.kill();
}

async function measure(load, servers, one) {
  for (const server of servers) await flatOut(load, server, one);
  const runs = servers.map(() => []);
  for (let round = 0; round < EFFORT.rounds; round += 1) {
    for (let step = 0; step < servers.length; step += 1) {
      // Another one begins each round: nobody always runs after the same neighbour.
      const index = (round + step) % servers.length;
      runs[index].push(await flatOut(load, servers[index], one));
    }
  }
  const who = servers.map(({ name }, index) => ({
    name,
    rate: summary(runs[index].map(({ rate }) => rate)),
    perCpu: summary(runs[index].map(({ perCpu }) => perCpu)),
  }));
  return { title: one.title, size: one.size, who };
}

/** By processor time: what `Hookwarden` and `payload read` do beside each of the others. */
function ratiosOf({ title, size, who: [ours, ...others] }) {
  return Object.fromEntries(
    others.map(({ name, perCpu }) => {
      const isOurs = name.startsWith(ours.name);
      const ratio = isOurs ? perCpu.median / ours.perCpu.median : ours.perCpu.median / perCpu.median;
      return [`${title} / ${size} / ${name}`, ratio];
    }),
  );
}

/** Nobody is measured who takes anything. */
async function check({ name, port }, one) {
  const { body, headers } = deliver(one, 1_000);
  const post = (bytes) => fetch(`http://127.0.0.1:${port}/${one.provider}`, { method: 'POST', headers, body: bytes });
  const [genuine, forged] = [await post(body), await post(deliver(one, 2_000).body)];
  const wanted = name === 'nothing but the body' ? 200 : 401;
  if (genuine.status !== 200) throw new Error(`${name} answered ${genuine.status} to a genuine delivery of ${one.title}`);
  if (forged.status !== wanted) throw new Error(`${name} answered ${forged.status} to a forged delivery of ${one.title}`);
}

async function flatOut(load, { name, port, cpuSeconds }, { provider, title, bytes }) {
  const before = cpuSeconds();
  const order = { port, path: `/${provider}`, title, bytes, fresh: false, connections: CONNECTIONS };
  const { requests, seconds, statuses } = await ask(load, { ...order, seconds: EFFORT.seconds });
  const wrong = Object.keys(statuses).filter((status) => status !== '200');
  if (wrong.length > 0) throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
  return { rate: requests / seconds, perCpu: requests / (cpuSeconds() - before) };
}
