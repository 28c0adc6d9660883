// How long a Worker takes to start: from outside, since workerd tells a Worker nothing of its own beginning. A process with
// the Worker is started and asked once, in turns with one whose Worker is empty. workerd listens once the modules have been
// compiled and their top level has run.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { summary } from '../measure.mjs';
import { start } from './workerd.mjs';

/** Answers as soon as a Worker is there: none has such a path. */
const NOWHERE = '/nobody/nowhere';

export async function starts(contenders, { folder, runs }) {
  const path = join(folder, 'empty.mjs');
  writeFileSync(path, 'export default { fetch: () => new Response(null, { status: 404 }) };');
  const empty = { name: 'an empty Worker', modules: [{ name: 'main.mjs', type: 'esModule', path }], bindings: {} };
  const all = [empty, ...contenders];
  const [cpus, times] = [all.map(() => []), all.map(() => [])];
  for (let run = 0; run < runs; run += 1) {
    for (let step = 0; step < all.length; step += 1) {
      const index = (run + step) % all.length;
      const { cpu, answered } = await once(all[index], join(folder, `start-${index}`));
      cpus[index].push(cpu);
      times[index].push(answered);
    }
  }
  return all.map((one, index) => ({
    name: one.name,
    ...sizes(one.modules),
    first: summary(times[index]),
    compile: summary(cpus[index].map((cpu, run) => Math.max(0, cpu - cpus[0][run]))),
  }));
}

async function once(one, folder) {
  const begin = performance.now();
  const runtime = await start({ ...one, folder });
  try {
    const answer = await fetch(`http://127.0.0.1:${runtime.port}${NOWHERE}`);
    await answer.arrayBuffer();
    return { cpu: runtime.started * 1000, answered: performance.now() - begin };
  } finally {
    runtime.stop();
  }
}

function sizes(modules) {
  const files = modules.map(({ path }) => readFileSync(path));
  const sum = (of) => files.reduce((all, file) => all + of(file), 0);
  return { raw: sum((file) => file.length), gzipped: sum((file) => gzipSync(file, { level: 9 }).length) };
}
