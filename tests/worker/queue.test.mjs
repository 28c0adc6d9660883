// Queue mode: the sender is answered at once, and the event is relayed until it is delivered or dead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { outage } from "../chaos/outage.mjs";
import { assertDuplicate, assertRejected, gate, newEvent, open } from "./harness.mjs";
import { createFaults } from "./objects.mjs";
import { createQueue } from "./queue-model.mjs";

const TOKEN = "an admin token for tests";
const queued = { provider: "audian", store: "durable-object", delivery: "queue" };
const START = 1_790_000_000;

/** The rules of `crates/worker/js/retry.ts`, as they are built. */
async function rules() {
  const options = { entryPoints: ["crates/worker/js/retry.ts"], format: "esm", write: false };
  const [{ text }] = (await build(options)).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

test("when it is tried again, and when never", async () => {
  const { next } = await rules();
  const first = { status: 503, retryAfter: null, deliveries: 1, now: 0, until: 86_400, random: 0.5 };
  const tried = (change) => next({ ...first, ...change });
  for (const status of [400, 401, 404, 407, 409, 410, 422, 424, 426, 428, 430, 499]) {
    assert.equal(tried({ status }), "origin_refused", `${status}`);
  }
  for (const status of [304, 408, 425, 429, 500, 502, 599, null]) assert.equal(tried({ status }), 5, `${status}`);
  const seconds = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600];
  for (const [at, expected] of seconds.entries()) assert.equal(tried({ deliveries: at + 1 }), expected);
  assert.deepEqual([0, 1].map((random) => tried({ deliveries: 40, random })), [2700, 4500]);
  const asked = (retryAfter) => tried({ status: 429, retryAfter, now: 1_790_000_000, until: 1_790_086_400 });
  const date = new Date(1_790_000_120_000).toUTCString();
  assert.deepEqual(["120", "1", "50000", date, "soon", "-5"].map(asked), [120, 5, 43_200, 120, 5, 5]);
  assert.deepEqual([tried({ now: 86_395 }), tried({ now: 86_396 })], [5, "exhausted"]);
  assert.equal(tried({ deliveries: 95 }), "exhausted");
});

test("two days of retries fit into what a queue allows", async () => {
  const { next } = await rules();
  let [now, deliveries] = [0, 0];
  for (;;) {
    deliveries += 1;
    const delay = next({ status: 503, retryAfter: null, deliveries, now, until: 172_800, random: 0 });
    if (delay === "exhausted") break;
    now += delay;
  }
  assert.ok(deliveries < 95 && now > 46 * 3600, `${deliveries} deliveries in ${now} s`);
});

async function bench(t, { source = {}, twice, sources = {}, ...more } = {}) {
  const queue = createQueue({ twice });
  const opened = await open(t, {
    sources: { audian: { ...queued, ...source }, ...sources },
    clock: true,
    queue: queue.binding,
    vars: { ADMIN_TOKEN: TOKEN },
    ...more,
  });
  let now = START;
  const { gateway, origin } = opened;
  return {
    queue,
    ...opened,
    deliver(name, parts) {
      const headers = [["x-test-now", String(now)], ...(parts?.headers ?? [])];
      return opened.deliver(name, { now, ...parts, headers });
    },
    /** Lets time go by, with what the queue does in it. */
    pass: async (seconds) => {
      await queue.run(gateway.url, now, now + seconds);
      now += seconds;
    },
    arrivals: () => origin.requests.length,
    api: async (path) => {
      const headers = { authorization: `Bearer ${TOKEN}`, "x-test-now": String(now) };
      return (await fetch(`${gateway.url}/_hookwarden/api/${path}`, { headers })).json();
    },
  };
}

test("202 at once, relayed by the consumer; duplicates get the 202 before and after", async (t) => {
  const { deliver, origin, queue, pass, log } = await bench(t);
  const body = newEvent("audian");
  const first = await deliver("audian", { body });
  assert.equal(first.status, 202);
  assert.equal(first.body.length, 0);
  assert.equal(first.header("x-hookwarden-duplicate"), undefined);
  assert.equal(origin.requests.length, 0);
  assertDuplicate(await deliver("audian", { body }), 202);

  await pass(1);
  assert.equal(queue.size, 0);
  assert.equal(origin.requests.length, 1);
  const [request] = origin.requests;
  assert.deepEqual(request.body, body);
  assert.equal(request.header("x-hookwarden-attempt"), "1");
  assert.equal(request.header("x-hookwarden-source"), "audian");
  assert.equal(request.header("x-hookwarden-event-id"), JSON.parse(body).id);
  assert.equal(request.header("x-hookwarden-schema"), "valid");
  assertDuplicate(await deliver("audian", { body }), 202);
  await pass(60);
  assert.equal(origin.requests.length, 1);
  const accepted = await log((line) => line.notes?.includes("queued"));
  const relayed = await log((line) => line.via === "queue");
  assert.deepEqual([accepted.status, accepted.origin_status], [202, null]);
  assert.deepEqual([relayed.status, relayed.origin_status, relayed.attempt], [null, 200, 1]);
  assert.equal(relayed.key, accepted.key);
});

