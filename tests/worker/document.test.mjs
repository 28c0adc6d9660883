// Sources in one document in Workers KV: read, refreshed, refused, pushed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertDuplicate, assertRejected, gate, newEvent, open, secretOf, send } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const TOKEN = "an admin token for tests";
const AUDIAN = secretOf("audian");
const secrets = { CALLS_SECRET: AUDIAN, OTHER_SECRET: AUDIAN, FIXED_SECRET: AUDIAN };
const documentOf = (revision, sources) => JSON.stringify({ format: 1, revision, sources });

/** A gateway whose document is in a model of KV, with an origin behind it. */
async function bench(t, { vars, ...options } = {}) {
  const store = createStore();
  const opened = await open(t, {
    sources: { fixed: { provider: "audian" } },
    secrets,
    config: store.worker,
    vars: { SCHEMA_REFRESH_SECONDS: 1, ADMIN_TOKEN: TOKEN, ...vars },
    ...options,
  });
  const { gateway, origin } = opened;
  const audian = (more) => ({ provider: "audian", origin: `${origin.url}/hooks`, insecure_origin: true, ...more });
  return {
    ...opened,
    store,
    audian,
    deliver: (name, parts) => opened.deliver(name, { provider: "audian", secret: AUDIAN, ...parts }),
    /** Writes as a person does, past the minute for which KV remembers. */
    write(text) {
      store.set("sources", text);
      store.advance(61);
    },
    news: (code, more) => gateway.waitForLog((line) => line.config === code, { timeout: 20_000, ...more }),
  };
}

/** Tries until it holds: an instance asks KV again when a delivery comes. */
async function until(what, holds) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`never: ${what}`);
}

const accepted = (deliver, name) => async () => (await deliver(name)).status === 200;

test("without a document 503, never 404; with one its sources are there, and the variable's all along", async (t) => {
  const { gateway, deliver, write, news, audian } = await bench(t);
  for (const name of ["calls", "nobody"]) {
    const reply = await send({ url: `${gateway.url}/${name}`, body: Buffer.from("{}") });
    assertRejected(reply, "source_misconfigured");
    assert.match(reply.header("retry-after"), /^[1-9]\d*$/);
  }
  await news("config_absent");
  const line = await gateway.waitForLog((line) => line.code === "source_misconfigured");
  assert.equal(line.source, null, "what may be nobody's is not named");
  assert.equal((await send({ method: "GET", url: `${gateway.url}/healthz` })).status, 200);
  assert.equal((await deliver("fixed")).status, 200);

  write(documentOf(1, { calls: audian(), fixed: audian({ origin: "https://example.com/never" }) }));
  await until("the document is taken up", accepted(deliver, "calls"));
  assert.equal((await news("config_taken")).revision, 1);
  assert.equal((await deliver("fixed")).status, 200, "the variable comes first");
  assertRejected(await send({ url: `${gateway.url}/nobody` }), "source_unknown");
  assertRejected(await deliver("calls", { secret: "wrong" }), "signature_mismatch");
});

test("KV that fails or hangs: a cold instance says 503 in time, a warm one goes on", async (t) => {
  const { gateway, deliver, write, store, news, audian } = await bench(t);
  write(documentOf(1, { calls: audian() }));
  store.hanging = ["get"];
  // Neither waits for what never comes: no answer would be a time-out here.
  const [cold, fixed] = await Promise.all([deliver("calls"), deliver("fixed")]);
  assertRejected(cold, "source_misconfigured");
  assert.equal(fixed.status, 200);
  await news("config_unavailable");
  store.hanging = [];
  await until("KV is asked again", accepted(deliver, "calls"));

  for (const broken of ["failing", "hanging"]) {
    const after = gateway.logs.length;
    store[broken] = ["get"];
    const asked = store.calls.get;
    await until("KV is asked", async () => {
      assert.equal((await deliver("calls")).status, 200);
      return store.calls.get > asked;
    });
    await news("config_unavailable", { after });
    assert.equal((await deliver("calls")).status, 200);
    store[broken] = [];
    await until("it is taken again", async () => {
      assert.equal((await deliver("calls")).status, 200);
      return gateway.logs.slice(after).some(({ config }) => config === "config_taken");
    });
  }
});

test("what is wrong in a new document leaves the last good one in force, and is logged once", async (t) => {
  const { gateway, deliver, write, origin, audian, store } = await bench(t);
  write(documentOf(1, { calls: audian(), other: audian() }));
  await until("the document is taken up", accepted(deliver, "calls"));
  const said = () => gateway.logs.filter(({ config }) => config !== undefined);
  for (const [text, place, reason] of [
    ["{", "", /line 1/],
    [JSON.stringify({ format: 2, revision: 2, sources: {} }), "/format", /format 1/],
    [" ".repeat(1_000_001), "", /longer than/],
  ]) {
    const before = said().length;
    write(text);
    await until(`it is read: ${text.slice(0, 40)}`, async () => {
      assert.equal((await deliver("calls")).status, 200);
      return said().length > before;
    });
    const { config, problems } = said().at(-1);
    assert.equal(config, "config_invalid");
    assert.equal(problems[0][0], place);
    assert.match(problems[0][1], reason);
  }
  const [asked, before] = [store.calls.get, said().length];
  await until("it is read once more", async () => (await deliver("calls"), store.calls.get > asked + 1));
  assert.equal(said().length, before, "said once");

  // A source that is wrong keeps what it had; the others change.
  const moved = `${origin.url}/moved`;
  write(documentOf(2, { calls: audian({ orgin: "canary-value" }), other: audian({ origin: moved }) }));
  const paths = async (name) => {
    const before = origin.requests.length;
    assert.equal((await deliver(name)).status, 200);
    return origin.requests[before].url;
  };
  await until("the others are taken up", async () => (await paths("other")) === "/moved");
  assert.equal(await paths("calls"), "/hooks");
  const { config, revision, problems } = said().at(-1);
  assert.deepEqual([config, revision, problems.map(([place]) => place)], ["config_taken", 2, ["/sources/calls/orgin"]]);
  assert.ok(!gateway.lines.join("\n").includes("canary"));

  write(documentOf(3, { other: audian(), "no-secret": audian() }));
  await until("what is gone is gone", async () => (await deliver("calls")).status === 404);
  assertRejected(await deliver("no-secret"), "source_misconfigured");
  assert.match(said().at(-1).problems[0][1], /secret/);

  write(null);
  await until("it is missed", async () => (await deliver("other"), said().at(-1).config === "config_absent"));
  assert.equal((await deliver("other")).status, 200, "the last one stays in force");
});

test("a delivery under way ends as it began, whatever becomes of its source", async (t) => {
  const { deliver, write, origin, audian } = await bench(t);
  const strong = { store: "durable-object" };
  write(documentOf(1, { calls: audian(strong), other: audian() }));
  await until("the document is taken up", accepted(deliver, "other"));
  const hold = gate();
  const body = newEvent("audian");
  const begun = origin.requests.length;
  origin.answer({ status: 201, after: hold.after });
  const first = deliver("calls", { body });
  await origin.request(begun, 20_000);
  origin.answer({ status: 200 });
  write(documentOf(2, { other: audian() }));
  await until("its source is gone", async () => (await deliver("calls")).status === 404);
  hold.open();
  assert.equal((await first).status, 201);
  write(documentOf(3, { calls: audian(strong) }));
  await until("its source is back", accepted(deliver, "calls"));
  assertDuplicate(await deliver("calls", { body }), 201);
});
