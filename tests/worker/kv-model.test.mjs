// Workers KV as it is: what the documents promise about duplicates holds with its weaknesses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { assertDuplicate, assertRejected, gate, newEvent, open } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const sources = {
  audian: { provider: "audian" },
  "audian-closed": { provider: "audian", fail: "closed" },
};

async function bench(t) {
  const store = createStore();
  const opened = await open(t, { sources, store: store.worker, isolates: 2 });
  const [here, there] = opened.gateway.urls;
  return { store, here, there, ...opened };
}

test("one isolate never relays an event twice, however stale its look-ups are", async (t) => {
  const { deliver, origin, here } = await bench(t);
  const body = newEvent("audian");
  assert.equal((await deliver("audian", { body, at: here })).status, 200);
  // KV would still say that it does not know the event: the miss above is remembered for a minute.
  assertDuplicate(await deliver("audian", { body, at: here }));
  assert.equal(origin.requests.length, 1);
});

test("another isolate may relay it again while its look-up is stale, and not after that", async (t) => {
  const { deliver, origin, store, here, there } = await bench(t);
  const body = newEvent("audian");
  // Both look before either writes; the first answer lets both settle, one after the other.
  const hold = gate();
  origin.answer({ after: hold.after });
  const copies = [deliver("audian", { body, at: here }), deliver("audian", { body, at: there })];
  await origin.request(1);
  hold.open();
  for (const copy of await Promise.all(copies)) assert.equal(copy.status, 200);
  assert.equal(origin.requests.length, 2, "best effort: this is what KV cannot prevent");

  origin.answer({ status: 200 });
  store.advance(61);
  assertDuplicate(await deliver("audian", { body, at: here }));
  assertDuplicate(await deliver("audian", { body, at: there }));
  assert.equal(origin.requests.length, 2);
});

test("an isolate that never saw the event knows it from the store", async (t) => {
  const { deliver, origin, here, there } = await bench(t);
  const body = newEvent("audian");
  origin.next({ status: 202 });
  assert.equal((await deliver("audian", { body, at: here })).status, 202);
  assertDuplicate(await deliver("audian", { body, at: there }), 202);
  assert.equal(origin.requests.length, 1);
});

test("a refused write is logged and does not spoil the origin's answer", async (t) => {
  const { deliver, origin, store, here, there, log } = await bench(t);
  const body = newEvent("audian");
  const hold = gate();
  origin.answer({ after: hold.after, status: 201, body: "made" });
  const copies = [deliver("audian", { body, at: here }), deliver("audian", { body, at: there })];
  await origin.request(1);
  hold.open();
  for (const copy of await Promise.all(copies)) {
    assert.equal(copy.status, 201);
    assert.equal(String(copy.body), "made");
  }
  const line = await log((line) => line.notes?.includes("settle_failed"));
  assert.equal(line.verdict, "accepted");
  assert.equal(line.origin_status, 201);
  assert.equal(store.puts.length, 1, "a key takes one write a second");
  assert.equal(store.refused.length, 1, "and the gateway does not try again");
});

test("a store that fails after the origin's 2xx: the origin's answer, logged", async (t) => {
  const { deliver, store, log } = await bench(t);
  store.failing = ["put"];
  assert.equal((await deliver("audian")).status, 200);
  await log((line) => line.notes?.includes("settle_failed"));
});

test("a store that cannot be asked: relayed all the same, marked in the log", async (t) => {
  const { deliver, origin, store, log } = await bench(t);
  store.failing = ["get", "put"];
  assert.equal((await deliver("audian")).status, 200);
  assert.equal(origin.requests.length, 1);
  assert.equal(origin.requests[0].header("x-hookwarden-store"), "unavailable", "the origin is told");
  await log((line) => line.source === "audian" && line.notes?.includes("store_unavailable"));
  store.failing = [];
  assert.equal((await deliver("audian")).status, 200, "and the next delivery is as ever");
});

test("a store that cannot be asked, and fail = closed: 503, nothing relayed", async (t) => {
  const { deliver, origin, store, log } = await bench(t);
  const body = newEvent("audian");
  store.failing = ["get"];
  assertRejected(await deliver("audian-closed", { body }), "store_unavailable");
  assert.equal(origin.requests.length, 0);
  const line = await log((line) => line.source === "audian-closed");
  assert.equal(line.code, "store_unavailable");

  store.failing = [];
  assert.equal((await deliver("audian-closed", { body })).status, 200, "the retry gets through");
  assert.equal(origin.requests.length, 1);
});

for (const operation of ["get", "put"]) {
  test(`a store whose ${operation} hangs does not use up the sender's patience`, async (t) => {
    const { deliver, origin, store, log } = await bench(t);
    store.hanging = [operation];
    const reply = await Promise.race([deliver("audian"), deadline(5000)]);
    assert.equal(reply.status, 200);
    assert.equal(origin.requests.length, 1);
    const note = operation === "get" ? "store_unavailable" : "settle_failed";
    await log((line) => line.notes?.includes(note));
  });
}

async function deadline(milliseconds) {
  await setTimeout(milliseconds, undefined, { ref: false });
  throw new Error(`no answer within ${milliseconds} ms`);
}