test("the simulator of Queues shows the same, in real time", async (t) => {
  const { deliver, origin } = await open(t, { sources: { audian: queued }, queue: "simulator" });
  const body = newEvent("audian");
  origin.next({ status: 503 });
  assert.equal((await deliver("audian", { body })).status, 202);
  await origin.request(0);
  assertDuplicate(await deliver("audian", { body }), 202);
  await origin.request(1, 15_000);
  assert.equal(origin.requests[1].header("x-hookwarden-attempt"), "2");
  assert.deepEqual(origin.requests[1].body, body);
});

test("messages that the queue delivers twice are relayed once", async (t) => {
  const { deliver, origin, queue, pass } = await bench(t, { twice: 1 });
  const bodies = Array.from({ length: 12 }, () => newEvent("audian"));
  for (const body of bodies) assert.equal((await deliver("audian", { body })).status, 202);
  await pass(600);
  assert.equal(queue.size, 0);
  const keys = origin.requests.map((request) => request.header("x-hookwarden-key"));
  assert.deepEqual([keys.length, new Set(keys).size], [12, 12]);
});

test("an origin that is down for an hour loses nothing and gets nothing twice", async (t) => {
  const { attempts, ...rest } = await outage(t, { events: 12, twice: 0.3 });
  t.diagnostic(`${attempts} attempts while it was down`);
  const expected = { events: 12, refused: 0, waiting: 12, early: 0, left: 0, lost: 0, twice: 0 };
  assert.deepEqual(rest, expected);
});

test("retries back off, and keep away for as long as the origin asks", async (t) => {
  const { deliver, origin, pass, arrivals } = await bench(t);
  origin.answer({ status: 503 });
  await deliver("audian");
  await pass(3);
  assert.equal(arrivals(), 1);
  await pass(4);
  assert.equal(arrivals(), 2, "after 5 s, a quarter more or less");
  await pass(14);
  assert.equal(arrivals(), 3, "after 10 s more");
  origin.answer({ status: 429, headers: { "retry-after": "1000" } });
  await pass(27);
  assert.equal(arrivals(), 4);
  await pass(950);
  assert.equal(arrivals(), 4);
  origin.answer({ status: 200 });
  await pass(60);
  assert.equal(arrivals(), 5);
});

test("what the origin refuses for good becomes a dead letter at once, and may be sent again", async (t) => {
  const { deliver, origin, queue, pass, api } = await bench(t);
  const body = newEvent("audian");
  origin.next({ status: 422 });
  const headers = [["authorization", "Basic canary"], ["cookie", "canary"], ["x-kept", "1"]];
  await deliver("audian", { body, headers });
  assert.ok(!JSON.stringify(queue.sent).includes("canary"), "no credential is stored");
  await pass(5);
  assert.equal(queue.size, 0);
  const { dead_letters: letters } = await api("dead-letters");
  assert.equal(letters.length, 1);
  const [{ id, at, bytes, ...letter }] = letters;
  const { id: event_id, event } = JSON.parse(body);
  assert.deepEqual(letter, {
    source: "audian", event_type: event, event_id, reason: "origin_refused", code: null,
    origin_status: 422, attempts: 1,
  });
  assert.equal(bytes, body.length);
  const { dead_letter: whole } = await api(`dead-letters/${id}?body=true`);
  assert.equal(whole.body_base64, body.toString("base64"));
  assert.ok(whole.headers.includes("x-kept") && !whole.headers.includes("authorization"));
  assert.equal((await deliver("audian", { body })).header("x-hookwarden-duplicate"), undefined);
  await pass(5);
  assert.equal(origin.requests.length, 2);
});

test("what becomes too old becomes a dead letter", async (t) => {
  const { deliver, origin, queue, pass, api } = await bench(t, { source: { max_age_seconds: 600 } });
  origin.answer({ fail: "close" });
  await deliver("audian");
  await pass(601);
  assert.equal(queue.size, 0);
  const [letter] = (await api("dead-letters")).dead_letters;
  assert.deepEqual([letter.reason, letter.code, letter.origin_status], ["exhausted", "origin_unreachable", null]);
  assert.ok(origin.requests.length >= 6, `${origin.requests.length} attempts`);
});

