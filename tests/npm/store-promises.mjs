// What every store promises.

import assert from "node:assert/strict";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param make gives a store; may be called several times */
export async function promises(t, make) {
  await t.test("claim, settle", async () => {
    const store = make();
    assert.equal(await store.claim("a", "one", 60), "claimed");
    assert.equal(await store.claim("a", "two", 60), "in_flight");
    await store.settle("a", 204, 60);
    assert.deepEqual(await store.claim("a", "three", 60), { settled: 204 });
    assert.equal(await store.claim("b", "one", 60), "claimed", "another event");
  });

  await t.test("release, and only by who holds the claim", async () => {
    const store = make();
    assert.equal(await store.claim("r", "one", 60), "claimed");
    await store.release("r", "two");
    assert.equal(await store.claim("r", "two", 60), "in_flight");
    await store.release("r", "one");
    assert.equal(await store.claim("r", "two", 60), "claimed");
    await store.release("r", "one");
    assert.equal(await store.claim("r", "three", 60), "in_flight", "a late release changes nothing");
    await store.settle("r", 200, 60);
    await store.release("r", "two");
    assert.deepEqual(await store.claim("r", "four", 60), { settled: 200 }, "a release does not undo a settlement");
  });

  await t.test("a late settlement counts, whoever holds the claim", async () => {
    const store = make();
    await store.claim("l", "one", 0.02);
    await sleep(40);
    assert.equal(await store.claim("l", "two", 60), "claimed", "the lease is over");
    await store.settle("l", 200, 60);
    assert.deepEqual(await store.claim("l", "three", 60), { settled: 200 });
  });

  await t.test("of many claims at once, one", async () => {
    const store = make();
    const claims = await Promise.all(Array.from({ length: 50 }, (_, index) => store.claim("m", `holder ${index}`, 60)));
    assert.deepEqual(claims.filter((claim) => claim === "claimed").length, 1);
    assert.deepEqual(claims.filter((claim) => claim === "in_flight").length, 49);
  });
}
