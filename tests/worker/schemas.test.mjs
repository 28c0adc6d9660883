// Schemas of a user's own: in the configuration and in Workers KV, and the modes that go with them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { assertRejected, begin, newEvent, open, send } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

/** A payload of an event type that Audian's catalogue lists or not; each is an event of its own. */
const event = (type, change) =>
  newEvent("audian", (payload) => {
    payload.event = type;
    change?.(payload);
  });
const without = (key) => (payload) => delete payload[key];

/** Wants a key that no sample has. */
const wantsInvoice = { type: "object", required: ["invoice"] };
const withInvoice = (payload) => (payload.invoice = "canary-value");

/** Asserts that a delivery was relayed, with what the gateway found. */
async function assertRelayed(opened, parts, schema, name = "audian") {
  const before = opened.origin.requests.length;
  const reply = await opened.deliver(name, parts);
  assert.equal(reply.status, 200, String(reply.body));
  assert.equal(opened.origin.requests.length, before + 1);
  assert.equal(opened.origin.requests.at(-1).header("x-hookwarden-schema"), schema);
}

test("a schema of one's own is enforced, replaces the built-in one and makes its event known", async (t) => {
  const schemas = {
    "call.completed": wantsInvoice,
    "invoice.*": JSON.stringify({ type: "object", properties: { data: { type: "object", required: ["total"] } } }),
    "invoice.void": false,
  };
  const opened = await open(t, { sources: { audian: { provider: "audian", schemas, unknown_events: "refuse" } } });
  const { deliver, log } = opened;
  const refused = async (body, path) => {
    const reply = await deliver("audian", { body });
    assertRejected(reply, "schema_violation");
    assert.equal(reply.json().violations[0].path, path);
    const line = await log((line) => line.event_id === JSON.parse(body).id);
    assert.deepEqual([line.code, line.schema, line.schema_ms], ["schema_violation", "invalid", undefined]);
    assert.ok(!JSON.stringify(line).includes("canary"));
  };
  await refused(event("call.completed"), "");
  // What the built-in schema would refuse does not count any more.
  await assertRelayed(opened, { body: event("call.completed", (p) => ((p.data = 7), withInvoice(p))) }, "valid");
  await refused(event("invoice.paid", (p) => (p.data = { canary: 1 })), "/data");
  await assertRelayed(opened, { body: event("invoice.paid", (p) => (p.data = { total: 1 })) }, "valid");
  await refused(event("invoice.void", (p) => (p.data = { total: 1 })), "");
  // The others are as they were: observed where there is a schema, refused where the catalogue has none.
  await assertRelayed(opened, { body: event("call.ringing", without("data")) }, "invalid");
  assertRejected(await deliver("audian", { body: event("ticket.opened") }), "unknown_event");
});

test("the event type's mode comes before the source's, and that before the default", async (t) => {
  const schemas = { "call.completed": wantsInvoice, "call.ringing": wantsInvoice };
  const schema_modes = { "call.ringing": "enforce", "call.*": "off", "recording.*": "enforce" };
  const opened = await open(t, {
    sources: {
      audian: { provider: "audian", schemas },
      observed: { provider: "audian", schemas, schema: "observe" },
      off: { provider: "audian", schemas, schema: "off" },
      mixed: { provider: "audian", schemas, schema: "observe", schema_modes },
    },
    secrets: Object.fromEntries(["OBSERVED", "OFF", "MIXED"].map((name) => [`${name}_SECRET`, "s"])),
  });
  const parts = (name, body) => ({ body, ...(name !== "audian" && { secret: "s" }) });
  const refused = async (name, body) =>
    assertRejected(await opened.deliver(name, parts(name, body)), "schema_violation");
  const relayed = (name, body, schema) => assertRelayed(opened, parts(name, body), schema, name);
  await refused("audian", event("call.completed"));
  await relayed("observed", event("call.completed"), "invalid");
  await relayed("off", event("call.completed"), "off");
  await refused("mixed", event("call.ringing"));
  await relayed("mixed", event("call.completed"), "off");
  await relayed("mixed", event("call.answered", without("data")), "off");
  // A mode without a schema goes for the built-in one.
  await refused("mixed", event("recording.completed", without("data")));
  await relayed("mixed", event("ticket.opened"), "unknown_event");
});

test("a body that says no event type is refused where anything is enforced", async (t) => {
  const opened = await open(t, {
    sources: {
      audian: { provider: "audian", schemas: { "call.completed": wantsInvoice } },
      efficlose: { provider: "efficlose" },
    },
  });
  const bodies = [
    ["not JSON", "payload_not_json", "invalid"],
    ['{"event":"call.completed","event":"call.completed"}', "duplicate_key", "invalid"],
    ["{}", "event_type_missing", "unknown_event"],
  ];
  for (const [text, code, schema] of bodies) {
    assertRejected(await opened.deliver("audian", { body: Buffer.from(text) }), code);
    await assertRelayed(opened, { body: Buffer.from(text) }, schema, "efficlose");
  }
});

