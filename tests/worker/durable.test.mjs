// The Durable Object store: one relay per event, whatever arrives when, and what happens when it fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { copies } from "../chaos/copies.mjs";
import { assertDuplicate, assertRejected, begin, gate, newEvent, open } from "./harness.mjs";
import { createFaults } from "./objects.mjs";

const strong = { provider: "audian", store: "durable-object" };

async function bench(t, { source = {}, ...more } = {}) {
  const faults = createFaults();
  const sources = { audian: { ...strong, ...source }, closed: { ...strong, fail: "closed", ...source } };
  const opened = await open(t, { sources, faults, isolates: 2, ...more });
  const [here, there] = opened.gateway.urls;
  return { faults, here, there, ...opened };
}

test("200 events, 10 copies each at once through four isolates: each arrives exactly once", async (t) => {
  const { events, relays, most, answers } = await copies(t, { store: "durable-object", events: 200, copies: 10 });
  assert.deepEqual({ events, relays, most }, { events: 200, relays: 200, most: 1 });
  assert.deepEqual(Object.keys(answers).filter((status) => status !== "503"), ["200"]);
});

test("an event costs two calls, its duplicate one", async (t) => {
  const { deliver, faults } = await bench(t);
  const body = newEvent("audian");
  await deliver("audian", { body });
  assert.deepEqual(faults.calls, { claim: 1, settle: 1 });
  assertDuplicate(await deliver("audian", { body }));
  assert.deepEqual(faults.calls, { claim: 2, settle: 1 });
  assert.equal(faults.names.size, 1);
});

test("events are spread over the 32 objects of this version", async (t) => {
  const { deliver, faults } = await bench(t);
  await Promise.all(Array.from({ length: 150 }, () => deliver("audian")));
  assert.ok(faults.names.size > 20, `${faults.names.size}`);
  for (const name of faults.names) assert.match(name, /^v1-([012]\d|3[01])$/);
});

test("a copy waits for the first and gets its status; the origin is asked once", async (t) => {
  const { deliver, origin, here, there, log } = await bench(t, { source: { duplicate_wait_ms: 8000 } });
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after, status: 201 });
  const first = deliver("audian", { body, at: here });
  await origin.request();
  const copies = [here, there, there].map((at) => deliver("audian", { body, at }));
  await sleep(200);
  hold.open();
  assert.equal((await first).status, 201);
  for (const copy of await Promise.all(copies)) assertDuplicate(copy, 201);
  assert.equal(origin.requests.length, 1);
  const line = await log((line) => line.duplicate);
  assert.equal(line.code, null);
});

test("a copy that waits for a first that fails takes its place; the others wait on", async (t) => {
  const { deliver, origin, here, there } = await bench(t, { source: { duplicate_wait_ms: 8000 } });
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after, status: 500 }, { status: 202 });
  const first = deliver("audian", { body, at: here });
  await origin.request();
  const copies = [here, there, there].map((at) => deliver("audian", { body, at }));
  await sleep(200);
  hold.open();
  assert.equal((await first).status, 500);
  const statuses = (await Promise.all(copies)).map((copy) => {
    assert.equal(copy.status, 202);
    return copy.header("x-hookwarden-duplicate");
  });
  assert.deepEqual(statuses.sort(), ["true", "true", undefined]);
  assert.equal(origin.requests.length, 2);
  assert.equal(origin.requests[1].header("x-hookwarden-attempt"), "2");
});

test("a copy waits no longer than it may", async (t) => {
  const { deliver, origin } = await bench(t, { source: { duplicate_wait_ms: 300 } });
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after });
  const first = deliver("audian", { body });
  await origin.request();
  const started = performance.now();
  const copy = await deliver("audian", { body });
  assertRejected(copy, "in_flight");
  assert.match(copy.header("retry-after"), /^[1-9]\d*$/);
  const waited = performance.now() - started;
  assert.ok(waited >= 290 && waited < 2000, `${waited} ms`);
  hold.open();
  assert.equal((await first).status, 200);
});

