// A verifier for every request, as serverless handlers make them: the core's memory, which no garbage collector sees,
// must not grow, and neither must JavaScript's.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./data.mjs";

const PROGRAM = `
import { compileSchema, createVerifier, sign } from ${JSON.stringify(join(root, "pkg/dist/index.js"))};

// The core's memory is reached nowhere but here.
let memory;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memory = instance.exports.memory;
  return instance;
};

const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
const headers = sign("audian", body, { secret: "s", now: 1700000000 });
const turn = {
  one: () => createVerifier("audian", { secret: "s" }).assert(headers, body, { now: 1700000000 }).payload,
  // More secrets than are kept ready: the oldest are freed and made again.
  many: (index) => createVerifier("audian", { secret: "secret " + index % 1000 }).verify(headers, body),
  schemas: (index) => compileSchema({ const: index }).validate(String(index)).valid,
}[process.argv.at(-1)];

function measure(turns) {
  for (let index = 0; index < turns; index += 1) turn(index);
  gc();
  return { core: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}
const before = measure(5_000);
const after = measure(100_000);
console.log(JSON.stringify({ core: after.core - before.core, heap: after.heap - before.heap }));
`;

for (const turn of ["one", "many", "schemas"]) {
  test(`100,000 turns: ${turn}`, (t) => {
    const flags = ["--expose-gc", "--input-type=module", "--eval", PROGRAM, turn];
    const grown = JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" }));
    t.diagnostic(`core ${grown.core} bytes, heap ${grown.heap} bytes`);
    assert.ok(grown.core === 0, `the core's memory grew by ${grown.core} bytes`);
    assert.ok(grown.heap < 500_000, `the heap grew by ${grown.heap} bytes`);
  });
}
