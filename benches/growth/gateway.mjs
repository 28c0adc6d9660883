// What grows in the gateway: its sources, in the variable and in the document in Workers KV, and the bodies it is sent. In
// workerd, by processor time.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, builtModules, compatibility, memoryModules } from '../../scripts/worker-modules.mjs';
import { ask } from '../gateway/child.mjs';
import { start } from '../gateway/workerd.mjs';
import { CASES, SIZES } from '../library/cases.mjs';
import { summary } from '../measure.mjs';

const AUDIAN = CASES.find(({ provider }) => provider === 'audian');
const CONNECTIONS = 8;
const text = (value) => `text = ${JSON.stringify(value)}`;
const json = (value) => `json = ${JSON.stringify(JSON.stringify(value))}`;

const VARIABLE = 'in the variable';
const DOCUMENT = 'in the document';

/** `settings` of a step: how many sources there are, where, and how long the bodies are. */
export const GROWTHS = [
  {
    name: 'gateway sources',
    what: 'sources of the gateway, each with a secret of its own',
    steps: [1, 10, 100, 1_000, 10_000].map((count) => ({ label: count.toLocaleString('en'), count })),
    ways: { [VARIABLE]: {}, [DOCUMENT]: { document: true } },
    settings: ({ count }) => ({ count, bytes: 1_000 }),
  },
  {
    name: 'gateway body',
    what: 'length of a body',
    steps: [...SIZES, ['5 MB', 5_000_000], ['25 MB', 25_000_000]].map(([label, bytes]) => ({ label, bytes })),
    ways: { 'to the answer': {} },
    settings: ({ bytes }) => ({ count: 1, bytes }),
  },
];

/**
 * Every step in turns, with a runtime of its own. Beside the processor time of a delivery there is the time to the first
 * answer of a new process, which reads the configuration, and the memory of the WebAssembly after all of them.
 */
export async function measure({ name, what, steps, ways, settings }, { load, origin, folder, rounds, seconds }) {
  const all = steps.flatMap((step) => Object.keys(ways).map((way) => ({ step, way, ...settings(step), ...ways[way] })));
  const runtimes = [];
  try {
    for (const [index, one] of all.entries()) {
      const place = join(folder, `${name.replaceAll(' ', '-')}-${index}`);
      runtimes.push(await open(one, origin, place));
      one.first = await first(load, runtimes[index], one);
      one.runs = [];
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (let step = 0; step < all.length; step += 1) {
        const index = (round + step) % all.length;
        const each = await send(load, runtimes[index], all[index], seconds);
        // The first one is the warm-up.
        if (round > 0) all[index].runs.push(each);
      }
    }
    for (const [index, one] of all.entries()) one.memory = await memoryOf(runtimes[index]);
  } finally {
    for (const runtime of runtimes) runtime.stop();
  }
  const found = (step, way, pick) => pick(all.find((one) => one.step === step && one.way === way));
  const by = (step, pick) => Object.fromEntries(Object.keys(ways).map((way) => [way, found(step, way, pick)]));
  return {
    name,
    what,
    ways: Object.keys(ways),
    steps: steps.map((step) => ({
      step: step.label,
      bytes: step.bytes,
      times: by(step, ({ runs }) => summary(runs)),
      first: by(step, ({ first }) => first),
      memory: by(step, ({ memory }) => memory),
    })),
  };
}

/** Names whose order is that of their numbers; the one in the middle is what deliveries are for. */
const sourceName = (index) => `s${String(index).padStart(5, '0')}`;
const chosen = (count) => sourceName(Math.floor(count / 2));

async function open({ count, document = false, bytes }, origin, folder) {
  mkdirSync(folder, { recursive: true });
  const bindings = {};
  const sources = {};
  for (let index = 0; index < count; index += 1) {
    const name = sourceName(index);
    sources[name] = { provider: 'audian', origin: 'https://a.example', dedupe: false };
    bindings[`${name.toUpperCase()}_SECRET`] = text(`secret ${index}`);
  }
  const largest = bytes > 1_000_000 && { max_body_bytes: 25 * 1024 * 1024 };
  sources[chosen(count)] = { ...sources[chosen(count)], origin, insecure_origin: true, schemas: { '*': AUDIAN.schema }, ...largest };
  bindings[`${chosen(count).toUpperCase()}_SECRET`] = text(AUDIAN.secret);
  let kv;
  if (document) {
    kv = join(folder, 'document.mjs');
    const held = JSON.stringify({ format: 1, revision: 1, sources });
    writeFileSync(kv, `const held = ${JSON.stringify(held)};\nexport default { fetch: () => new Response(held) };\n`);
    bindings.CONFIG = 'kvNamespace = "kv"';
  } else bindings.SOURCES = json(sources);
  const around = memoryModules().map(({ path, contents }) => {
    const name = path.slice(build.length + 1);
    writeFileSync(join(folder, name), contents);
    return { name, type: 'esModule', path: join(folder, name) };
  });
  const built = builtModules().map(({ type, path }) => ({
    name: path.slice(build.length + 1),
    type: type === 'CompiledWasm' ? 'wasm' : 'esModule',
    path,
  }));
  return start({ folder, modules: [...around, ...built], bindings, kv, features: compatibility().compatibilityFlags });
}

const order = (runtime, { count, bytes }) => ({
  port: runtime.port,
  path: `/${chosen(count)}`,
  title: AUDIAN.title,
  bytes,
  fresh: false,
});

async function delivered(load, runtime, given) {
  const done = await ask(load, given);
  const wrong = Object.keys(done.statuses).filter((status) => status !== '200');
  if (wrong.length > 0) throw new Error(`the gateway answered ${JSON.stringify(done.statuses)}: ${runtime.complaints.at(-1)}`);
  return done;
}

/** Milliseconds of processor time that the first delivery takes. */
async function first(load, runtime, one) {
  const before = runtime.cpuNow();
  await delivered(load, runtime, { ...order(runtime, one), connections: 1, seconds: 0 });
  return (runtime.cpuNow() - before) * 1000;
}

/** Nanoseconds of processor time for each delivery. */
async function send(load, runtime, one, seconds) {
  // Bodies that are long are sent one at a time: a gateway refuses what would take too much memory at once.
  const connections = one.bytes > 1_000_000 ? 1 : CONNECTIONS;
  const before = runtime.cpuNow();
  const { requests } = await delivered(load, runtime, { ...order(runtime, one), connections, seconds });
  return ((runtime.cpuNow() - before) / requests) * 1e9;
}

async function memoryOf({ port }) {
  const { bytes } = await (await fetch(`http://127.0.0.1:${port}/x-test-memory`)).json();
  return bytes;
}