/** A gateway with the model of KV for its schemas, and a clock of the test's own for the first isolate. */
async function bench(t, { schemas, sources, isolates, ...more }) {
  const store = createStore();
  const opened = await open(t, {
    sources: sources ?? { audian: { provider: "audian", schemas } },
    schemas: store.worker,
    isolates,
    clock: true,
    ...more,
  });
  let now = Math.floor(Date.now() / 1000);
  const timed = (parts) => ({ ...parts, now, headers: [["x-test-now", String(now)]] });
  return {
    ...opened,
    store,
    deliver: (name, parts) => opened.deliver(name, timed(parts)),
    request: (name, parts) => opened.delivery(name, timed(parts)),
    advance(seconds) {
      now += seconds;
      store.advance(seconds);
    },
    /** The lines about schemas, which are about no delivery. */
    troubles: () => opened.gateway.logs.filter((line) => "schema_key" in line),
    async asked(count) {
      for (let tries = 0; store.calls.get < count && tries < 250; tries += 1) await setTimeout(20);
      assert.equal(store.calls.get, count);
      // What it answers has to arrive and to be compiled as well.
      await setTimeout(100);
    },
  };
}

const fromKv = { "call.completed": "kv:calls" };
const broken = JSON.stringify({ type: "object", properties: { id: { typ: "string" } } });

test("a schema in KV is in force from the first delivery on, and read once for all sources", async (t) => {
  const sources = {
    audian: { provider: "audian", schemas: fromKv },
    second: { provider: "audian", schemas: { "call.*": "kv:calls", "recording.*": "kv:never-needed" } },
  };
  const opened = await bench(t, { sources, secrets: { SECOND_SECRET: "s" } });
  const { store, deliver, log } = opened;
  store.set("calls", JSON.stringify(wantsInvoice));

  // Nobody who cannot sign makes the gateway read anything.
  for (let count = 0; count < 3; count += 1) {
    assertRejected(await deliver("audian", { body: event("call.completed"), secret: "wrong" }), "signature_mismatch");
  }
  // Nor does an event that the schema is not for.
  await assertRelayed(opened, { body: event("recording.missed") }, "unknown_event");
  assert.equal(store.calls.get, 0);

  const body = event("call.completed");
  assertRejected(await deliver("audian", { body }), "schema_violation");
  const first = await log((line) => line.event_id === JSON.parse(body).id);
  assert.ok(Number.isFinite(first.schema_ms), JSON.stringify(first));
  assert.equal(first.notes, undefined);
  await assertRelayed(opened, { body: event("call.completed", withInvoice) }, "valid");
  assertRejected(await deliver("second", { body: event("call.failed"), secret: "s" }), "schema_violation");
  assert.equal(store.calls.get, 1);
  assert.deepEqual(opened.troubles(), []);
});

test("a changed schema is taken up after the interval, in the background", async (t) => {
  const opened = await bench(t, { schemas: fromKv, secrets: { SCHEMA_REFRESH_SECONDS: "120" } });
  const { store, deliver, advance, asked } = opened;
  store.set("calls", JSON.stringify(wantsInvoice));
  assertRejected(await deliver("audian", { body: event("call.completed") }), "schema_violation");
  store.set("calls", "true");
  advance(119);
  assertRejected(await deliver("audian", { body: event("call.completed") }), "schema_violation");
  assert.equal(store.calls.get, 1);
  advance(1);
  // Several at once ask once; they themselves are judged by what there is.
  const bodies = Array.from({ length: 5 }, () => event("call.completed"));
  const replies = await Promise.all(bodies.map((body) => deliver("audian", { body })));
  assertRejected(replies[0], "schema_violation");
  await asked(2);
  await assertRelayed(opened, { body: event("call.completed") }, "valid");
  assert.equal(store.calls.get, 2);
});

