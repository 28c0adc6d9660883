// What grows in the npm package: sources, providers, secrets, schemas and bodies. Each growth is a table: a line for each
// step, a column for each way in which it is measured.

import { compileSchema, createVerifier, definitions, sign } from '../../pkg/dist/index.js';
import { CASES, deliver, SIZES } from '../library/cases.mjs';
import { race } from '../measure.mjs';
import { keywords, members } from './schemas.mjs';

// The core's memory is reached nowhere but here. The package is loaded by now and makes its instance when it needs it.
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memories.push(new WeakRef(instance.exports.memory));
  return instance;
};

const AUDIAN = CASES.find(({ provider }) => provider === 'audian');
const SAME = 'always to the same one';
const TURNS = 'to one after the other';

/** `{ name, what, steps, apart, columns }`; `columns` gives, for a step, the functions by the name of their column. */
export const GROWTHS = [
  {
    name: 'sources',
    what: 'verifiers with a secret of their own',
    // In turns each step would find that the next one has had its verifiers freed.
    apart: true,
    steps: [1, 10, 100, 1_000, 10_000],
    columns: (count) => among(Array.from({ length: count }, (_, index) => ({ provider: 'audian', secret: `secret ${index}` }))),
  },
  {
    name: 'providers',
    what: 'providers as definitions of one\'s own',
    steps: [1, 10, 50],
    columns: (count) => {
      const audian = definitions().find(({ name }) => name === 'audian');
      const all = Array.from({ length: count }, (_, index) => ({ ...audian, name: `provider-${index}` }));
      return among(all.map((provider) => ({ provider, secret: 'a secret' })));
    },
  },
  {
    name: 'secrets',
    what: 'secrets of one source, of which the last is right',
    steps: [1, 2, 5, 10],
    columns: (count) => {
      const secrets = Array.from({ length: count }, (_, index) => `secret ${index}`);
      const run = (bytes) => {
        const { body, now } = deliver(AUDIAN, bytes);
        return judging({ provider: 'audian', secrets }, body, now, secrets.at(-1));
      };
      return { 'a body of 0.2 KB': run(200), '16 KB': run(16_000) };
    },
  },
  {
    name: 'keywords',
    what: 'keywords of a schema: objects in objects',
    steps: [10, 100, 1_000, 10_000],
    columns: (count) => judgingBy(keywords(count)),
  },
  {
    name: 'members',
    what: 'members that one object declares',
    steps: [10, 50, 100, 1_000],
    columns: (count) => judgingBy(members(count)),
  },
  {
    name: 'body',
    what: 'length of a body',
    // In turns each long one would find a fresh instance.
    apart: true,
    steps: [...SIZES, ['5 MB', 5_000_000], ['25 MB', 25_000_000]].map(([label, bytes]) => ({ label, bytes })),
    columns: ({ bytes }) => {
      const { provider, secret, schema, body, now } = deliver(AUDIAN, bytes);
      return { 'to the verdict': judging({ provider, secret, schemas: { '*': schema } }, body, now, secret) };
    },
  },
];

/** Every step of a way in turns, one way after the other. For bodies, too, what the core keeps of its memory. */
export async function measure({ name, what, steps, apart = false, columns }, effort) {
  const made = steps.map((step) => columns(step));
  const ways = Object.keys(made[0]);
  const result = { name, what, ways, steps: steps.map((step) => ({ step: label(step), bytes: step.bytes, times: {} })) };
  for (const way of ways) {
    const all = made.map((functions) => functions[way]);
    const times = [];
    // By themselves, the first one would be measured while the engine still compiles.
    if (apart) await race(all.slice(0, 1), effort);
    for (const group of apart ? all.map((one) => [one]) : [all]) times.push(...(await race(group, effort)));
    times.forEach((time, index) => (result.steps[index].times[way] = time));
  }
  for (const [index, { bytes }] of steps.entries()) {
    if (bytes) result.steps[index].kept = kept(made[index][ways[0]], made[0][ways[0]]);
  }
  return result;
}

/** The memory of the instance that is in use after a delivery and a short one, which is the one that was made last. */
function kept(deliver, deliverShort) {
  deliver();
  deliverShort();
  return memories.at(-1).deref().buffer.byteLength;
}

const label = (step) => step.label ?? step.toLocaleString('en');

function judging({ provider, ...options }, body, now, secret) {
  const verifier = createVerifier(provider, { ...options, now });
  const headers = sign(provider, body, { secret, now });
  return () => {
    const { code } = verifier.verify(headers, body);
    if (code !== null) throw new Error(`a genuine delivery was refused: ${code}`);
  };
}

function judgingBy({ text, few, every }) {
  const schema = compileSchema(text());
  const validating = (payload) => () => {
    if (!schema.validate(payload).valid) throw new Error('a payload that is valid was refused');
  };
  return {
    'a payload of five members': validating(few),
    'one of all that it knows': validating(every),
    compiled: () => compileSchema(text()),
  };
}

function among(sources) {
  const { body, now } = deliver(AUDIAN, 1_000);
  const all = sources.map((source) => judging(source, body, now, source.secret));
  let turn = 0;
  return {
    [SAME]: all.at(-1),
    [TURNS]: () => {
      turn = (turn + 1) % all.length;
      all[turn]();
    },
  };
}
