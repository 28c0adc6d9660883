// The comparison of `cargo xtask bench --check`: a ratio that is lost must fail it, and noise must not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, losses, lossLine } from "../../benches/ratios.mjs";

const BEFORE = { "1 KB / ajv": 2, "1 KB / hand-written": 1, "16 KB / ajv": 4 };

/** Gives for each case what its list has next, and counts how often it was asked. */
function measured(lists) {
  const asked = {};
  const measure = async (one) => {
    asked[one] = (asked[one] ?? 0) + 1;
    return lists[one][Math.min(asked[one], lists[one].length) - 1];
  };
  return { measure, asked };
}
const small = (ajv, handwritten = 1) => ({ "1 KB / ajv": ajv, "1 KB / hand-written": handwritten });
const large = (ajv) => ({ "16 KB / ajv": ajv });

test("up to 15 % may be lost, and no more", () => {
  assert.deepEqual(losses(BEFORE, small(1.7)), []);
  assert.deepEqual(losses(BEFORE, small(1.69)), [{ name: "1 KB / ajv", before: 2, now: 1.69 }]);
  assert.deepEqual(losses(BEFORE, small(3, 2)), []);
  // What was not known has nothing to lose, and what is no number is no ratio.
  assert.deepEqual(losses(BEFORE, { "1 MB / ajv": 0.1 }), []);
  assert.equal(losses(BEFORE, small(NaN)).length, 1);
});

test("a case that looks lost is measured once more, and the better ratio counts", async () => {
  const noisy = measured({ small: [small(1, 1), small(2, 0.5)], large: [large(4)] });
  assert.deepEqual(await compare(BEFORE, ["small", "large"], noisy.measure), []);
  assert.deepEqual(noisy.asked, { small: 2, large: 1 });

  const lost = measured({ small: [small(1), small(1.5)], large: [large(4)] });
  const losses = await compare(BEFORE, ["small", "large"], lost.measure);
  assert.deepEqual(losses, [{ name: "1 KB / ajv", before: 2, now: 1.5 }]);
  assert.deepEqual(lost.asked, { small: 2, large: 1 });

  const broken = measured({ small: [small(NaN), small(2)], large: [large(4), large(NaN)] });
  assert.deepEqual(await compare(BEFORE, ["small", "large"], broken.measure), []);
});

test("what is not measured any more is lost", async () => {
  const { measure } = measured({ small: [small(2)] });
  assert.deepEqual(await compare(BEFORE, ["small"], measure), [{ name: "16 KB / ajv", before: 4, now: undefined }]);
});

test("a line says what was lost", () => {
  assert.equal(lossLine({ name: "16 KB / ajv", before: 4, now: 3.00001 }), "16 KB / ajv: 4 before, 3 now, 25 % lost");
  assert.equal(lossLine({ name: "16 KB / ajv", before: 4 }), "16 KB / ajv: was 4, is not measured any more");
});
