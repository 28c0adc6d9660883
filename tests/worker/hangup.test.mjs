import assert from "node:assert/strict";
import { test } from "node:test";
import { assertDuplicate, assertRejected, begin, gate, newEvent, open } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const sources = { audian: { provider: "audian" } };

async function bench(t) {
  const store = createStore();
  return { store, ...(await open(t, { sources, store: store.worker })) };
}

test("the sender hangs up mid-relay: the relay completes and the event is settled", async (t) => {
  const { delivery, deliver, origin, store, log } = await bench(t);
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after, body: "done" });
  const call = begin(delivery("audian", { body }));
  await origin.request();
  call.hangUp();
  await assert.rejects(call.reply);

  // The gateway answers someone else, so it has seen the connection close; only then the origin answers.
  assert.equal((await deliver("audian")).status, 200);
  await store.written(1);
  hold.open();
  await store.written(2);
  const { id } = JSON.parse(body);
  const line = await log((line) => line.event_id === id);
  assert.equal(line.origin_status, 200);
  assertDuplicate(await deliver("audian", { body }));
  assert.equal(origin.requests.length, 2);
});

test("the sender hangs up in the middle of its own body: nothing is relayed", async (t) => {
  const { delivery, deliver, origin, store } = await bench(t);
  const request = delivery("audian");
  request.headers.push(["content-length", String(request.body.length + 100)]);
  const call = begin(request);
  setImmediate(call.hangUp);
  await assert.rejects(call.reply);
  assert.equal((await deliver("audian")).status, 200);
  assert.equal(origin.requests.length, 1);
  assert.equal(store.puts.length, 1);
});

test("the origin is killed mid-delivery: 502, nothing settled, and the retry gets through", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  origin.next({ fail: "never" });
  const first = deliver("audian", { body });
  await origin.request();
  await origin.stop();
  assertRejected(await first, "origin_unreachable");
  assert.equal(store.calls.put, 0);
  assertRejected(await deliver("audian", { body }), "origin_unreachable");

  await origin.restart();
  assert.equal((await deliver("audian", { body })).status, 200);
  assert.equal(store.puts.length, 1);
  assertDuplicate(await deliver("audian", { body }));
});
