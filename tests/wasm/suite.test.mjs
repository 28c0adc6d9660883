// The official JSON Schema test suite, judged by the WebAssembly that the npm package ships.
//
// `tests/suite.rs` runs the same natively, and the optional tests too. Here it is about what can differ: 32 bits, the
// optimiser, the border.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { initSync, Schema } from '../../pkg/dist/hookwarden.js';

const path = (below) => fileURLToPath(new URL(`../../${below}`, import.meta.url));
const SUITE = path('.tools/json-schema-suite/json');

/** Folders of remotes that only drafts not spoken here refer to. */
const OTHER_DRAFTS = ['draft-next', 'draft2019-09', 'draft3', 'draft4', 'draft6'];

initSync({ module: readFileSync(path('pkg/dist/hookwarden_bg.wasm')) });

/** Every file below `remotes/`, by the address that the tests expect it at. */
function remotes() {
  const root = join(SUITE, 'remotes');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((file) => {
    const place = join(file.parentPath ?? file.path, file.name);
    return { place, parts: relative(root, place).split(sep) };
  });
  return Object.fromEntries(
    named
      .filter(({ parts }) => !OTHER_DRAFTS.includes(parts[0]))
      .map(({ place, parts }) => [`http://localhost:1234/${parts.join('/')}`, readFileSync(place, 'utf8')]),
  );
}

/** Reads JSON, but leaves what is called `schema` or `data` as it is written: 1.0 is not 1 here. */
function readRaw(text) {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g)];
  let next = 0;
  const value = (isRaw) => {
    const first = tokens[next];
    let read;
    next += 1;
    if (first[0] === '{' || first[0] === '[') {
      read = first[0] === '{' ? {} : [];
      while (!'}]'.includes(tokens[next][0])) {
        if (tokens[next][0] === ',') next += 1;
        if (first[0] === '[') {
          read.push(value(false));
        } else {
          const key = JSON.parse(tokens[next][0]);
          next += 2;
          read[key] = value(key === 'schema' || key === 'data');
        }
      }
      next += 1;
    } else {
      read = JSON.parse(first[0]);
    }
    const last = tokens[next - 1];
    return isRaw ? text.slice(first.index, last.index + last[0].length) : read;
  };
  return value(false);
}

/** The outcome of every test of a schema, as `{ name, found, expected }`. */
function judge({ description, schema: text, tests }, options) {
  let schema;
  let refused;
  try {
    schema = new Schema(Buffer.from(text), options);
  } catch (error) {
    refused = `the schema is refused: ${error}`;
  }
  return tests.map(({ description: name, data, valid }) => {
    const outcome = schema?.validate(Buffer.from(data));
    const found = refused ?? (outcome === undefined ? 'valid' : JSON.parse(outcome).code);
    return { name: `${description} / ${name}`, found, expected: valid ? 'valid' : 'schema_violation' };
  });
}

for (const [folder, dialect] of [['draft2020-12', '2020-12'], ['draft7', '7']]) {
  test(`required tests of ${folder}`, () => {
    const options = JSON.stringify({ resources: remotes(), unknown_keywords: 'annotate', default_dialect: dialect });
    const files = readdirSync(join(SUITE, 'tests', folder)).filter((name) => name.endsWith('.json'));
    const outcomes = files.flatMap((file) => {
      const cases = readRaw(readFileSync(join(SUITE, 'tests', folder, file), 'utf8'));
      return cases.flatMap((one) => judge(one, options)).map((outcome) => ({ file, ...outcome }));
    });
    const differences = outcomes.filter(({ found, expected }) => found !== expected);
    const agreeing = outcomes.length - differences.length;
    console.log(`${folder} in WebAssembly: ${agreeing} of ${outcomes.length} required tests`);
    assert.ok(outcomes.length > 900, `${folder} has only ${outcomes.length} required tests`);
    assert.deepEqual(differences, []);
  });
}
