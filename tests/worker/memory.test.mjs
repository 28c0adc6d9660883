// What a delivery takes of the WebAssembly's memory, and of the references to objects of the runtime, it gives back:
// both only ever grow.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gate, newEvent, open, send } from "./harness.mjs";

const WARM_UP = 60;
const ROUNDS = 3;
const EACH = 60;

test("deliveries leave nothing behind in the WebAssembly", async (t) => {
  const store = "durable-object";
  const own = { type: "object", properties: { id: { type: "string" } } };
  const { gateway, deliver, delivery, origin } = await open(t, {
    memory: true,
    sources: {
      audian: { provider: "audian", dedupe: false },
      kept: { provider: "audian", store },
      known: { provider: "audian" },
      strict: { provider: "audian", store, schemas: { "*": { ...own, required: ["nobody_sends_this"] } } },
      slow: { provider: "audian", store, origin_timeout_ms: 20 },
    },
  });
  const hold = gate();
  t.after(() => hold.open());

  /** One of each kind, and what it is answered. */
  async function all() {
    const body = newEvent("audian");
    const forged = delivery("audian");
    const status = async (answer) => (await answer).status;
    const statuses = [
      await status(deliver("audian")),
      await status(deliver("kept", { body })),
      await status(deliver("kept", { body })),
      await status(deliver("known")),
      await status(deliver("strict")),
      await status(send({ ...forged, body: Buffer.from(`${forged.body} `) })),
      await status(send({ ...delivery("audian"), chunked: true })),
    ];
    origin.next({ after: hold.after });
    statuses.push(await status(deliver("slow")));
    return statuses;
  }

  /** Once nothing is under way: lines for the log are sent a little later. */
  const held = async () => (await send({ method: "GET", url: `${gateway.url}/x-test-memory` })).json();
  async function several(count) {
    for (let done = 0; done < count; done += 8) {
      assert.deepEqual(await all(), [200, 200, 200, 200, 422, 401, 200, 504]);
      origin.clear();
    }
    return held();
  }

  let before = await several(WARM_UP);
  let after;
  // The free list may have a hole more or less, and the log may be about to be sent: what leaks, leaks in every round.
  for (let round = 0; round < ROUNDS; round += 1) {
    after = await several(EACH);
    if (after.bytes === before.bytes && after.references <= before.references) return;
    before = after;
  }
  assert.fail(`it grew in each of ${ROUNDS} rounds, to ${JSON.stringify(after)}`);
});
