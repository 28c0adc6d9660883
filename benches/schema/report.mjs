// What is printed, and what is written into `docs/benchmarks.md`.

import { readFileSync } from 'node:fs';
import { machine, markdown, micro, ratio, rustc, spread, versions, writeSection } from '../document.mjs';

/** One workload for the terminal. */
export function table(names, { title, size, bytes, decoder, times }) {
  const ours = times[0].median;
  const cells = names.map((name, index) => {
    const { median } = times[index];
    return `${name} ${micro(median)} µs ${spread(times[index])}${index ? ` (${ratio(median / ours)}×)` : ''}`;
  });
  return `${title}, ${size} (${bytes} B, ${decoder})\n    ${cells.join('   ')}`;
}

/** Microseconds and, in brackets, how many times as long as ours. */
function row(head, times) {
  const ours = times[0].median;
  const cells = times.map(({ median }, index) => micro(median) + (index ? ` (${ratio(median / ours)})` : ''));
  return [...head, ...cells];
}

function byGroup(names, results) {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = results
        .filter((result) => result.group === group)
        .map(({ title, size, times }) => row([title, size], times));
      return `#### ${group}\n\n${markdown(['payload', 'size'], names, rows)}`;
    })
    .join('\n\n');
}

/** How many times as long as ours the others take: the least and the median within each group. */
function summary(names, results) {
  const groups = [...new Set(results.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const within = results.filter((result) => result.group === group);
    const cells = names.slice(1).map((_, peer) => {
      const ratios = within.map(({ times }) => times[peer + 1].median / times[0].median);
      ratios.sort((one, other) => one - other);
      return `${ratio(ratios[0])} / ${ratio(ratios[Math.floor(ratios.length / 2)])}`;
    });
    return [group, ...cells];
  });
  return markdown(['payloads'], names.slice(1), rows);
}

/** Time per byte at 1 MB against that at 4 KB: 1 where the time grows just as the payload does. */
function growth(names, results) {
  const titles = [...new Set(results.map(({ title }) => title))];
  const rows = titles.flatMap((title) => {
    const perByte = (size) => {
      const found = results.find((result) => result.title === title && result.size === size);
      return found?.times.map(({ median }) => median / found.bytes);
    };
    const [small, large] = [perByte('4 KB'), perByte('1 MB')];
    if (!small || !large) return [];
    return [[title, ...large.map((each, index) => (each / small[index]).toFixed(2))]];
  });
  return markdown(['payload'], names, rows);
}

function locked(crate) {
  const lock = readFileSync(new URL('../../Cargo.lock', import.meta.url), 'utf8');
  return lock.match(new RegExp(`name = "${crate}"\nversion = "([^"]+)"`))[1];
}

export function writeDocument({ names, results, nativeResults, quick }) {
  const nativeNames = ['Hookwarden', 'serde_json + jsonschema'];
  const natively = results.map((result, index) => ({ ...result, times: nativeResults[index] }));
  const decoders = [...new Set(results.map(({ decoder }) => decoder))].join(', ');
  const text = `## Schemas

From the bytes of a payload to the verdict whether it satisfies its schema, side by side in one run. Written
by \`cargo xtask bench schema\`${quick ? ' (this time with \`--quick\`)' : ''}; run it to see your own machine's numbers.

* **Who.** Hookwarden is the WebAssembly that the npm package ships. ${versions(['ajv', '@exodus/schemasafe'])}
  are compiled to JavaScript beforehand, which is not counted. ${versions(['@cfworker/json-schema'])} interprets. The
  three are given what \`JSON.parse\` makes of the payload. The \`jsonschema\` crate ${locked('jsonschema')} reads the
  payload with \`serde_json\`, compiled to WebAssembly for speed (\`opt-level = 3\`, SIMD, \`wasm-opt -O3\`).
* **From where to where.** Everybody starts from the same \`Uint8Array\`. For \`JSON.parse\` the bytes become a string
  in the way that is fastest for them (tried for each payload: ${decoders}).
  The end is a yes or no; all have to agree on it before anything is timed. Formats are annotations for everybody.
* **How.** The contenders take turns in rounds after a warm-up. Each number is the median of the rounds, in microseconds
  for one payload; in brackets, how many times as long as Hookwarden it takes.
* **Where.** ${machine()}, ${rustc()}.
* **Again.** \`cargo xtask bench schema\` takes about four minutes, \`--quick\` one with more noise; \`--only WORDS\`
  measures the payloads whose names hold these words, and writes nothing. Payloads and schemas are made by
  [benches/schema](../benches/schema).

What is not in these numbers: the handler that wants the parsed payload in JavaScript calls \`JSON.parse\` besides,
whoever validated it.

### In short

How many times as long as Hookwarden the others take: the least and the median within each group below.

In WebAssembly and JavaScript:

${summary(names, results)}

Natively:

${summary(nativeNames, natively)}

### WebAssembly and JavaScript, in Node.js

${byGroup(names, results)}

#### Time per byte at 1 MB against that at 4 KB

${growth(names, results)}

### Native

Both compiled by \`cargo bench\` with its default profile.

${byGroup(nativeNames, natively)}

#### Time per byte at 1 MB against that at 4 KB

${growth(nativeNames, natively)}
`;
  writeSection('schema', text);
}
