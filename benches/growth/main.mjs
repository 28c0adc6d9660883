// `cargo xtask bench growth` runs this: what a delivery costs as sources, providers, secrets, schemas and bodies grow.
//
//   node benches/growth/main.mjs [--quick] [--only WORDS] [--check]

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawned } from '../gateway/child.mjs';
import { measureBy } from '../measure.mjs';
import * as runner from '../run.mjs';
import * as gateway from './gateway.mjs';
import * as library from './library.mjs';
import { print, ratiosOf, write } from './report.mjs';

const options = runner.options();
if (!existsSync('/proc/self/stat')) throw new Error('processor time is read from /proc: this needs Linux');

const EFFORT = options.quick
  ? { rounds: 5, sample: 10, warmUp: 120, gateway: { rounds: 3, seconds: 0.4 } }
  : { rounds: 15, sample: 30, warmUp: 200, gateway: { rounds: 7, seconds: 0.8 } };
measureBy('processor');

const cases = [...library.GROWTHS, ...gateway.GROWTHS];
const folder = mkdtempSync(join(tmpdir(), 'hookwarden-bench-'));
const [load, origin] = ['load.mjs', 'origin.mjs'].map(spawned);
try {
  const port = await new Promise((resolve) => origin.once('message', resolve));
  const around = { load, origin: `http://127.0.0.1:${port}/`, folder, ...EFFORT.gateway };
  const bench = {
    name: 'growth',
    cases: runner.chosen(cases, ({ name }) => name, options),
    measure: (one) => (gateway.GROWTHS.includes(one) ? gateway.measure(one, around) : library.measure(one, EFFORT)),
    print,
    ratiosOf,
    write: (results) => write(results, options.quick),
  };
  await runner.run(bench, options);
} finally {
  load.kill();
  origin.kill();
  rmSync(folder, { recursive: true, force: true });
}
