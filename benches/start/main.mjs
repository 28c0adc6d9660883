// `cargo xtask bench start` runs this: how long the package takes to a first verdict and a Worker to start, and what is
// shipped.
//
//   node benches/start/main.mjs --sizes JSON [--quick] [--only WORDS] [--check]

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contenders } from '../gateway/contenders.mjs';
import { printStart } from '../gateway/report.mjs';
import { starts } from '../gateway/start.mjs';
import * as runner from '../run.mjs';
import { measure, versions } from './node.mjs';
import { print, ratiosOf, write } from './report.mjs';

const options = runner.options({ sizes: { type: 'string', default: '[]' } });
if (!existsSync('/proc/self/stat')) throw new Error('processor time is read from /proc: this needs Linux');

const EFFORT = options.quick ? { runs: 12, starts: 5 } : { runs: 40, starts: 25 };
const MEASURED = ['Hookwarden', 'cfworker', 'ajv', 'Hono, ajv'];

const folder = mkdtempSync(join(tmpdir(), 'hookwarden-bench-'));
try {
  const cases = versions().map((one) => ({ ...one, title: `Node.js ${one.version}` }));
  let workers = [];
  // The Workers' starts have no ratio that holds from one run to the next.
  if (options.only === '' && !options.check) {
    const all = await contenders({ origin: 'http://127.0.0.1:1/', folder });
    workers = await starts(all.filter(({ name }) => MEASURED.includes(name)), { folder, runs: EFFORT.starts });
    printStart(workers);
  }
  const bench = {
    name: 'start',
    cases: runner.chosen(cases, ({ title }) => title, options),
    measure: async (one) => measure(one, { folder, runs: EFFORT.runs }),
    print,
    ratiosOf,
    write: (results) => write(results, { workers, sizes: JSON.parse(options.sizes), quick: options.quick }),
  };
  await runner.run(bench, options);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