for (const [status, body] of [[200, "made"], [204, ""]]) {
  test(`by option a duplicate gets the whole first answer (${status})`, async (t) => {
    const { deliver, origin } = await bench(t, { source: { duplicate_answer: "full" } });
    const event = newEvent("audian");
    const headers = { "x-from": "origin", "content-type": "text/plain", "set-cookie": "id=1" };
    origin.next({ status, body, headers: body ? { ...headers, "content-length": "4" } : headers });
    const first = await deliver("audian", { body: event });
    assert.deepEqual([first.status, String(first.body), first.header("x-from")], [status, body, "origin"]);
    assert.ok(first.header("set-cookie"));
    const copy = await deliver("audian", { body: event });
    assert.equal(copy.status, status);
    assert.equal(copy.header("x-hookwarden-duplicate"), "true");
    if (body === "") return;
    assert.equal(String(copy.body), body);
    assert.deepEqual([copy.header("x-from"), copy.header("content-type")], ["origin", "text/plain"]);
    assert.equal(copy.header("set-cookie"), undefined, "for the first sender alone");
    assert.equal(origin.requests.length, 1);
  });
}

test("an answer that is too long is passed on whole, and a duplicate gets its status", async (t) => {
  const { deliver, origin } = await bench(t, { source: { duplicate_answer: "full" } });
  const event = newEvent("audian");
  const body = "x".repeat(64 * 1024 + 1);
  origin.next({ status: 200, body, headers: { "content-length": String(body.length) } });
  assert.equal(String((await deliver("audian", { body: event })).body), body);
  assertDuplicate(await deliver("audian", { body: event }));
});

test("a claim outlives its relay only as long as its lease: a gateway that died frees the event", async (t) => {
  const { deliver, delivery, origin } = await bench(t, { clock: true });
  const body = newEvent("audian");
  const now = Math.floor(Date.now() / 1000);
  const at = (seconds) => [["x-test-now", String(now + seconds)]];
  origin.next({ fail: "never" });
  // Nobody releases it: its gateway waits in a time that stands still.
  const lost = begin(delivery("audian", { body, now, headers: at(0) }));
  await origin.request();
  assertRejected(await deliver("audian", { body, now, headers: at(39) }), "in_flight");
  assert.equal((await deliver("audian", { body, now, headers: at(41) })).status, 200);
  assert.equal(origin.requests[1].header("x-hookwarden-attempt"), "2");
  lost.hangUp();
});

test("what has expired is forgotten", async (t) => {
  const { deliver, origin } = await bench(t, { clock: true });
  const body = newEvent("audian");
  const at = (now) => ({ body, now, headers: [["x-test-now", String(now)]] });
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await deliver("audian", at(now))).status, 200);
  assertDuplicate(await deliver("audian", at(now + 3200)));
  assert.equal((await deliver("audian", at(now + 3211))).header("x-hookwarden-duplicate"), undefined);
  assert.equal(origin.requests.length, 2);
});

test("what has expired is purged, a bounded number of rows at a time", async (t) => {
  const { gateway } = await bench(t);
  const shard = (...calls) => gateway.ask("EVENTS", "v1-00", calls);
  await shard(...Array.from({ length: 2100 }, (_, at) => ["claim", `old-${at}`, at, 1, 0, 1]));
  assert.deepEqual(await shard(["claim", "young", 1, 60_000, 0, 3_600_000]), [{ attempt: 1 }]);
  assert.deepEqual(await shard(["tally"], ["purge"], ["tally"], ["purge"], ["tally"]), [
    { events: 2101, held: 1 }, "more", { events: 101, held: 1 }, "some", { events: 1, held: 1 },
  ]);
});

test("a store that cannot be asked: relayed, marked, and settled when it is there again", async (t) => {
  const { deliver, faults, origin, log } = await bench(t);
  const body = newEvent("audian");
  faults.failing = ["claim"];
  assert.equal((await deliver("audian", { body })).status, 200);
  assert.equal(origin.requests[0].header("x-hookwarden-store"), "unavailable");
  await log((line) => line.notes?.includes("store_unavailable"));
  assert.equal(faults.calls.claim, 2, "asked once more");
  faults.failing = [];
  assertDuplicate(await deliver("audian", { body }));
});

