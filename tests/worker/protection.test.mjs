// What keeps an instance, a log and an endpoint alive: the budget of bytes, the rate limit, the alert.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertRejected, gate, newEvent, open } from "./harness.mjs";

test("bodies beyond the budget of an isolate get 503 overloaded, and the room comes back", async (t) => {
  const audian = { provider: "audian", max_body_bytes: 26_000_000 };
  const { deliver, origin } = await open(t, { sources: { audian } });
  const large = () => newEvent("audian", (payload) => (payload.data.filler = "x".repeat(20_000_000)));
  const hold = gate();
  origin.answer({ after: hold.after });
  const first = deliver("audian", { body: large() });
  await origin.request(0, 20_000);
  const second = await deliver("audian", { body: large() });
  assertRejected(second, "overloaded");
  assert.match(second.header("retry-after"), /^[1-9]\d*$/);
  const small = deliver("audian");
  await origin.request(1);
  hold.open();
  assert.deepEqual([(await first).status, (await small).status], [200, 200]);
  assert.equal((await deliver("audian", { body: large() })).status, 200);
  assert.equal(origin.requests.length, 3);
});

test("junk beyond the limit gets 429, by source and address; the genuine is never limited", async (t) => {
  const { deliver, gateway, origin, log } = await open(t, {
    sources: { audian: { provider: "audian" }, other: { provider: "audian" } },
    ratelimits: { FAILURES: { simple: { limit: 3, period: 60 } } },
  });
  const from = (address) => ({ headers: [["cf-connecting-ip", address]] });
  const junk = (name, address) => deliver(name, { ...from(address), sent: newEvent("audian") });
  // A minute of the limiter may end in between, once.
  const statuses = [];
  for (let count = 0; count < 9; count += 1) statuses.push((await junk("audian", "192.0.2.1")).status);
  assert.ok(statuses.filter((status) => status === 429).length >= 3, `${statuses}`);
  assert.equal(statuses[0], 401);
  const limited = await junk("audian", "192.0.2.1");
  if (limited.status === 429) {
    assertRejected(limited, "rate_limited");
    assert.match(limited.header("retry-after"), /^[1-9]\d*$/);
  }
  await log((line) => line.code === "rate_limited" && line.status === 429 && line.verdict === "rejected");
  assertRejected(await junk("other", "192.0.2.1"), "signature_mismatch");
  assertRejected(await junk("audian", "192.0.2.2"), "signature_mismatch");
  assert.equal((await deliver("audian", from("192.0.2.1"))).status, 200);
  assert.equal(origin.requests.length, 1);

  await sleep(1000);
  const [rows] = await gateway.ask("LOG", "v1", [["tally"]]);
  const printed = gateway.logs.filter(({ code }) => code === "rate_limited").length;
  assert.ok(printed >= 3);
  assert.equal(rows.deliveries, gateway.logs.length - printed, "junk stays out of the delivery log");
});

test("authentic deliveries are limited only where that is asked for, by source", async (t) => {
  const sources = { audian: { provider: "audian" }, other: { provider: "audian" } };
  const ratelimits = { DELIVERIES: { simple: { limit: 3, period: 60 } } };
  const { deliver, origin, log } = await open(t, { sources, ratelimits, secrets: { OTHER_SECRET: "s" } });
  // A minute of the limiter may end in between, once.
  const replies = [];
  for (let count = 0; count < 9; count += 1) replies.push(await deliver("audian"));
  const limited = replies.filter(({ status }) => status === 429);
  assert.equal(replies[0].status, 200);
  assert.ok(limited.length >= 3, `${replies.map(({ status }) => status)}`);
  assertRejected(limited[0], "rate_limited");
  assert.match(limited[0].header("retry-after"), /^[1-9]\d*$/);
  assert.equal(origin.requests.length, replies.length - limited.length);
  const line = await log((line) => line.code === "rate_limited");
  assert.deepEqual([line.verdict, line.status, line.source, line.origin_status], ["accepted", 429, "audian", null]);
  assert.equal(typeof line.key, "string");
  // What is not authentic does not spend the budget, and another source has its own.
  for (let count = 0; count < 5; count += 1) {
    assertRejected(await deliver("other", { secret: "s", sent: newEvent("audian") }), "signature_mismatch");
  }
  assert.equal((await deliver("other", { secret: "s" })).status, 200);
});

test("a streak of failures raises one alert, logged and posted; a success ends it", async (t) => {
  const { deliver, gateway, origin, log } = await open(t, {
    sources: { audian: { provider: "audian" }, other: { provider: "audian" } },
    // Nobody listens there.
    secrets: { ALERT_URL: "http://127.0.0.1:1/nobody" },
  });
  const junk = (count, name = "audian") =>
    Promise.all(Array.from({ length: count }, () => deliver(name, { sent: newEvent("audian") })));
  const alerts = () => gateway.logs.filter(({ alert }) => alert === "verification_failing");
  await junk(19);
  await junk(19, "other");
  assert.equal((await deliver("audian")).status, 200);
  await junk(19);
  await deliver("audian");
  assert.deepEqual(alerts(), []);
  await junk(45);
  const alert = await log((line) => line.alert === "verification_failing");
  assert.deepEqual([alert.source, alert.failures], ["audian", 20]);
  assert.ok(Math.abs(alert.since - Date.now() / 1000) < 60);
  assert.equal(alerts().length, 1);
  await log((line) => line.alert === "alert_not_posted");
  assert.equal(origin.requests.length, 2);
});

test("an alert is posted as JSON", async (t) => {
  const { origin } = await open(t, { sources: { audian: { provider: "audian" } } });
  const { deliver } = await open(t, {
    sources: { audian: { provider: "audian" } },
    secrets: { ALERT_URL: `${origin.url}/alerts` },
  });
  await Promise.all(Array.from({ length: 20 }, () => deliver("audian", { sent: newEvent("audian") })));
  const posted = await origin.request();
  assert.deepEqual([posted.method, posted.url, posted.header("content-type")], ["POST", "/alerts", "application/json"]);
  const { alert, source, failures } = JSON.parse(posted.body);
  assert.deepEqual({ alert, source, failures }, { alert: "verification_failing", source: "audian", failures: 20 });
});
