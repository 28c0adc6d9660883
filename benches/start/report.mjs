// What is printed, and the section of docs/benchmarks.md.

import { kilobytes, machine, markdown, milliseconds, spread, times, versions, writeSection } from '../document.mjs';

const WHAT = { load: 'loaded', verdict: 'first verdict' };
const share = ({ processor, empty }) => processor / empty.processor;

export function print({ name, ways }) {
  console.log(name);
  for (const way of ways) {
    const cells = `${milliseconds(way.clock)} ms, ${milliseconds(way.processor)} ms of processor time`;
    console.log(`    ${way.kind}, ${WHAT[way.what]}: ${cells}, ${times(share(way))} of an empty script`);
  }
}

/** By processor time: an empty script beside what the first verdict takes more. To load alone takes too little to compare. */
export function ratiosOf({ major, ways }) {
  const verdicts = ways.filter(({ what }) => what === 'verdict');
  return Object.fromEntries(verdicts.map((way) => [`Node.js ${major} / ${way.kind}`, 1 / share(way)]));
}

export function write(results, { workers, sizes, quick }) {
  const rows = results.flatMap(({ name, ways }) =>
    ways.map((way) => [
      ...[name, way.kind, WHAT[way.what], milliseconds(way.clock), milliseconds(way.processor)],
      ...[`${milliseconds(way.empty.clock)} / ${milliseconds(way.empty.processor)}`, times(share(way))],
    ]),
  );
  writeSection('start', `## Start and size

How long it takes until something can be judged, and what has to be fetched for it. Written by
\`cargo xtask bench start\`${quick ? ' (this time with `--quick`)' : ''}.

* **Where.** ${machine()}; ${versions(['workerd'])}.
* **Again.** \`--quick\` takes a third of the time, with more noise; \`--only WORDS\` measures the versions of Node.js that are
  called so, and writes nothing.

### In Node.js

A process that loads the package, and one that makes a verifier and judges a delivery besides, less one whose script is empty:
processes in turns, in milliseconds. On the clock it is the 10th percentile, of processor time the median. *Share* is the
processor time beside that of the empty script.

${markdown(['runtime', 'by', 'until'], ['more, ms', 'processor time, ms', 'an empty script, ms', 'share'], rows)}

### As a Worker

The modules compiled, WebAssembly instantiated, the top level run: processor time of the process until it listens, less that of
one whose Worker is empty. The first answer is on the clock, from the start of the process.

${markdown(
  ['who'],
  ['raw', 'gzipped', 'compiled and run, ms', 'spread', 'first answer, ms', 'spread'],
  workers.map(({ name, raw, gzipped, compile, first }) => [
    ...[name, kilobytes(raw), kilobytes(gzipped), milliseconds(compile.median), spread(compile)],
    ...[milliseconds(first.median), spread(first)],
  ]),
)}

### Sizes

As \`cargo xtask size\` has them, which compares them with their budgets; a KB is 1,000 bytes.

${markdown(['what'], ['raw', 'gzipped'], sizes.map(({ name, raw, gzipped }) => [name, kilobytes(raw), kilobytes(gzipped)]))}
`);
}
