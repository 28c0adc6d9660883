// The stores that need no server: what a claim promises, and for how long.

import assert from "node:assert/strict";
import { test } from "node:test";
import Keyv from "keyv";
import { Miniflare } from "miniflare";
import { keyvStore, kvStore, memoryStore } from "../../pkg/dist/stores.js";
import { promises } from "./store-promises.mjs";

test("memory", async (t) => {
  await promises(t, () => memoryStore());
});

test("Keyv", async (t) => {
  await promises(t, () => keyvStore(new Keyv()));
});

test("Workers KV", async (t) => {
  const script = "export default { fetch: () => new Response() }";
  const miniflare = new Miniflare({ modules: true, script, kvNamespaces: ["DEDUPE"] });
  t.after(() => miniflare.dispose());
  const namespace = await miniflare.getKVNamespace("DEDUPE");
  await promises(t, () => kvStore(namespace));
  const elsewhere = kvStore(namespace);
  await kvStore(namespace).settle("far", 204, 3600);
  assert.deepEqual(await elsewhere.claim("far", "b", 60), { settled: 204 }, "known in another isolate");
});

test("Workers KV: one write for an event, and none for one that failed", async () => {
  const writes = [];
  const namespace = { get: async () => null, put: async (...args) => void writes.push(args) };
  const store = kvStore(namespace, { prefix: "p/" });
  await store.claim("a", "one", 60);
  await store.release("a", "one");
  assert.equal(await store.claim("a", "two", 60), "claimed");
  await store.settle("a", 200, 5);
  assert.deepEqual(writes, [["p/a", "200", { expirationTtl: 60 }]]);
});

test("memory: bounded, and the oldest go first", async () => {
  const store = memoryStore({ max: 2 });
  for (const key of ["a", "b", "c"]) {
    assert.equal(await store.claim(key, key, 60), "claimed");
    await store.settle(key, 200, 60);
  }
  assert.deepEqual(await store.claim("c", "x", 60), { settled: 200 });
  assert.deepEqual(await store.claim("b", "x", 60), { settled: 200 });
  assert.equal(await store.claim("a", "x", 60), "claimed");
  assert.throws(() => memoryStore({ max: 0 }), RangeError);
});

test("Keyv: what was handled elsewhere is known, and a claim elsewhere is respected", async () => {
  const keyv = new Keyv();
  const [one, other] = [keyvStore(keyv), keyvStore(keyv)];
  assert.equal(await one.claim("a", "x", 60), "claimed");
  assert.equal(await other.claim("a", "y", 60), "in_flight");
  await other.release("a", "y");
  assert.equal(await other.claim("a", "y", 60), "in_flight");
  await one.settle("a", 202, 60);
  assert.deepEqual(await other.claim("a", "y", 60), { settled: 202 });
});

test("Keyv: a claim that failed holds here, and is given back", async () => {
  let broken = true;
  const map = new Map();
  const down = () => { if (broken) throw new Error("down"); };
  const keyv = {
    get: async (key) => (down(), map.get(key)),
    set: async (key, value) => (down(), map.set(key, value)),
    delete: async (key) => (down(), map.delete(key)),
  };
  const store = keyvStore(keyv);
  await assert.rejects(async () => store.claim("a", "x", 60));
  assert.equal(await store.claim("a", "y", 60), "in_flight");
  broken = false;
  await store.release("a", "x");
  assert.equal(await store.claim("a", "y", 60), "claimed");
});
