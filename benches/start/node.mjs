// How long a process of Node.js takes to a loaded package, and to a first verdict: whole processes, less one that does
// nothing, in turns.

import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '../../scripts/sign.mjs';
import { summary } from '../measure.mjs';

const ENTRY = JSON.stringify(join(import.meta.dirname, '../../pkg/dist/index.js'));
const RUNTIMES = join(import.meta.dirname, '../../tests/npm/runtimes/node_modules');
const NOW = 1_700_000_000;
const BODY = JSON.stringify({ id: 'evt_1', event: 'call.failed', timestamp: '2024-01-15T10:30:00Z', data: {} });
// Signed beforehand, by other code.
const HEADERS = JSON.stringify(Object.fromEntries(sign('audian', 'hmac', { secret: 's', body: BODY, now: NOW })));

const JUDGE = `const verifier = createVerifier("audian", { secret: "s" });
if (verifier.verify(${HEADERS}, ${JSON.stringify(BODY)}, { now: ${NOW} }).code !== null) process.exitCode = 1;
`;
/** At the end, where nothing is measured any more: what the process itself has used. */
const USED = 'const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000));\n';
const REQUIRE = `const { createVerifier } = require(${ENTRY});\n`;
const IMPORT = `import { createVerifier } from ${ENTRY};\n`;

/** By file name: what the process does, in both module systems. */
const PROGRAMS = {
  'empty.cjs': '',
  'empty.mjs': '',
  'load.cjs': REQUIRE,
  'load.mjs': IMPORT,
  'verdict.cjs': REQUIRE + JUDGE,
  'verdict.mjs': IMPORT + JUDGE,
};

/** The versions that there are: the one that runs this, and those that the tests bring along. */
export function versions() {
  const brought = ['22', '24'].map((major) => join(RUNTIMES, `node-${major}-${process.platform}-${process.arch}/bin/node`));
  const all = [process.execPath, ...brought.filter(existsSync)].map((program) => ({
    program,
    version: spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1),
  }));
  return all.filter(({ version }, index) => all.findIndex((one) => one.version === version) === index);
}

/**
 * `{ name, ways }`: for each way the milliseconds on the clock and of processor time that it takes more than an empty
 * script, and those of the empty one.
 */
export function measure({ program, version }, { folder, runs }) {
  const names = Object.keys(PROGRAMS);
  for (const name of names) writeFileSync(join(folder, name), PROGRAMS[name] + USED);
  const times = Object.fromEntries(names.map((name) => [name, { clock: [], processor: [] }]));
  for (let run = 0; run < runs; run += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(run + step) % names.length];
      const begin = process.hrtime.bigint();
      const { status, stdout, stderr } = spawnSync(program, [join(folder, name)], { encoding: 'utf8' });
      times[name].clock.push(Number(process.hrtime.bigint() - begin) / 1e6);
      if (status !== 0) throw new Error(`${name} ended with ${status} in Node.js ${version}: ${stderr}`);
      times[name].processor.push(Number(stdout));
    }
  }
  // On the clock a busy machine makes single processes late by more than what is measured: the fastest tenth then.
  const at = { clock: 'low', processor: 'median' };
  const typical = (name, clock) => summary(times[name][clock])[at[clock]];
  const ways = ['cjs', 'mjs'].flatMap((kind) =>
    ['load', 'verdict'].map((what) => {
      const more = (clock) => typical(`${what}.${kind}`, clock) - typical(`empty.${kind}`, clock);
      const empty = { clock: typical(`empty.${kind}`, 'clock'), processor: typical(`empty.${kind}`, 'processor') };
      return { kind: kind === 'cjs' ? 'require' : 'import', what, clock: more('clock'), processor: more('processor'), empty };
    }),
  );
  return { name: `Node.js ${version}`, major: version.split('.')[0], ways };
}
