// What is printed, and the section of docs/benchmarks.md.

import { machine, markdown, micro, milliseconds, times, versions, writeSection } from '../document.mjs';

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
/** How many times as long as the first step a step takes. */
const growth = (value) => (value < 10 ? times(value) : Math.round(value).toLocaleString('en'));

export function print({ name, ways, steps }) {
  console.log(name);
  for (const one of steps) {
    const cells = ways.map((way) => `${way} ${cell(one, steps[0], way)} µs`);
    for (const way of one.first ? ways : []) cells.push(`first ${milliseconds(one.first[way])} ms, ${megabytes(one.memory[way])} MB`);
    if (one.kept !== undefined) cells.push(`${megabytes(one.kept)} MB kept`);
    console.log(`    ${one.step.padEnd(8)} ${cells.join('   ')}`);
  }
}

const cell = (one, first, way) => `${micro(one.times[way].median)} (${growth(one.times[way].median / first.times[way].median)})`;

/** The first step's time by that of each other: what grows in vain makes it less. */
export function ratiosOf({ name, ways, steps: [first, ...others] }) {
  const each = (way) => others.map((one) => [`${name} / ${way} / ${one.step}`, first.times[way].median / one.times[way].median]);
  return Object.fromEntries(ways.flatMap(each));
}

function table({ what, ways, steps }) {
  const [first] = steps;
  const columns = [...ways];
  const has = (key) => first[key] !== undefined;
  if (has('bytes')) columns.push('ns for a byte');
  if (has('first')) columns.push(...ways.map((way) => (ways.length > 1 ? `first delivery, ${way}, ms` : 'first delivery, ms')));
  if (has('memory')) columns.push(...ways.map((way) => (ways.length > 1 ? `memory, ${way}, MB` : 'memory, MB')));
  if (has('kept')) columns.push('memory after the next short one, MB');
  const rows = steps.map((one) => {
    const cells = ways.map((way) => cell(one, first, way));
    if (has('bytes')) cells.push((one.times[ways[0]].median / one.bytes).toFixed(2));
    if (has('first')) cells.push(...ways.map((way) => milliseconds(one.first[way])));
    if (has('memory')) cells.push(...ways.map((way) => megabytes(one.memory[way])));
    if (has('kept')) cells.push(megabytes(one.kept));
    return [one.step, ...cells];
  });
  return markdown([what], columns, rows);
}

export function write(results, quick) {
  const by = (name) => table(results.find((one) => one.name === name));
  writeSection('growth', `## Growth

What a delivery costs as there is more of something. Written by \`cargo xtask bench growth\`${quick ? ' (this time with `--quick`)' : ''}.

* **How.** Microseconds of processor time, of all threads of the process; medians of rounds in which the steps take turns, but for
  sources and bodies of the library, where one would change what the next finds. In brackets, how many times as long as the
  first step it takes.
* **What.** The library is the npm package as it is shipped; a delivery is one of Audian with 1 KB, unless something else is
  said. The gateway is the Worker as it is deployed, in workerd (${versions(['workerd'])}), without a store, with one source
  whose deliveries are measured and others beside it. Its *first delivery* is that of a new process, which reads the
  configuration; *memory* is that of the WebAssembly when everything has been sent.
* **Where.** ${machine()}.
* **Again.** \`--quick\` takes two minutes, with more noise; \`--only WORDS\` measures what is called so (${results.map(({ name }) => `\`${name}\``).join(', ')}),
  and writes nothing.

### Sources, providers and secrets of the library

${by('sources')}

The package keeps 1,024 verifiers ready, fewer if they have long schemas. Where more sources than that are delivered to one after
the other, the verifier is made again for each delivery: the step in the last column.

${by('providers')}

${by('secrets')}

Each secret costs a hash of the body. A source has two of them while one is rotated.

### Schemas

${by('keywords')}

${by('members')}

Up to 64 declared members are told apart by bits and expected in the order in which they came before; of more, each is looked up by its
name.

### Bodies in the library

${by('body')}

WebAssembly's memory only grows. Where a body has made it larger than 16 MB, the package takes a new instance after the next short
one.

### Sources of the gateway

${by('gateway sources')}

A source is found by its name in a sorted map. The configuration is read once in an isolate, the document again after a minute.

### Bodies in the gateway

${by('gateway body')}

The gateway keeps its instance: deliveries that are under way, events that are being relayed and the lines of the log that are
still to be written live in it. What bounds its memory are \`max_body_bytes\`, 1 MB by default and 25 MB at most, and a
budget of 32 MB for all bodies that are under way, beyond which the answer is 503 \`overloaded\`.
`);
}
