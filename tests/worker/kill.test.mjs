import assert from "node:assert/strict";
import { test } from "node:test";
import { killed } from "../chaos/kill.mjs";

test("a gateway that is killed amid deliveries loses none, and repeats only what it could not settle", async (t) => {
  const run = { store: "durable-object", deliveries: 200, kills: 1, failures: 1 };
  const { lost, exhausted, unexplained, kills, ...counts } = await killed(run);
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual({ lost, exhausted, unexplained, kills }, { lost: 0, exhausted: 0, unexplained: 0, kills: 1 });
});