test("a body that is too large for a message is kept aside, and deleted when it is delivered", async (t) => {
  const { deliver, gateway, origin, queue, pass } = await bench(t, { source: { max_body_bytes: 5_000_000 } });
  const body = newEvent("audian", (payload) => (payload.data.filler = "x".repeat(2_500_000)));
  assert.equal((await deliver("audian", { body })).status, 202);
  assert.equal(queue.sent[0].body, null);
  const { key } = JSON.parse(queue.sent[0].meta);
  const shard = `v1-${String(parseInt(key.slice(0, 2), 16) % 32).padStart(2, "0")}`;
  const kept = async () => (await gateway.ask("EVENTS", shard, [["body", key]]))[0];
  assert.notEqual(await kept(), null);
  origin.next({ status: 500 });
  await pass(20);
  assert.equal(origin.requests.length, 2);
  assert.deepEqual(origin.requests[1].body, body);
  assert.equal(await kept(), null);
});

test("an event whose sender waits for the origin's own answer is refused", async (t) => {
  const { deliver, queue, log } = await bench(t, {
    sources: { attendee: { ...queued, provider: "attendee" } },
  });
  const body = newEvent("attendee", undefined, "zoom_tokens");
  assertRejected(await deliver("attendee", { body }), "source_misconfigured");
  assert.equal(queue.sent.length, 0);
  await log((line) => line.detail?.includes("the origin's own answer"));
  assert.equal((await deliver("attendee", { body: newEvent("attendee") })).status, 202);
});

test("a queue that does not take the event: 503, and the retry gets through", async (t) => {
  const { deliver, origin, queue, pass } = await bench(t);
  const body = newEvent("audian");
  queue.order = "fail";
  assertRejected(await deliver("audian", { body }), "store_unavailable");
  queue.order = "pass";
  assert.equal((await deliver("audian", { body })).status, 202);
  await pass(1);
  assert.equal(origin.requests.length, 1);
});

test("a store that fails while the queue is consumed: later, and once", async (t) => {
  const faults = createFaults();
  const { deliver, origin, queue, pass, log } = await bench(t, { faults });
  const body = newEvent("audian");
  faults.failing = ["accept"];
  assert.equal((await deliver("audian", { body })).status, 202);
  await log((line) => line.notes?.includes("settle_failed"));
  faults.failing = ["claimQueued"];
  await pass(10);
  assert.equal(origin.requests.length, 0);
  faults.failing = [];
  await pass(60);
  assert.equal(origin.requests.length, 1);
  assert.equal(queue.size, 0);
});

test("a source that is gone leaves a dead letter", async (t) => {
  const first = await bench(t);
  const body = newEvent("audian");
  await first.deliver("audian", { body });
  const second = await bench(t, { sources: { other: queued }, source: { provider: "nobody" } });
  const third = await open(t, {
    sources: { other: queued }, clock: true, queue: second.queue.binding, vars: { ADMIN_TOKEN: TOKEN },
  });
  const message = (attempts) => [{ id: "1", body: first.queue.sent[0], attempts, timestamp: START * 1000 }];
  const consume = async (url) => {
    const headers = { "x-test-now": String(START) };
    return (await fetch(`${url}/x-test-queue`, { method: "POST", headers, body: JSON.stringify(message(1)) })).json();
  };
  assert.deepEqual(await consume(second.gateway.url), [{ acked: false, delaySeconds: 20 }], "it may be put right");
  assert.deepEqual(await consume(third.gateway.url), [{ acked: true }]);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const letters = await (await fetch(`${third.gateway.url}/_hookwarden/api/dead-letters`, { headers })).json();
  assert.equal(letters.dead_letters[0].reason, "source_unknown");
});

test("without a queue, or with KV, the source is misconfigured", async (t) => {
  const kv = { provider: "audian", delivery: "queue" };
  const { deliver, log } = await open(t, { sources: { audian: queued, kv } });
  assertRejected(await deliver("audian"), "source_misconfigured");
  await log((line) => line.detail?.includes("needs the binding QUEUE"));
  assertRejected(await deliver("kv"), "source_misconfigured");
  await log((line) => line.detail?.includes('store = "durable-object"'));
});

test("a relay that is too late gives its connection back while others of its batch go on", async (t) => {
  const { deliver, origin, pass, log } = await bench(t, {
    source: { origin_timeout_ms: 300 },
    sources: { patient: queued },
  });
  const left = gate();
  origin.answer((request) => {
    if (request.header("x-hookwarden-source") === "patient") return { after: left.after };
    request.gone.then(left.open);
    return { fail: "never" };
  });
  for (const name of ["audian", "patient"]) assert.equal((await deliver(name)).status, 202);
  await pass(1);
  const relayed = async (name) => log((line) => line.via === "queue" && line.source === name);
  assert.equal((await relayed("audian")).code, "origin_timeout");
  assert.equal((await relayed("patient")).origin_status, 200);
});
