// `hookwarden/schemas/<provider>`: the schemas that are not in the package's table.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileSchema, createVerifier, definitions, providers } from "../../pkg/dist/index.js";
import { everySample } from "../../scripts/samples.mjs";
import { root } from "./data.mjs";

const folder = join(root, "pkg/dist/schemas");
const names = readdirSync(folder).filter((file) => file.endsWith(".js")).map((file) => file.slice(0, -".js".length));
const schemasOf = async (name) => (await import(join(folder, `${name}.js`))).default;

test("every event of a catalogue has its schema in the table or in a module", async () => {
  const inTable = new Map(definitions().map(({ name, events = [] }) => [name, events.filter(({ schema }) => schema)]));
  for (const { name, events } of providers()) {
    const known = names.includes(name) ? Object.keys(await schemasOf(name)) : inTable.get(name).map((event) => event.name);
    const without = events.filter((event) => !known.includes(event));
    // GitHub has events that are only known for not being told apart by their bodies.
    const bare = definitions().find((one) => one.name === name).events?.filter(({ dedupe }) => dedupe === "off") ?? [];
    assert.deepEqual(without.filter((event) => !bare.some((one) => one.name === event)), [], name);
  }
  assert.ok(names.length >= 17, names.join());
});

test("samples satisfy them", async () => {
  const samples = everySample();
  for (const name of names) {
    const schemas = await schemasOf(name);
    const judged = new Set();
    for (const [event, body] of samples[name]) {
      if (!Object.hasOwn(schemas, event)) continue;
      judged.add(event);
      assert.deepEqual(compileSchema(schemas[event]).validate(body).violations, [], `${name} ${event}`);
    }
    assert.deepEqual([...judged].sort(), Object.keys(schemas).sort(), name);
  }
});

test("with a module its events are known, and held against it", async () => {
  const [[event, body]] = everySample().stripe;
  const options = { secret: "whsec_hunter2", now: 1_700_000_000 };
  const without = createVerifier("stripe", options);
  const headers = without.sign(body);
  assert.equal(without.assert(headers, body).event.known, false);
  const schemas = await schemasOf("stripe");
  const verdict = createVerifier("stripe", { ...options, schemas }).assert(headers, body);
  assert.deepEqual([verdict.event.known, verdict.event.type, verdict.schema.status], [true, event, "valid"]);

  const broken = JSON.stringify({ ...JSON.parse(body), data: 5 });
  const signed = without.sign(broken);
  assert.equal(createVerifier("stripe", { ...options, schemas }).verify(signed, broken).code, "schema_violation");
  const observed = createVerifier("stripe", { ...options, schemas, schema: "observe" }).verify(signed, broken);
  assert.deepEqual([observed.verdict, observed.schema.status, observed.event.known], ["accepted", "invalid", false]);
});
