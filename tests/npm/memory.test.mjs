// A verifier for every request, as serverless handlers make them: the core's memory, which no garbage collector sees,
// must not grow, and neither must JavaScript's. And what a long body took is given back.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./data.mjs";

const START = `
import { compileSchema, createVerifier, sign } from ${JSON.stringify(join(root, "pkg/dist/index.js"))};

// The core's memory is reached nowhere but here.
let memory;
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memory = instance.exports.memory;
  memories.push(new WeakRef(memory));
  return instance;
};
`;

const PROGRAM = `${START}
const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
const headers = sign("audian", body, { secret: "s", now: 1700000000 });
const turn = {
  one: () => createVerifier("audian", { secret: "s" }).assert(headers, body, { now: 1700000000 }).payload,
  // More secrets than are kept ready: the oldest are freed and made again.
  many: (index) => createVerifier("audian", { secret: "secret " + index % 5000 }).verify(headers, body),
  schemas: (index) => compileSchema({ const: index }).validate(String(index)).valid,
}[process.argv.at(-1)];

function measure(turns) {
  for (let index = 0; index < turns; index += 1) turn(index);
  gc();
  return { core: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}
// Numbers of as many digits as the longest below, or what is kept would be longer then.
const before = measure(20_000);
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

const SCHEMAS = `${START}
const member = (index) => ["member_" + index, { type: "string", minLength: 1, maxLength: 200 }];
const properties = Object.fromEntries(Array.from({ length: 300 }, (_, index) => member(index)));
for (let index = 0; index < 200; index += 1) compileSchema({ $comment: String(index), type: "object", properties });
console.log(memory.buffer.byteLength);
`;

test("long schemas are fewer that are kept", (t) => {
  const flags = ["--input-type=module", "--eval", SCHEMAS];
  const bytes = Number(execFileSync(process.execPath, flags, { encoding: "utf8" }));
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes < 25_000_000, `the core keeps ${bytes} bytes`);
});

const LONG = `${START}
const text = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
const body = Buffer.from(text);
const long = Buffer.concat([body.subarray(0, -1), Buffer.from(',"more":"' + "x".repeat(25_000_000) + '"}')]);
const now = 1700000000;
const schemas = { "*": { required: ["id"] } };
const verifiers = ["s", "t"].map((secret) => createVerifier("audian", { secret, now, schemas }));
const schema = compileSchema({ type: "object", required: ["id", "more"] });
const signed = (bytes, secret = "s") => sign("audian", bytes, { secret, now });
const ofShort = signed(body);

const WAYS = {
  accepted: () => verifiers[0].verify(signed(long), long).code,
  forged: () => verifiers[0].verify(ofShort, long).code,
  schema: () => schema.validate(long).valid,
  signed: () => Object.keys(signed(long)).length > 0,
  thrown: () => {
    try {
      return sign("audian", long, { secret: "s", now, scheme: "nobody's" });
    } catch ({ code }) {
      return code;
    }
  },
};
/** What is judged afterwards, by verifiers and schemas from before and by new ones. */
const small = () => [
  ...verifiers.map((verifier, at) => verifier.verify(signed(body, "st"[at]), body)),
  verifiers[1].verify(signed(body), body),
  createVerifier("audian", { secret: "u", now }).verify(signed(body, "u"), body),
].map(({ code }) => code).concat(schema.validate(body).valid, schema.validate('{"id":1,"more":2}').valid);

const results = {};
for (const [way, run] of Object.entries(WAYS)) {
  small();
  // The second one finds the memory of the first.
  const instances = memories.length;
  const answers = [run(), run()];
  const shared = memories.length === instances;
  results[way] = { answers, shared, after: small(), bytes: memory.buffer.byteLength };
}
// A WeakRef that was looked at keeps what it leads to until the turn ends.
for (let turn = 0; turn < 3; turn += 1) {
  await new Promise((resolve) => setImmediate(resolve));
  gc();
}
results.instances = memories.length;
results.alive = memories.filter((one) => one.deref() !== undefined).length;
console.log(JSON.stringify(results));
`;

test("the core's memory is given back after a body of 25 MB, and verdicts stay right", (t) => {
  const flags = ["--expose-gc", "--input-type=module", "--eval", LONG];
  const { instances, alive, ...ways } = JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" }));
  const wanted = { accepted: null, forged: "signature_mismatch", schema: true, signed: true, thrown: "scheme_unknown" };
  for (const [way, { answers, shared, bytes, after }] of Object.entries(ways)) {
    assert.deepEqual(answers, [wanted[way], wanted[way]], way);
    assert.ok(shared, `${way}: long bodies in a row share an instance`);
    assert.ok(bytes <= 16 * 1024 * 1024, `${way}: the core keeps ${bytes} bytes`);
    assert.deepEqual(after, [null, null, "signature_mismatch", null, false, true], `after: ${way}`);
  }
  t.diagnostic(`${instances} instances, of which ${alive} are not yet collected`);
  assert.ok(instances > 4, "no instance was replaced");
  assert.ok(alive <= 2, `${alive} of ${instances} instances are still there`);
});
