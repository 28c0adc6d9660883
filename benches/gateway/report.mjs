// What is printed, and the section of docs/benchmarks.md.

import { kilobytes, machine, markdown, milliseconds, spread, times, versions, whole, writeSection } from '../document.mjs';

export function print({ title, size, names, saturated, steady }) {
  const ours = saturated[0].perCpu.median;
  console.log(`${title}, ${size}`);
  names.forEach((name, index) => {
    const { rate, perCpu } = saturated[index];
    const cells = [
      `${whole(perCpu.median)} for a CPU second ${spread(perCpu)} (${times(perCpu.median / ours)})`,
      `${whole(1e6 / perCpu.median)} µs each`,
      `${whole(rate.median)} a second`,
    ];
    if (steady) cells.push(`p50 ${milliseconds(steady[index].p50)} ms`, `p99 ${milliseconds(steady[index].p99)} ms`);
    console.log(`    ${name.padEnd(36)} ${cells.join('   ')}`);
  });
}

export function printStart(starts) {
  console.log('Start');
  for (const { name, raw, gzipped, compile, first } of starts) {
    const sizes = `${kilobytes(raw)} raw, ${kilobytes(gzipped)} gzipped`;
    console.log(`    ${name.padEnd(36)} ${sizes}   compiled and run in ${milliseconds(compile.median)} ms of processor time ${spread(compile)}`);
    console.log(`    ${''.padEnd(36)} first answer of a process after ${milliseconds(first.median)} ms ${spread(first)}`);
  }
}

export function write(results, starts, { quick, connections }) {
  const cell = ({ perCpu }, ours) => `${whole(perCpu.median)} (${times(perCpu.median / ours.perCpu.median)})`;
  const rows = (wanted, cells) =>
    results.flatMap((result) =>
      result.names.flatMap((name, index) =>
        wanted(result, name) ? [[result.title, result.size, name, ...cells(result, index)]] : [],
      ),
    );
  const isStore = (name) => /KV|Durable/.test(name);
  const perCpu = (result, index) => {
    const ours = result.saturated[isStore(result.names[index]) ? result.names.indexOf('Hookwarden, KV') : 0];
    const one = result.saturated[index];
    return [cell(one, ours), whole(1e6 / one.perCpu.median), spread(one.perCpu), whole(one.rate.median)];
  };
  const steady = (result, index) => {
    const { p50, p99 } = result.steady[index];
    return [whole(result.rate), milliseconds(p50), milliseconds(p99)];
  };
  const columns = ['deliveries for a CPU second', 'µs each', 'spread', 'deliveries a second'];
  writeSection('gateway', `## The gateway

From a delivery at the socket of workerd to the origin's answer: signature, signed time, schema of one's own, relay, one line of
log. Written by \`cargo xtask bench gateway\`${quick ? ' (this time with `--quick`)' : ''}.

* **Who.** Hookwarden is the Worker as it is deployed. *cfworker* and *ajv* are a plain Worker written by hand
  ([plain.mjs](../benches/gateway/workers/plain.mjs)): WebCrypto with a key that is imported once, \`JSON.parse\`,
  the schema by \`@cfworker/json-schema\` or compiled beforehand by ajv, \`fetch\` with a timeout, a line of JSON to the
  console. The same with Hono. *Relay only* reads nothing: what the runtime itself costs.
  ${versions(['workerd', '@cfworker/json-schema', 'ajv', 'hono'])}.
* **Before.** Every contender has taken a genuine delivery, and all but the relay have refused a forged one and one that
  breaks the schema. While it is measured, any answer but 200 ends the run.
* **How.** Each has a workerd process of its own; load and origin are processes, too. The contenders take turns in rounds;
  numbers are medians of the rounds, with ${connections} connections that always have a delivery under way. Processor time is that
  of all threads of the runtime, from \`/proc\`. In brackets, how many times as many deliveries as Hookwarden (with a
  store: as Hookwarden with KV) for the same time. *Spread* is half of the way from the 10th to the 90th percentile.
* **Stores.** Workers KV is a map in memory behind the runtime's own protocol, the same for all, in the same process.
  Durable Objects are the runtime's, on disk. Every delivery is then a new event.
* **Where.** ${machine()}. Load and origin share the cores with the runtime: deliveries a second say more about the
  machine than about the Worker.
* **Again.** \`--quick\` takes two minutes, with more noise; \`--only WORDS\` measures what is called so, and writes nothing.

### Deliveries for a second of processor time

${markdown(['provider', 'body', 'who'], columns, rows((_, name) => !isStore(name), perCpu))}

### With a store

${markdown(['provider', 'body', 'who'], columns, rows((_, name) => isStore(name), perCpu))}

### Time to the answer

At a fixed rate, in milliseconds; a delivery that had to wait for a free connection has waited since it was due.

${markdown(['provider', 'body', 'who'], ['deliveries a second', 'p50', 'p99'], rows(({ steady }) => steady, steady))}

### Start

${markdown(
  ['who'],
  ['raw', 'gzipped', 'compiled and run, ms', 'spread', 'first answer of a process, ms', 'spread'],
  starts.map(({ name, raw, gzipped, compile, first }) => [
    ...[name, kilobytes(raw), kilobytes(gzipped), milliseconds(compile.median), spread(compile)],
    ...[milliseconds(first.median), spread(first)],
  ]),
)}

*Compiled and run* is what a deployment's start-up limit is about: the modules compiled, WebAssembly instantiated, the top level
run. It is the processor time of the process until it listens, less that of one whose Worker is empty. The first answer is on
the clock, process and first delivery's configuration included.
`);
}
