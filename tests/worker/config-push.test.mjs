// The document of sources as it is pushed: checked by the gateway that will read it, one revision after the other. With
// the command-line tool that the npm package ships.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cli, file } from "../npm/cli-program.mjs";
import { assertRejected, newEvent, open, secretOf } from "./harness.mjs";

const TOKEN = "an admin token for tests";
const AUDIAN = secretOf("audian");

async function bench(t, options = {}) {
  const opened = await open(t, {
    sources: { fixed: { provider: "audian" } },
    secrets: { CALLS_SECRET: AUDIAN, FIXED_SECRET: AUDIAN, OTHER_SECRET: AUDIAN },
    config: "simulator",
    vars: { SCHEMA_REFRESH_SECONDS: 1, ADMIN_TOKEN: TOKEN },
    ...options,
  });
  const { gateway, origin } = opened;
  const audian = { provider: "audian", origin: `${origin.url}/hooks`, insecure_origin: true };
  const run = (...args) => cli(["config", ...args, "--gateway", gateway.url], { env: { HOOKWARDEN_TOKEN: TOKEN } });
  return {
    ...opened,
    audian,
    deliver: (name, parts) => opened.deliver(name, { provider: "audian", secret: AUDIAN, ...parts }),
    run,
    /** Pushes a document and gives what the tool prints as JSON, with its exit status. */
    async push(document, action = "push") {
      const text = typeof document === "string" ? document : JSON.stringify(document);
      const { status, out, err } = await run(action, file("sources.json", text));
      assert.equal(err, "");
      return { status, ...JSON.parse(out) };
    },
    async api(method, path, body, token = TOKEN) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${gateway.url}/_hookwarden/api/config${path}`, { method, headers, body });
      return { status: response.status, text: await response.text() };
    },
  };
}

async function until(what, holds) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`never: ${what}`);
}

test("a document is pushed, taken up, shown, and pulled byte for byte", async (t) => {
  const { deliver, push, run, audian, api } = await bench(t);
  const none = await run("pull");
  assert.equal(none.status, 2);
  assert.match(none.err, /no document yet/);

  // Not as JSON.stringify would write it, with a number that JavaScript could not keep.
  const schemas = '{"call.completed": {"properties": {"data": {"properties": {"n": {"maximum": 9007199254740993}}}}}}';
  const source = `{ "schemas": ${schemas},  ${JSON.stringify(audian).slice(1)}`;
  const text = `{\n  "format": 1, "revision": 1,\n  "sources": { "calls": ${source}, "fixed": ${source} }\n}\n`;
  const pushed = await push(text);
  assert.deepEqual([pushed.status, pushed.pushed, pushed.revision, pushed.in_variable], [0, true, 1, ["fixed"]]);
  await until("it is taken up", async () => (await deliver("calls")).status === 200);
  assert.equal((await run("pull")).out, text);

  const event = (n) => newEvent("audian", (payload) => (payload.data.n = n), "call.completed");
  const number = (text) => Buffer.from(String(event(0)).replace('"n":0', `"n":${text}`));
  assert.equal((await deliver("calls", { body: number("9007199254740993") })).status, 200);
  assertRejected(await deliver("calls", { body: number("9007199254740994") }), "schema_violation");

  const shown = await run("show", "--no-json");
  assert.equal(shown.status, 0);
  assert.match(shown.out, /^revision 1\n[^]*calls +audian +- +kv +direct +http/m);
  assert.equal((await api("GET", "", undefined, "a wrong token, but long")).status, 401);
  assert.equal((await api("PUT", "", text, "a wrong token, but long")).status, 401);
  assert.equal((await api("DELETE", "")).status, 404);
});

test("what is wrong is refused with its place, and changes nothing", async (t) => {
  const { push, run, audian, deliver, api } = await bench(t);
  assert.equal((await push({ format: 1, revision: 1, sources: { calls: audian } })).status, 0);
  const second = (sources) => ({ format: 1, revision: 2, sources });
  for (const [document, ...places] of [
    ["{", ""],
    [{ revision: 2, sources: {} }, "/format"],
    [second({ calls: { ...audian, orgin: "canary-value" } }), "/sources/calls/orgin"],
    [second({ calls: { ...audian, definition: { name: "Canary" } } }), "/sources/calls/provider"],
    [
      second({ other: { ...audian, dedupe: 1 }, calls: { ...audian, origin: "canary" } }),
      "/sources/calls",
      "/sources/other/dedupe",
    ],
    [second({ "no-secret": audian }), "/sources/no-secret"],
    [second({ relay: audian }), "/sources/relay"],
    [`${" ".repeat(1_000_001)}{}`, ""],
  ]) {
    for (const action of ["check", "push"]) {
      const { status, pushed, problems } = await push(document, action);
      assert.deepEqual([status, pushed, problems.map(({ place }) => place)], [1, false, places]);
      assert.ok(
        problems.every(({ reason }) => reason.length > 5 && !reason.includes("canary")),
        JSON.stringify(problems),
      );
    }
  }
  const { out } = await run("check", file("sources.json", JSON.stringify(second({ relay: audian }))), "--no-json");
  assert.match(out, /sources\.json: \/sources\/relay: the name is reserved/);
  assert.equal(JSON.parse((await api("GET", "")).text).revision, 1);
  await until("the first is in force", async () => (await deliver("calls")).status === 200);
});

test("each revision follows on the one before; the same document twice is no conflict", async (t) => {
  const { push, audian, api, gateway } = await bench(t);
  const revision = (number, sources = { calls: audian }) => ({ format: 1, revision: number, sources });
  assert.equal((await push(revision(7))).status, 0, "the first may have any");
  assert.equal((await push(revision(7))).status, 0);
  const other = { other: audian };
  for (const wrong of [6, 7, 9]) {
    const { status, pushed, conflict } = await push(revision(wrong, other));
    assert.deepEqual([status, pushed], [1, false], `${wrong}`);
    assert.match(conflict, /has revision 7: the next one is 8/);
  }
  // Of several at once one wins.
  const texts = ["a", "b", "c", "d"].map((name) =>
    JSON.stringify(revision(8, { calls: audian, other: { ...audian, routes: { [name]: "drop" } } })),
  );
  const answers = await Promise.all(texts.map((text) => api("PUT", "", text)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.ok(answers.every(({ status }) => [200, 409, 503].includes(status)));
  const winner = texts[answers.findIndex(({ status }) => status === 200)];
  assert.equal((await api("GET", "")).text, winner);
  // What somebody has put into KV since counts as well.
  const byHand = JSON.stringify(revision(12));
  await (await gateway.kv("CONFIG")).put("sources", byHand);
  assert.equal((await api("GET", "")).text, byHand);
  assert.equal((await push(revision(13, other))).status, 0);
});

test("an instance that only replays reads the document, too", async (t) => {
  const { push, audian, deliver, gateway, origin } = await bench(t, { isolates: 2 });
  await push({ format: 1, revision: 1, sources: { calls: { ...audian, schema: "enforce" } } });
  const body = newEvent("audian", (payload) => (payload.data = 7));
  await until("it is taken up", async () => (await deliver("calls", { body })).status === 422);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const replay = async () => {
    const url = `${gateway.urls[1]}/_hookwarden/api/replay?source=calls`;
    return (await (await fetch(url, { method: "POST", headers })).json()).replayed;
  };
  let replayed = [];
  await until("the dead letter is there", async () => (replayed = await replay()).length > 0);
  assert.deepEqual([replayed[0].outcome, origin.requests.length], ["delivered", 1]);
});

test("a gateway without the namespace says so", async (t) => {
  const { run } = await bench(t, { config: undefined });
  const { status, err } = await run("push", file("sources.json", "{}"));
  assert.equal(status, 2);
  assert.match(err, /no KV namespace bound as CONFIG/);
});