test("a broken update is refused and logged once; the previous schema stays in force", async (t) => {
  const opened = await bench(t, { schemas: fromKv });
  const { store, deliver, advance, asked } = opened;
  store.set("calls", JSON.stringify(wantsInvoice));
  const refused = async () =>
    assertRejected(await deliver("audian", { body: event("call.completed") }), "schema_violation");
  await refused();
  let count = 1;
  const updates = [
    [broken, /\/properties\/id\/typ/],
    [broken, null],
    ["{", /line 1, column 2/],
    [null, /nothing under this key/],
    [`"${"x".repeat(300_000)}"`, /longer than/],
  ];
  const expected = [];
  for (const [text, error] of updates) {
    store.set("calls", text);
    advance(61);
    await refused();
    await asked((count += 1));
    await refused();
    if (error) expected.push(error);
    assert.equal(opened.troubles().length, expected.length, JSON.stringify(opened.troubles()));
  }
  for (const [index, line] of opened.troubles().entries()) {
    assert.deepEqual([line.source, line.schema_key, Object.keys(line).length], ["audian", "calls", 3]);
    assert.match(line.error, expected[index]);
  }
  for (const failure of ["failing", "hanging"]) {
    store[failure] = ["get"];
    advance(61);
    const started = performance.now();
    await refused();
    assert.ok(performance.now() - started < 800, "nobody waits for a refresh");
    await asked((count += 1));
  }
  await opened.log((line) => /KV did not answer/.test(line.error));
  store.failing = store.hanging = [];
  store.set("calls", "true");
  advance(61);
  await refused();
  await asked((count += 1));
  await assertRelayed(opened, { body: event("call.completed") }, "valid");
});

const unavailable = {
  missing: () => {},
  broken: (store) => store.set("calls", broken),
  failing: (store) => (store.failing = ["get"]),
  hanging: (store) => (store.hanging = ["get"]),
};
for (const [what, arrange] of Object.entries(unavailable)) {
  test(`a cold isolate whose schema is ${what} observes, says so, and recovers`, async (t) => {
    const source = { provider: "audian", schemas: { ...fromKv, "ticket.*": "kv:calls" }, unknown_events: "refuse" };
    const opened = await bench(t, { sources: { audian: { ...source, schema: "enforce" } } });
    const { store, deliver, log, advance, asked } = opened;
    arrange(store);
    // The built-in schema where there is one; nothing is refused, whatever the mode.
    const cases = [
      [event("call.completed"), "valid"],
      [event("call.completed", without("data")), "invalid"],
      [event("ticket.opened"), "unknown_event"],
    ];
    for (const [body, schema] of cases) {
      const started = performance.now();
      await assertRelayed(opened, { body }, schema);
      const took = performance.now() - started;
      const line = await log((line) => line.event_id === JSON.parse(body).id);
      assert.deepEqual([line.verdict, line.code, line.schema], ["accepted", null, schema]);
      assert.deepEqual(line.notes, ["schema_unavailable"]);
      assert.ok(took < 3000, `${took} ms`);
    }
    assert.equal(store.calls.get, 1, "asked once for all of them");
    assert.deepEqual(opened.troubles().map((line) => [line.source, line.schema_key]), [["audian", "calls"]]);
    // An event that no schema in KV is for is judged as always.
    assertRejected(await deliver("audian", { body: event("call.ringing", without("data")) }), "schema_violation");

    Object.assign(store, { failing: [], hanging: [] });
    store.set("calls", JSON.stringify(wantsInvoice));
    // The model of KV remembers for a minute that there was nothing, as KV does.
    advance(61);
    await assertRelayed(opened, { body: event("call.completed") }, "valid");
    await asked(2);
    assertRejected(await deliver("audian", { body: event("call.completed") }), "schema_violation");
    assertRejected(await deliver("audian", { body: event("ticket.opened") }), "schema_violation");
  });
}

test("isolates have their own: a cold one observes while a warm one enforces", async (t) => {
  const { store, gateway, origin, deliver } = await bench(t, { schemas: fromKv, isolates: 2 });
  const [warm, cold] = gateway.urls;
  store.set("calls", JSON.stringify(wantsInvoice));
  assertRejected(await deliver("audian", { body: event("call.completed"), at: warm }), "schema_violation");
  store.set("calls", broken);
  assertRejected(await deliver("audian", { body: event("call.completed"), at: warm }), "schema_violation");
  assert.equal((await deliver("audian", { body: event("call.completed"), at: cold })).status, 200);
  assert.equal(origin.requests.at(-1).header("x-hookwarden-schema"), "valid");
});

test("nobody waits for a schema that is not for the event, or not looked at", async (t) => {
  const opened = await bench(t, {
    sources: {
      audian: { provider: "audian", schemas: { ...fromKv, "invoice.*": wantsInvoice } },
      off: { provider: "audian", schemas: fromKv, schema_modes: { "call.*": "off" } },
    },
    secrets: { OFF_SECRET: "s" },
  });
  opened.store.hanging = ["get"];
  await assertRelayed(opened, { body: event("call.answered", without("data")) }, "invalid");
  assertRejected(await opened.deliver("audian", { body: event("invoice.paid") }), "schema_violation");
  await assertRelayed(opened, { body: event("call.completed"), secret: "s" }, "off", "off");
  assert.equal(opened.store.calls.get, 0);
});

