// A cold start. The goal is 15 ms on a machine that has nothing else to do; this bound holds on a busy one, and still
// notices what would be felt, such as a decompressor in JavaScript.

import assert from "node:assert/strict";
import { test } from "node:test";
import { measure } from "../../scripts/startup.mjs";

test("from require() to the first verdict", (t) => {
  const { least, median } = measure(15);
  t.diagnostic(`${least.toFixed(1)} ms at least, ${median.toFixed(1)} ms in the middle`);
  assert.ok(least < 50, `${least} ms`);
});
