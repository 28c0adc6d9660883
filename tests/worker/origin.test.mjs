// What the gateway answers when the origin is bad, and which origins it accepts at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "miniflare";
import { assertRejected, gate, newEvent, open, send } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const sources = {
  audian: { provider: "audian" },
  hasty: { provider: "audian", origin_timeout_ms: 700 },
};

async function bench(t, more = {}) {
  const store = createStore();
  return { store, ...(await open(t, { sources, store: store.worker, ...more })) };
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} from the origin is not followed and settles nothing`, async (t) => {
    const { deliver, origin, store } = await bench(t);
    const body = newEvent("audian");
    origin.next({ status, headers: { location: `${origin.url}/elsewhere` } });
    assertRejected(await deliver("audian", { body }), "origin_redirected");
    assert.equal(origin.requests.length, 1);
    assert.equal(store.calls.put, 0);
    assert.equal((await deliver("audian", { body })).status, 200, "the retry gets through");
    assert.equal(origin.requests.length, 2);
  });
}

test("an origin that is too slow: 504, and the retry gets through", async (t) => {
  const { deliver, origin, store, log } = await bench(t);
  const body = newEvent("audian");
  origin.next({ fail: "never" });
  assertRejected(await deliver("hasty", { body }), "origin_timeout");
  assert.equal((await log((line) => line.source === "hasty")).code, "origin_timeout");
  assert.equal(store.calls.put, 0);
  assert.equal((await deliver("hasty", { body })).status, 200);
});

test("a relay that is too late leaves no connection behind", async (t) => {
  const { deliver, origin } = await bench(t);
  origin.next({ fail: "never" });
  assertRejected(await deliver("hasty"), "origin_timeout");
  await (await origin.request()).gone;
});

test("an answer within the time is not cut short by it", async (t) => {
  const patient = { audian: { provider: "audian", origin_timeout_ms: 5000 } };
  const { deliver, origin } = await bench(t, { sources: patient });
  const hold = gate();
  origin.next({ after: hold.after, body: "late, but in time" });
  const reply = deliver("audian");
  await origin.request();
  setTimeout(hold.open, 50);
  assert.equal(String((await reply).body), "late, but in time");
});

test("an origin that nobody listens at: 502, and the retry gets through", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  await origin.stop();
  assertRejected(await deliver("audian", { body }), "origin_unreachable");
  assert.equal(store.calls.put, 0);
  await origin.restart();
  assert.equal((await deliver("audian", { body })).status, 200);
});

test("an origin that closes the connection without an answer: 502", async (t) => {
  const { deliver, origin, store } = await bench(t);
  const body = newEvent("audian");
  origin.next({ fail: "close" });
  assertRejected(await deliver("audian", { body }), "origin_unreachable");
  assert.equal(store.calls.put, 0);
  assert.equal((await deliver("audian", { body })).status, 200);
});

test("an origin that closes the connection in the middle of its answer never looks complete", async (t) => {
  const { deliver, origin } = await bench(t);
  origin.next({ fail: "cut", body: "half of it" });
  const reply = await deliver("audian").catch((error) => error);
  if (!(reply instanceof Error)) assertRejected(reply, "origin_unreachable");
  assert.equal((await deliver("audian")).status, 200, "the next delivery is as ever");
});

test("service:NAME reaches another Worker by its binding", async (t) => {
  const received = [];
  const BACKEND = async (request) => {
    const body = Buffer.from(await request.arrayBuffer());
    received.push({ method: request.method, path: new URL(request.url).pathname, body });
    return new Response("from the service", { status: 201, headers: { "x-from": "service" } });
  };
  const { deliver, origin } = await bench(t, {
    sources: {
      audian: { provider: "audian", origin: "service:BACKEND/in/box", insecure_origin: false },
    },
    services: { BACKEND },
  });
  const body = newEvent("audian");
  const reply = await deliver("audian", { body });
  assert.equal(reply.status, 201);
  assert.equal(reply.header("x-from"), "service");
  assert.equal(String(reply.body), "from the service");
  assert.equal(received.length, 1);
  assert.equal(received[0].path, "/in/box");
  assert.equal(received[0].method, "POST");
  assert.ok(received[0].body.equals(body));
  assert.equal(origin.requests.length, 0);
});

test("a service that is not bound is a mistake in the configuration", async (t) => {
  const { deliver, log } = await bench(t, {
    sources: { audian: { provider: "audian", origin: "service:NOBODY" } },
  });
  assertRejected(await deliver("audian"), "source_misconfigured");
  assert.match((await log((line) => line.code === "source_misconfigured")).detail, /NOBODY/);
});

test("the Worker's own host is no origin", async (t) => {
  const { delivery } = await bench(t, {
    sources: {
      same: { provider: "audian", origin: "http://hooks.example/audian" },
      // The sender came over http here; the origin is the same host all the same.
      secure: { provider: "audian", origin: "https://hooks.example/audian" },
    },
  });
  for (const source of ["same", "secure"]) {
    const request = delivery(source);
    request.headers.push(["host", "hooks.example"]);
    assertRejected(await send(request), "source_misconfigured");
  }
});

test("an origin is HTTPS on 443 unless the source allows otherwise", async (t) => {
  const { deliver, origin } = await bench(t, {
    sources: {
      plain: { provider: "audian", insecure_origin: false },
      port: { provider: "audian", origin: "https://127.0.0.1:8443/", insecure_origin: false },
      userinfo: { provider: "audian", origin: "https://user:pass@127.0.0.1/" },
    },
  });
  for (const source of ["plain", "port", "userinfo"]) {
    assertRejected(await deliver(source), "source_misconfigured");
  }
  assert.equal(origin.requests.length, 0);
});
