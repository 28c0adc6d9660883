import assert from "node:assert/strict";
import { test } from "node:test";
import { assertDuplicate, assertRejected, gate, newEvent, open, secretOf } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const sources = {
  audian: { provider: "audian" },
  "audian-two": { provider: "audian" },
  svix: { provider: "meeting-baas", scheme: "svix" },
  attendee: { provider: "attendee" },
  "mobile-assistant": { provider: "mobile-assistant" },
};

async function bench(t, more = {}) {
  const store = createStore();
  return { store, ...(await open(t, { sources, store: store.worker, ...more })) };
}

test("a duplicate of a settled event gets the stored status and is not relayed", async (t) => {
  const { deliver, origin, log } = await bench(t);
  const body = newEvent("audian");
  origin.next({ status: 201, body: "made", headers: { "x-from": "origin" } });
  const first = await deliver("audian", { body });
  assert.equal(first.status, 201);
  assert.equal(String(first.body), "made");
  assert.equal(first.header("x-hookwarden-duplicate"), undefined);

  const second = await deliver("audian", { body });
  assertDuplicate(second, 201);
  assert.equal(second.header("x-from"), undefined);
  assert.equal(origin.requests.length, 1);
  const line = await log((line) => line.duplicate === true);
  assert.equal(line.verdict, "accepted");
  assert.equal(line.origin_status, null);
});

for (const status of [204, 205]) {
  test(`a stored ${status} comes back as ${status}, without a body`, async (t) => {
    const { deliver, origin } = await bench(t);
    const body = newEvent("audian");
    origin.answer({ status });
    assert.equal((await deliver("audian", { body })).status, status);
    assertDuplicate(await deliver("audian", { body }), status);
    assert.equal(origin.requests.length, 1);
  });
}

test("the local KV simulator shows the same: stored in KV, a later copy is a duplicate", async (t) => {
  const { deliver, origin, gateway } = await open(t, { sources });
  const body = newEvent("audian");
  assert.equal((await deliver("audian", { body })).status, 200);
  assertDuplicate(await deliver("audian", { body }));
  assert.equal(origin.requests.length, 1);
  const { keys } = await (await gateway.kv()).list();
  assert.equal(keys.length, 1);
  assert.ok(keys[0].expiration > Date.now() / 1000 + 59, "kept for a minute at least");
});

test("a copy that comes while the first is in flight is told to come again", async (t) => {
  const { deliver, origin } = await bench(t);
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after });
  const first = deliver("audian", { body });
  await origin.request();

  const copy = await deliver("audian", { body });
  assertRejected(copy, "in_flight");
  assert.match(copy.header("retry-after"), /^[1-9]\d*$/);
  hold.open();
  assert.equal((await first).status, 200);
  assertDuplicate(await deliver("audian", { body }));
  assert.equal(origin.requests.length, 1);
});

test("of twenty copies at once, one is relayed", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  const copies = await Promise.all(Array.from({ length: 20 }, () => deliver("audian", { body })));
  const first = copies.filter(({ status, header }) => status === 200 && !header("x-hookwarden-duplicate"));
  assert.equal(first.length, 1);
  for (const copy of copies.filter((one) => one !== first[0])) {
    if (copy.status === 503) assertRejected(copy, "in_flight");
    else assertDuplicate(copy);
  }
  assert.equal(origin.requests.length, 1);
  assert.equal(store.calls.put, 1);
});

for (const status of [500, 503, 404, 410]) {
  test(`an origin that answers ${status} has not settled the event`, async (t) => {
    const { deliver, origin, store } = await bench(t);
    const body = newEvent("audian");
    origin.next({ status, body: "no" });
    const first = await deliver("audian", { body });
    assert.equal(first.status, status);
    assert.equal(String(first.body), "no");
    assert.equal(store.puts.length, 0);
    assert.equal((await deliver("audian", { body })).status, 200);
    assert.equal(origin.requests.length, 2);
  });
}

test("the signed id is the identity: another secret and another time change nothing", async (t) => {
  const second = `whsec_${Buffer.from("the next secret, in rotation").toString("base64")}`;
  const { deliver, origin } = await bench(t, { secrets: { SVIX_SECRET_2: second } });
  const body = newEvent("meeting-baas");
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await deliver("svix", { body, id: "msg_one" })).status, 200);
  assertDuplicate(await deliver("svix", { body, id: "msg_one", secret: second, now: now - 10 }));
  assert.equal((await deliver("svix", { body, id: "msg_two" })).status, 200, "another id is another event");
  assert.equal(origin.requests.length, 2);
});

test("test.completed is never deduplicated", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = Buffer.from('{"type":"test.completed"}');
  for (const _ of [1, 2]) {
    const reply = await deliver("mobile-assistant", { body });
    assert.equal(reply.status, 200);
    assert.equal(reply.header("x-hookwarden-duplicate"), undefined);
  }
  assert.equal(origin.requests.length, 2);
  assert.equal(store.puts.length, 0);
});

test("zoom_tokens always gets the origin's own answer", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("attendee", undefined, "zoom_tokens");
  for (const token of ["first", "second"]) {
    origin.next({ headers: { "content-type": "application/json" }, body: `{"zak_token":"${token}"}` });
    const reply = await deliver("attendee", { body });
    assert.equal(reply.status, 200);
    assert.equal(reply.json().zak_token, token);
  }
  assert.equal(origin.requests.length, 2);
  assert.equal(store.puts.length, 0);
});

test("the same event at two sources is two events", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  const secret = secretOf("audian");
  await deliver("audian", { body, secret });
  await deliver("audian-two", { body, secret });
  assert.equal(origin.requests.length, 2);
  const keys = origin.requests.map((request) => request.header("x-hookwarden-key"));
  assert.notEqual(keys[0], keys[1]);
  assert.equal(new Set(store.puts.map((put) => put.key)).size, 2);
});

test("an event costs one write, made after the origin's 2xx, that lasts a minute or more", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  const hold = gate();
  origin.next({ after: hold.after });
  const first = deliver("audian", { body });
  await origin.request();
  assert.equal(store.calls.put, 0, "nothing is written before the origin has answered");
  hold.open();
  await first;
  await store.written(1);
  await deliver("audian", { body });
  await deliver("audian", { body });
  assert.equal(store.calls.put, 1);
  assert.ok(store.puts[0].ttl >= 60, `TTL ${store.puts[0].ttl}`);
});

test("a source can turn deduplication off", async (t) => {
  const { deliver, origin, store } = await bench(t, {
    sources: { audian: { provider: "audian", dedupe: false } },
  });
  const body = newEvent("audian");
  await deliver("audian", { body });
  await deliver("audian", { body });
  assert.equal(origin.requests.length, 2);
  assert.deepEqual(store.calls, { get: 0, put: 0, delete: 0 });
});
