// Who is measured in WebAssembly and JavaScript. Each turns a schema into a function from bytes to a verdict.

import { readFileSync } from 'node:fs';
import { isAscii } from 'node:buffer';
import { Validator } from '@cfworker/json-schema';
import { validator as schemasafe } from '@exodus/schemasafe';
import Ajv from 'ajv/dist/2020.js';

/** Ways from UTF-8 to a string. Which is fastest depends on length and content, so the best is taken. */
const decoder = new TextDecoder();
const DECODERS = {
  'toString': (bytes) => view(bytes).toString('utf8'),
  'TextDecoder': (bytes) => decoder.decode(bytes),
  'isAscii + latin1': (bytes) => (isAscii(bytes) ? view(bytes).latin1Slice() : view(bytes).utf8Slice()),
};
const view = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The fastest decoder for these bytes: `{ name, decode }`. */
export function fastestDecoder(bytes) {
  const time = (decode) => {
    const rounds = Math.max(20, Math.min(20_000, 4_000_000 / bytes.length));
    let best = Infinity;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const start = process.hrtime.bigint();
      for (let round = 0; round < rounds; round += 1) decode(bytes);
      best = Math.min(best, Number(process.hrtime.bigint() - start) / rounds);
    }
    return best;
  };
  const timed = Object.entries(DECODERS).map(([name, decode]) => ({ name, decode, time: time(decode) }));
  return timed.sort((one, other) => one.time - other.time)[0];
}

async function load(script, wasm) {
  const module = await import(script);
  module.initSync({ module: readFileSync(wasm) });
  return module;
}

/** `ours` and `jsonschema` are folders with what wasm-bindgen made. */
export async function contenders(ours, jsonschema) {
  const hookwarden = await load(`${ours}/hookwarden.js`, `${ours}/hookwarden_bg.wasm`);
  const crate = await load(`${jsonschema}/jsonschema_wasm.js`, `${jsonschema}/jsonschema_wasm_bg.wasm`);
  return [
    {
      name: 'Hookwarden',
      compile(text) {
        const schema = new hookwarden.Schema(Buffer.from(text));
        return (bytes) => schema.validate(bytes) === undefined;
      },
    },
    {
      name: 'ajv',
      compile(text, decode) {
        // One instance for each schema, as in a bundle that was compiled ahead.
        const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(text));
        return (bytes) => validate(JSON.parse(decode(bytes)));
      },
    },
    {
      name: 'schemasafe',
      compile(text, decode) {
        const options = { mode: 'lax', isJSON: true, includeErrors: false, formatAssertion: false };
        const validate = schemasafe(JSON.parse(text), options);
        return (bytes) => validate(JSON.parse(decode(bytes)));
      },
    },
    {
      name: 'cfworker',
      compile(text, decode) {
        // It has no way to leave formats unchecked but to leave them out.
        const validator = new Validator(withoutFormats(JSON.parse(text)), '2020-12', true);
        return (bytes) => validator.validate(JSON.parse(decode(bytes))).valid;
      },
    },
    {
      name: 'jsonschema (wasm)',
      compile(text) {
        const validator = new crate.Peer(text);
        return (bytes) => validator.validate(bytes);
      },
    },
  ];
}

function withoutFormats(schema) {
  if (Array.isArray(schema)) return schema.map(withoutFormats);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'format' || typeof value !== 'string');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutFormats(value)]));
}
