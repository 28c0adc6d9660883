// The section of docs/benchmarks.md.

import { machine, markdown, micro, ratio, versions, writeSection } from '../document.mjs';

const cell = (time, ours) => `${micro(time.median)} (${ratio(time.median / ours.median)})`;

export function write(all, quick) {
  const results = all.filter(({ runtime, shape }) => runtime === undefined && shape === undefined);
  const named = ({ names, times }, name) => times[names.indexOf(name)];
  const judged = (result) => {
    const ours = named(result, 'Hookwarden');
    const libraries = result.names.filter((name) => !/^(Hookwarden|hand-written)/.test(name));
    const others = libraries.map((name) => `${name} ${cell(named(result, name), ours)}`).join(', ');
    return [result.title, result.size, others || '–', micro(ours.median), cell(named(result, 'hand-written'), ours)];
  };
  const verdict = results.map(judged);
  const shapes = all.filter(({ shape }) => shape !== undefined).map((result) => {
    const [, , , ours, handwritten] = judged(result);
    return [result.shape, ours, handwritten];
  });
  const runtimes = all.flatMap(({ runtime, results = [] }) => results.map((result) => [runtime, ...judged(result)]));
  const taken = results.map((result) => {
    const ours = named(result, 'Hookwarden, payload taken');
    return [result.title, result.size, micro(ours.median), cell(named(result, 'hand-written'), ours)];
  });
  writeSection('library', `## The library

From the headers and bytes of a genuine delivery to the verdict: signature, signed time, schema, event type and id, with the
npm package as it is shipped. Written by \`cargo xtask bench library\`${quick ? ' (this time with `--quick`)' : ''}.

* **Who.** *Hand-written* is what careful people write: \`createHmac\`, \`timingSafeEqual\`, \`JSON.parse\` with the fastest
  way from bytes to text, ${versions(['ajv'])} compiled beforehand, as in [handwritten.mjs](../benches/library/handwritten.mjs).
  The libraries (${versions(['standardwebhooks', 'svix', 'stripe', '@octokit/webhooks-methods'])}) check signature
  and time and parse the body; they know no schema.
* **How.** The contenders take turns in rounds after a warm-up. Each number is the median of the rounds, in microseconds
  for one delivery; in brackets, how many times as long as Hookwarden it takes.
* **Where.** ${machine()}.
* **Again.** \`--quick\` takes a minute, with more noise; \`--only WORDS\` measures what is called so, and writes nothing.

### To the verdict

${markdown(['provider', 'body', 'its libraries'], ['Hookwarden', 'hand-written'], verdict)}

### Other ways to write it

Audian, 16 KB.

${markdown(['body'], ['Hookwarden', 'hand-written'], shapes)}

### Other runtimes

${markdown(['runtime', 'provider', 'body', 'its libraries'], ['Hookwarden', 'hand-written'], runtimes)}

### With the parsed payload in the handler's hands

Hookwarden parses when the payload is asked for; the hand-written code has parsed already.

${markdown(['provider', 'body'], ['Hookwarden', 'hand-written'], taken)}
`);
}