test("many deliveries at a cold start all get the schema", async (t) => {
  const { store, deliver, origin } = await bench(t, { schemas: fromKv });
  store.set("calls", JSON.stringify(wantsInvoice));
  const change = (index) => (index % 2 === 0 ? withInvoice : undefined);
  const bodies = Array.from({ length: 20 }, (_, index) => event("call.completed", change(index)));
  const replies = await Promise.all(bodies.map((body) => deliver("audian", { body })));
  assert.deepEqual(replies.map((reply) => reply.status), bodies.map((_, index) => (index % 2 === 0 ? 200 : 422)));
  assert.equal(origin.requests.length, 10);
});

test("the sender hangs up while the schema is awaited: the delivery is relayed all the same", async (t) => {
  const { store, request, origin, log } = await bench(t, { schemas: fromKv });
  store.hanging = ["get"];
  const body = event("call.completed");
  const call = begin(request("audian", { body }));
  while (store.calls.get < 1) await setTimeout(10);
  call.hangUp();
  await assert.rejects(call.reply);
  assert.deepEqual((await origin.request()).body, body);
  const line = await log((line) => line.event_id === JSON.parse(body).id);
  assert.deepEqual([line.status, line.notes], [200, ["schema_unavailable"]]);
});

test("the runtime's own KV simulator gives the same", async (t) => {
  const opened = await open(t, { sources: { audian: { provider: "audian", schemas: fromKv } }, schemas: "simulator" });
  const kv = await opened.gateway.kv("SCHEMAS");
  await kv.put("calls", JSON.stringify({ ...wantsInvoice, title: "\u{1f4de} é" }));
  assertRejected(await opened.deliver("audian", { body: event("call.completed") }), "schema_violation");
  await assertRelayed(opened, { body: event("call.completed", withInvoice) }, "valid");
});

const misconfigured = {
  "broken-schema": [{ schemas: { "call.*": { properties: { id: { typ: 1 } } } } }, /call\.\*: \/properties\/id\/typ/],
  "broken-text": [{ schemas: { "call.*": "{" } }, /schema_invalid.*call\.\*: line 1, column 2/],
  "no-schema": [{ schemas: { "call.*": 7 } }, /schema_invalid.*call\.\*/],
  "remote-reference": [{ schemas: { a: { $ref: "https://example.com/schema.json" } } }, /\/schemas\/a: \/\$ref/],
  "not-a-table": [{ schemas: "kv:calls" }, /\/schemas: expected an object/],
  "bad-pattern": [{ schemas: { "a*b": true } }, /\/schemas\/a\*b: `\*` may only end a pattern/],
  "bad-mode": [{ schema_modes: { "call.*": "strict" } }, /\/schema_modes\/call\.\*: expected one of/],
  "empty-key": [{ schemas: { "call.*": "kv:" } }, /"call\.\*": a key of KV/],
  unbound: [{ schemas: fromKv }, /no KV namespace bound as SCHEMAS/],
};

test("a schema that cannot be honoured stops its source and no other", async (t) => {
  const sources = { audian: { provider: "audian", schemas: { "call.completed": wantsInvoice } } };
  const secrets = {};
  for (const [name, [settings]] of Object.entries(misconfigured)) {
    sources[name] = { provider: "audian", ...settings };
    secrets[`${name.toUpperCase().replaceAll("-", "_")}_SECRET`] = "s";
  }
  const { gateway, deliver, log } = await open(t, { sources, secrets });
  for (const [name, [, reason]] of Object.entries(misconfigured)) {
    const reply = await deliver(name, { body: event("call.completed"), secret: "s" });
    assertRejected(reply, "source_misconfigured");
    const line = await log((line) => line.source === name);
    assert.match(line.detail, reason);
    assert.ok(!String(reply.body).includes(line.detail), "the reason is in the reply");
  }
  assertRejected(await deliver("audian", { body: event("call.completed") }), "schema_violation");
  assert.equal((await send({ method: "GET", url: `${gateway.url}/healthz` })).status, 200);
});

for (const seconds of ["0", "-1", "1.5", "often", "100000", ""]) {
  test(`SCHEMA_REFRESH_SECONDS = "${seconds}" is refused`, async (t) => {
    const { deliver, log } = await bench(t, { schemas: fromKv, secrets: { SCHEMA_REFRESH_SECONDS: seconds } });
    assertRejected(await deliver("audian", { body: event("call.completed") }), "source_misconfigured");
    assert.match((await log((line) => line.code)).detail, /SCHEMA_REFRESH_SECONDS/);
  });
}
