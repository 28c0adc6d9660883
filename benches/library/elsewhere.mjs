// The other runtimes that the tests bring along: each measures some cases in a process of its own.

import { spawnSync } from 'node:child_process';
import { RUNTIMES } from '../../scripts/runtimes.mjs';

const PROGRAM = new URL('elsewhere-main.mjs', import.meta.url).pathname;

/** Those that are installed: `{ name, measure }`, whose results are those of main.mjs. */
export function elsewhere() {
  return RUNTIMES.filter(({ program }) => program !== undefined && program !== process.execPath).map((runtime) => ({
    name: runtime.name,
    measure: (effort, { check }) => measure(runtime, { effort, check }),
  }));
}

function measure({ name, program, args, everything }, order) {
  const given = [...args, ...everything, PROGRAM, JSON.stringify(order)];
  const { status, stdout, stderr } = spawnSync(program, given, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  const { version, results } = JSON.parse(stdout);
  return { runtime: `${name.split(' ')[0]} ${version}`, results };
}
