// What is printed, and the section of docs/benchmarks.md.

import { machine, markdown, spread, times, versions, whole, writeSection } from '../document.mjs';

export function print({ title, size, who }) {
  const [ours] = who;
  console.log(`${title}, ${size}`);
  for (const { name, rate, perCpu } of who) {
    const share = times(perCpu.median / ours.perCpu.median);
    const cells = [`${whole(perCpu.median)} for a CPU second ${spread(perCpu)} (${share})`, `${whole(rate.median)} a second`];
    console.log(`    ${name.padEnd(28)} ${cells.join('   ')}`);
  }
}

export function write(results, { quick, connections }) {
  const rows = results.flatMap(({ title, size, who: [ours, ...others] }) =>
    [ours, ...others].map(({ name, rate, perCpu }) => [
      title,
      size,
      name,
      `${whole(perCpu.median)} (${times(perCpu.median / ours.perCpu.median)})`,
      spread(perCpu),
      `${whole(rate.median)} (${times(rate.median / ours.rate.median)})`,
    ]),
  );
  writeSection('server', `## A server with Express

From a delivery at the socket of a Node.js server to the answer of its handler: signature, signed time, schema of one's own,
event type and id. Written by \`cargo xtask bench server\`${quick ? ' (this time with `--quick`)' : ''}.

* **Who.** *Hookwarden* is \`hookwarden/express\` before a handler that looks at the event; in *payload read* it looks at the
  parsed payload, too. *By hand* is \`express.raw\`, \`createHmac\`, \`timingSafeEqual\`, \`JSON.parse\`, and ajv compiled when the
  server starts ([app.mjs](../benches/server/app.mjs)). *Nothing but the body* verifies nothing: what Express itself costs.
  ${versions(['express', 'ajv'])}.
* **Before.** Every server has taken a genuine delivery of each provider, and those that verify have refused a forged one.
  While it is measured, any answer but 200 ends the run.
* **How.** Each has a process of its own, and so has the load: ${connections} connections that always have a delivery under way. The
  servers take turns; numbers are medians. Processor time is that of all threads of the server, from \`/proc\`. In brackets, how
  many times as many deliveries as Hookwarden.
* **Where.** ${machine()}.
* **Again.** \`--quick\` takes a quarter of the time, with more noise; \`--only WORDS\` measures what is called so, and writes
  nothing.

${markdown(['provider', 'body', 'who'], ['deliveries for a CPU second', 'spread', 'deliveries a second'], rows)}
`);
}