test("while the store cannot be asked, the memory of an isolate catches copies", async (t) => {
  const { deliver, faults, origin, here, there } = await bench(t);
  const body = newEvent("audian");
  faults.failing = ["claim", "settle", "release"];
  assert.equal((await deliver("audian", { body, at: here })).status, 200);
  assertDuplicate(await deliver("audian", { body, at: here }));
  assert.equal((await deliver("audian", { body, at: there })).status, 200, "another one relays it again");
  assert.equal(origin.requests.length, 2);
});

test("fail = closed: 503, nothing relayed, and the retry gets through", async (t) => {
  const { deliver, faults, origin } = await bench(t);
  const body = newEvent("audian");
  faults.failing = ["claim"];
  assertRejected(await deliver("closed", { body }), "store_unavailable");
  assert.equal(origin.requests.length, 0);
  faults.failing = [];
  assert.equal((await deliver("closed", { body })).status, 200);
  assert.equal(origin.requests.length, 1);
});

test("a claim whose answer was lost is given back: the retry does not wait for the lease", async (t) => {
  const { deliver, faults, origin } = await bench(t);
  const body = newEvent("audian");
  faults.mute = ["claim"];
  assertRejected(await deliver("closed", { body }), "store_unavailable");
  faults.mute = [];
  assert.equal((await deliver("closed", { body })).status, 200);
  assert.equal(origin.requests.length, 1);
});

test("a store that hangs does not use up the sender's patience", async (t) => {
  const { deliver, faults, origin, log } = await bench(t);
  faults.hanging = ["claim", "settle"];
  const started = performance.now();
  assert.equal((await deliver("audian")).status, 200);
  assert.ok(performance.now() - started < 6000);
  assert.equal(origin.requests.length, 1);
  const line = await log((line) => line.notes?.includes("settle_failed"));
  assert.ok(line.notes.includes("store_unavailable"));
});

test("a settlement whose answer was lost is made again, and is one", async (t) => {
  const { deliver, faults, origin, log } = await bench(t);
  const body = newEvent("audian");
  faults.mute = ["settle"];
  assert.equal((await deliver("audian", { body })).status, 200);
  await log((line) => line.notes?.includes("settle_failed"));
  assert.equal(faults.calls.settle, 2);
  assertDuplicate(await deliver("audian", { body }));
  assert.equal(origin.requests.length, 1);
});

test("a release that fails delays the retry to the end of the lease, and is logged", async (t) => {
  const { deliver, faults, origin, log } = await bench(t, { source: { duplicate_wait_ms: 0 } });
  const body = newEvent("audian");
  faults.failing = ["release"];
  origin.next({ status: 500 });
  assert.equal((await deliver("audian", { body })).status, 500);
  await log((line) => line.notes?.includes("release_failed"));
  assertRejected(await deliver("audian", { body }), "in_flight");
});

test("objects are made near the location and in the jurisdiction that are configured", async (t) => {
  const vars = { OBJECT_LOCATION: "weur", OBJECT_JURISDICTION: "eu" };
  const { deliver, faults } = await bench(t, { vars });
  assert.equal((await deliver("audian")).status, 200);
  assert.deepEqual(faults.asked[0], { jurisdiction: "eu", locationHint: "weur" });
  const wrong = await bench(t, { vars: { OBJECT_LOCATION: "paris" } });
  assertRejected(await wrong.deliver("audian"), "source_misconfigured");
  await wrong.log((line) => line.detail?.startsWith("OBJECT_LOCATION: expected one of wnam"));
});

test("without the binding, the source is misconfigured", async (t) => {
  const { deliver, log } = await open(t, { sources: { audian: strong }, objects: false });
  assertRejected(await deliver("audian"), "source_misconfigured");
  await log((line) => line.detail?.includes("bound as EVENTS"));
});
