// Who is measured: the gateway as it is built, and Workers that people would write instead, each as one bundle.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build as bundle } from 'esbuild';
import { build, builtModules, compatibility } from '../../scripts/worker-modules.mjs';
import { CASES } from '../library/cases.mjs';

const HERE = import.meta.dirname;
const text = (value) => `text = ${JSON.stringify(value)}`;
const json = (value) => `json = ${JSON.stringify(JSON.stringify(value))}`;
const secretName = (source) => `${source.toUpperCase().replaceAll('-', '_')}_SECRET`;

/** The cases that are measured, by the name of their source. */
export const SOURCES = Object.fromEntries(
  CASES.filter(({ provider }) => ['standard-webhooks', 'audian', 'attendee'].includes(provider)).map((one) => [
    one.provider,
    one,
  ]),
);

const OURS = 'Hookwarden';
const all = Object.entries(SOURCES);
const secrets = Object.fromEntries(all.map(([name, { secret }]) => [name, secret]));
const kv = join(HERE, 'workers/kv.mjs');

/** The gateway; `policy` is what all its sources have beside what they must have. */
function gateway(name, policy, more) {
  return ({ origin }) => {
    const sources = Object.fromEntries(
      all.map(([source, { provider, scheme, schema }]) => {
        const own = { provider, scheme, origin, insecure_origin: true, schemas: { '*': schema } };
        return [source, { ...own, ...policy }];
      }),
    );
    const bindings = { SOURCES: json(sources) };
    for (const [source, secret] of Object.entries(secrets)) bindings[secretName(source)] = text(secret);
    const modules = builtModules().map(({ type, path }) => ({
      name: path.slice(build.length + 1),
      type: type === 'CompiledWasm' ? 'wasm' : 'esModule',
      path,
    }));
    return { name, modules, bindings, features: compatibility().compatibilityFlags, refuses: true, ...more };
  };
}

/** A Worker of workers/. */
function handwritten(name, entry, validators, more) {
  return async ({ origin, folder }) => {
    const outfile = join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`);
    await bundle({
      ...{ entryPoints: [join(HERE, 'workers', entry)], outfile, bundle: true, minify: true, format: 'esm' },
      ...{ target: 'es2022', logLevel: 'warning', nodePaths: [join(HERE, '../../node_modules')] },
      alias: { ...(validators && { validators: validators(folder) }), schemas: schemas(folder) },
    });
    const bindings = { ORIGIN: text(origin), SECRETS: json(secrets) };
    return { name, modules: [{ name: 'main.mjs', type: 'esModule', path: outfile }], bindings, ...more };
  };
}

function schemas(folder) {
  const path = join(folder, 'schemas.json');
  writeFileSync(path, JSON.stringify(Object.fromEntries(all.map(([name, { schema }]) => [name, schema]))));
  return path;
}

const cfworker = () => join(HERE, 'workers/cfworker.mjs');

/** Compiled ahead: a Worker may not make code while it runs. */
function ajv(folder) {
  const compiler = new Ajv({ strict: false, validateFormats: false, code: { source: true, esm: true } });
  const names = all.map(([source, { schema }], index) => {
    compiler.addSchema(schema, `schema${index}`);
    return [source, `schema${index}`];
  });
  const code = standalone(compiler, Object.fromEntries(names.map(([, name]) => [name, name])));
  writeFileSync(join(folder, 'ajv-compiled.mjs'), code);
  const entries = names.map(([source, name]) => `${JSON.stringify(source)}: compiled.${name}`);
  const path = join(folder, 'ajv-validators.mjs');
  writeFileSync(path, `import * as compiled from './ajv-compiled.mjs';
    const validators = { ${entries.join(', ')} };
    export const isValid = (source, payload) => validators[source](payload);`);
  return path;
}

/** `fresh`: has a store, and must be sent new events. `refuses`: what is forged or breaks the schema. */
const FACTORIES = [
  gateway(OURS, { dedupe: false }, {}),
  handwritten('cfworker', 'plain.mjs', cfworker, { refuses: true }),
  handwritten('ajv', 'plain.mjs', ajv, { refuses: true }),
  handwritten('Hono, ajv', 'hono.mjs', ajv, { refuses: true }),
  handwritten('relay only', 'relay.mjs', undefined, {}),
  gateway(`${OURS}, KV`, { store: 'kv' }, { fresh: true, kv }),
  handwritten('cfworker, KV', 'plain.mjs', cfworker, { refuses: true, fresh: true, kv }),
  handwritten('ajv, KV', 'plain.mjs', ajv, { refuses: true, fresh: true, kv }),
  gateway(`${OURS}, Durable Objects`, { store: 'durable-object' }, { fresh: true, objects: true }),
  gateway(`${OURS}, Durable Objects and log`, { store: 'durable-object' }, { fresh: true, objects: 'logged' }),
];

export async function contenders(given) {
  const all = [];
  for (const make of FACTORIES) all.push(await make(given));
  return all;
}
