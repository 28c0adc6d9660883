// The delivery log, the dead letters and the admin API over them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { assertDuplicate, assertRejected, newEvent, open } from "./harness.mjs";

const TOKEN = "an admin token for tests";
const RELAY_SECRET = `whsec_${Buffer.from("a relay secret that is made up").toString("base64")}`;

async function bench(t, { sources, vars = { ADMIN_TOKEN: TOKEN }, ...more } = {}) {
  const opened = await open(t, {
    sources: {
      audian: { provider: "audian", store: "durable-object", schema: "enforce" },
      efficlose: { provider: "efficlose" },
      ...sources,
    },
    vars,
    ...more,
  });
  const { gateway } = opened;
  async function api(method, path, { token = TOKEN } = {}) {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${gateway.url}/_hookwarden/api/${path}`, { method, headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  const get = async (path) => (await api("GET", path)).body;
  /** The listing, when it has as many entries. */
  async function when(count, path = "deliveries") {
    for (let tries = 0; tries < 50; tries += 1) {
      const listed = await get(path);
      const [rows] = Object.values(listed);
      if (rows.length === count) return rows;
      await sleep(100);
    }
    throw new Error(`never ${count} entries in ${path}`);
  }
  return { ...opened, api, get, when };
}

const broken = () => newEvent("audian", (payload) => (payload.data = "canary-value"));

test("without a token there is no API; with one it wants the whole token", async (t) => {
  const bare = await bench(t, { vars: {} });
  const { status, body } = await bare.api("GET", "deliveries");
  assert.deepEqual([status, body.code], [404, "source_unknown"]);
  const short = await bench(t, { vars: { ADMIN_TOKEN: "too short" } });
  assert.equal((await short.api("GET", "deliveries", { token: "too short" })).status, 404);

  const { api, origin } = await bench(t);
  for (const token of [null, "", "wrong", TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
    const paths = ["GET deliveries", "GET nowhere", "POST replay?all=true", "DELETE dead-letters?all=true"];
    for (const [method, path] of paths.map((one) => one.split(" "))) {
      const refused = await api(method, path, { token });
      assert.equal(refused.status, 401, `${token} ${method} ${path}`);
      assert.equal(refused.headers.get("www-authenticate"), "Bearer");
    }
  }
  assert.equal((await api("GET", "deliveries")).status, 200);
  assert.equal(origin.requests.length, 0);
});

test("deliveries are listed, filtered, paged and counted", async (t) => {
  const { api, get, when, deliver } = await bench(t);
  const body = newEvent("audian");
  await deliver("audian", { body });
  await deliver("audian", { body });
  await deliver("audian", { sent: newEvent("audian") });
  await deliver("efficlose");
  const all = await when(4);
  assert.deepEqual(all.map(({ id }) => id), [4, 3, 2, 1]);
  assert.ok(Math.abs(all[0].at - Date.now() / 1000) < 60);
  const [, mismatch, duplicate, first] = all;
  assert.deepEqual([mismatch.verdict, mismatch.code], ["rejected", "signature_mismatch"]);
  assert.deepEqual([mismatch.event_type, mismatch.key], [null, null]);
  assert.deepEqual([duplicate.duplicate, duplicate.key], [true, first.key]);
  assert.deepEqual([first.source, first.event_type], ["audian", JSON.parse(body).event]);
  assert.deepEqual([first.status, first.origin_status], [200, 200]);

  const ids = async (query) => (await get(`deliveries?${query}`)).deliveries.map(({ id }) => id);
  assert.deepEqual(await ids("source=efficlose"), [4]);
  assert.deepEqual(await ids("verdict=rejected"), [3]);
  assert.deepEqual(await ids(`event_type=${first.event_type}`), [2, 1]);
  assert.deepEqual(await ids(`from=${Math.floor(Date.now() / 1000) + 60}`), []);
  const aMinuteAgo = new Date(Date.now() - 60_000).toISOString();
  assert.deepEqual(await ids(`from=${aMinuteAgo}&to=2100-01-01T00:00:00Z`), [4, 3, 2, 1]);
  const page = await get("deliveries?limit=3");
  assert.deepEqual(page.deliveries.map(({ id }) => id), [4, 3, 2]);
  assert.deepEqual((await get(`deliveries?limit=3&cursor=${page.cursor}`)).deliveries.map(({ id }) => id), [1]);

  const one = await get("deliveries/2");
  assert.equal(one.delivery.id, 2);
  assert.deepEqual(one.attempts.map(({ id }) => id), [1, 2]);

  const { counts, step } = await get("counts");
  assert.equal(step, 300);
  const of = (word) => counts.filter(({ verdict }) => verdict === word);
  const total = (word) => of(word).reduce((sum, { count }) => sum + count, 0);
  assert.deepEqual([total("accepted"), total("rejected")], [3, 1]);
  const { counts: daily } = await get("counts?code=signature_mismatch&step=86400");
  assert.deepEqual(daily.map(({ source, count }) => [source, count]), [["audian", 1]]);

  const mistakes = ["limit=0", "limit=201", "from=yesterday", "sorce=x"].map((query) => `deliveries?${query}`);
  for (const wrong of [...mistakes, "dead-letters?cursor=1"]) {
    assert.equal((await api("GET", wrong)).status, 400, wrong);
  }
  const absent = ["deliveries/999", "deliveries/x", "nowhere", "", "deliveries/1/2"];
  for (const nowhere of [...absent, `dead-letters/${"0".repeat(64)}`]) {
    assert.equal((await api("GET", nowhere)).status, 404, nowhere);
  }
  assert.equal((await api("PUT", "deliveries")).status, 405);
});

test("what enforce refuses is kept, and a replay is signed with a fresh time", async (t) => {
  const { api, get, when, deliver, origin } = await bench(t, { secrets: { RELAY_SECRET } });
  const body = broken();
  assertRejected(await deliver("audian", { body }), "schema_violation");
  assertRejected(await deliver("audian", { body }), "schema_violation");
  const [letter, ...others] = await when(1, "dead-letters");
  assert.deepEqual(others, []);
  assert.deepEqual([letter.reason, letter.code], ["payload_refused", "schema_violation"]);
  assert.deepEqual([letter.source, letter.attempts], ["audian", 0]);
  const listed = [letter, await get(`dead-letters/${letter.id}`), await get("deliveries")];
  assert.ok(!JSON.stringify(listed).includes("canary"));
  const whole = await get(`dead-letters/${letter.id}?body=true`);
  assert.equal(whole.dead_letter.body_base64, body.toString("base64"));

  origin.next({ status: 500 });
  const failed = await api("POST", `dead-letters/${letter.id}/replay`);
  const answered = { id: letter.id, outcome: "failed", code: null, origin_status: 500 };
  assert.deepEqual(failed.body, { replayed: [answered], left: 0 });
  assert.deepEqual((await get(`dead-letters/${letter.id}`)).dead_letter.reason, "replay_failed");

  await sleep(1100);
  const { body: done } = await api("POST", `dead-letters/${letter.id}/replay`);
  assert.deepEqual(done.replayed, [{ id: letter.id, outcome: "delivered", code: null, origin_status: 200 }]);
  assert.deepEqual(await when(0, "dead-letters"), []);
  const [first, second] = origin.requests;
  assert.deepEqual(second.body, body);
  assert.equal(second.header("x-hookwarden-key"), letter.id);
  assert.ok(Number(second.header("webhook-timestamp")) > Number(first.header("webhook-timestamp")), "signed afresh");
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const headers = Object.fromEntries(names.map((name) => [name, second.header(name)]));
  new Webhook(RELAY_SECRET).verify(body.toString(), headers);

  const again = await api("POST", `dead-letters/${letter.id}/replay`);
  assert.deepEqual(again.body.replayed, [{ id: letter.id, outcome: "gone" }]);
  const lines = await get(`deliveries?key=${letter.id}`);
  assert.deepEqual(lines.deliveries.map(({ via }) => via).sort(), ["replay", "replay", "sender", "sender"]);
  const known = await api("DELETE", `events/${letter.id}`);
  assert.deepEqual(known.body, { forgotten: true }, "it had been settled");
});

test("an event that is delivered meanwhile is not replayed", async (t) => {
  const { api, when, deliver, gateway, origin } = await bench(t);
  await deliver("audian", { body: broken() });
  const [{ id }] = await when(1, "dead-letters");
  const shard = `v1-${String(parseInt(id.slice(0, 2), 16) % 32).padStart(2, "0")}`;
  await gateway.ask("EVENTS", shard, [["settle", id, 200, 60_000]]);
  assert.equal((await api("POST", `dead-letters/${id}/replay`)).body.replayed[0].outcome, "duplicate");
  assert.equal(origin.requests.length, 0);
  await when(0, "dead-letters");
});

test("many dead letters are replayed or purged by a filter, each once though two ask", async (t) => {
  const { api, when, deliver, origin } = await bench(t, {
    sources: { other: { provider: "audian", store: "durable-object", schema: "enforce" } },
  });
  for (let count = 0; count < 6; count += 1) await deliver(count < 4 ? "audian" : "other", { body: broken() });
  await when(6, "dead-letters");
  assert.equal((await api("POST", "replay")).status, 400, "which ones?");
  assert.equal((await api("DELETE", "dead-letters")).status, 400);
  origin.answer({ after: sleep(300) });
  const both = await Promise.all([api("POST", "replay?source=audian"), api("POST", "replay?source=audian")]);
  assert.deepEqual(both.map(({ status }) => status), [200, 200]);
  assert.equal(origin.requests.length, 4);
  await when(2, "dead-letters");
  const purged = await api("DELETE", "dead-letters?source=other&reason=payload_refused");
  assert.deepEqual(purged.body, { removed: 2, more: false });
  await when(0, "dead-letters");
});

test("a log that fails or hangs changes nothing for the deliveries", async (t) => {
  const { createFaults } = await import("./objects.mjs");
  for (const kind of ["failing", "hanging"]) {
    const faults = createFaults({ LOG: "DeliveryLog" });
    faults[kind] = ["record", "bury"];
    const { deliver, gateway, origin } = await bench(t, { faults });
    const body = newEvent("audian");
    const started = performance.now();
    assert.equal((await deliver("audian", { body })).status, 200);
    assertDuplicate(await deliver("audian", { body }));
    assertRejected(await deliver("audian", { body: broken() }), "schema_violation");
    assert.ok(performance.now() - started < 2000, kind);
    assert.equal(origin.requests.length, 1);
    for (let tries = 0; tries < 80 && !said(gateway); tries += 1) await sleep(100);
    assert.ok(said(gateway), gateway.lines.join("\n"));
  }
});

const said = ({ lines }) =>
  lines.some((line) => /the delivery log did not take [1-9]\d* lines/.test(line)) &&
  lines.some((line) => line.includes("could not be kept as a dead letter"));

test("what is older than it may become is purged, some rows at a time", async (t) => {
  const { gateway } = await bench(t, { vars: { ADMIN_TOKEN: TOKEN, LOG_DAYS: 2, DEAD_LETTER_DAYS: 3 } });
  const day = 86_400_000;
  const line = JSON.stringify({ source: "a", verdict: "accepted", code: null, event_type: null, key: null });
  const lines = (age, count) => ["record", Array.from({ length: count }, () => [Date.now() - age * day, line])];
  const ask = (...calls) => gateway.ask("LOG", "v1", calls);
  await ask(lines(2.1, 1100), lines(1.9, 5));
  assert.deepEqual(await ask(["purge"], ["purge"], ["purge"]), ["more", "some", "some"]);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const left = await (await fetch(`${gateway.url}/_hookwarden/api/deliveries`, { headers })).json();
  assert.equal(left.deliveries.length, 5);
});

test("a purge says whether there is anything left for the next one", async (t) => {
  const { gateway } = await bench(t, { vars: { ADMIN_TOKEN: TOKEN, LOG_DAYS: 1 } });
  const line = JSON.stringify({ source: "a", verdict: "accepted", code: null, event_type: null, key: null });
  const ask = (...calls) => gateway.ask("LOG", "v1", calls);
  assert.deepEqual(await ask(["purge"]), ["none"]);
  await ask(["record", [[Date.now() - 2 * 86_400_000, line]]]);
  assert.deepEqual(await ask(["purge"], ["purge"]), ["none", "none"]);
  await ask(["record", [[Date.now(), line]]]);
  assert.deepEqual(await ask(["purge"]), ["some"]);
});
