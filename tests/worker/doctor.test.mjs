// `hookwarden doctor` against a gateway in workerd: all is well, and each thing that can be wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cli } from "../npm/cli-program.mjs";
import { everySource, open, secretName, secretOf } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const TOKEN = "canary admin token";
const AUDIAN = secretOf("audian");

/** A gateway, and `doctor` that asks it: `{ status, out, checks, of(what) }`. */
async function bench(t, { vars = { ADMIN_TOKEN: TOKEN }, ...options } = {}) {
  const opened = await open(t, { sources: { audian: { provider: "audian" } }, vars, ...options });
  const doctor = async (env, ...args) => {
    const all = { HOOKWARDEN_TOKEN: TOKEN, ...env };
    const { status, out, err } = await cli(["doctor", "--gateway", opened.gateway.url, ...args], { env: all });
    assert.equal(err, "");
    for (const secret of Object.values(all).filter((value) => value !== "")) {
      assert.ok(!out.includes(secret), "a secret is in the output");
    }
    if (args.includes("--no-json")) return { status, out };
    const { ok, checks } = JSON.parse(out);
    assert.equal(ok, status === 0);
    const failed = checks.filter(({ state }) => state === "failed");
    assert.equal(failed.length > 0, status === 1, out);
    return { status, checks, failed, of: (what) => checks.find((check) => check.what === what) };
  };
  return { ...opened, doctor };
}

test("a gateway that is well: nothing is sent to an origin unless that is asked for", async (t) => {
  const every = everySource();
  const sources = Object.fromEntries(
    every.map(({ source, provider, scheme }) => {
      return [source, { provider, scheme, store: "durable-object" }];
    }),
  );
  const { doctor, origin } = await bench(t, { sources, prefix: "/hooks/" });
  const env = Object.fromEntries(every.map(({ source, secret }) => [secretName(source), secret]));

  const { status, checks, of } = await doctor(env);
  assert.equal(status, 0, JSON.stringify(checks.filter(({ state }) => state !== "ok")));
  assert.equal(origin.requests.length, 0);
  for (const { source } of every) {
    for (const what of ["settings", "address", "signature", "tampered"]) {
      assert.equal(of(`${source}: ${what}`).state, "ok", `${source} ${what}`);
    }
    assert.equal(of(`${source}: relay`).state, "skipped");
  }
  assert.equal(of("audian: replayed after a week").state, "ok");
  assert.equal(of("efficlose: replayed after a week").state, "skipped");
  for (const what of [
    "reachable",
    "version",
    "wrong admin token",
    "admin token",
    "clock",
    "binding EVENTS",
    "binding DEDUPE",
  ]) {
    assert.equal(of(what).state, "ok", what);
  }

  const delivered = await doctor(env, "--deliver");
  assert.equal(delivered.status, 0, JSON.stringify(delivered.failed));
  assert.equal(origin.requests.length, every.length, "each origin got one event, once");
  for (const { source } of every) {
    assert.equal(delivered.of(`${source}: relay`).state, "ok");
    assert.equal(delivered.of(`${source}: duplicate`).state, "ok");
  }
  const again = await doctor({ AUDIAN_SECRET: AUDIAN }, "--source", "audian", "--deliver", "--no-json");
  assert.equal(again.status, 0, "a second run is a new event");
  assert.match(again.out, /ok +audian: relay +the sender is answered 200\n/);
  assert.match(again.out, /\n\d+ ok, 0 warnings, 0 failed, \d+ skipped\n$/);
});

test("what is wrong with a source is named, with what to do", async (t) => {
  const { doctor, origin, gateway } = await bench(t, {
    sources: {
      audian: { provider: "audian" },
      broken: { provider: "audian", orgin: "x" },
      "no-secret": { provider: "audian" },
      strict: { provider: "audian", schemas: { "*": false } },
    },
    secrets: { BROKEN_SECRET: AUDIAN, STRICT_SECRET: AUDIAN, NO_SECRET_SECRET: undefined },
  });
  const { status, of } = await doctor({ AUDIAN_SECRET: "canary, the wrong secret", STRICT_SECRET: AUDIAN });
  assert.equal(status, 1);
  assert.match(of("audian: signature").detail, /signature_mismatch/);
  assert.match(of("audian: signature").remedy, /wrangler secret put/);
  assert.match(of("broken: settings").detail, /\/sources\/broken\/orgin: this key is unknown/);
  assert.match(of("no-secret: settings").detail, /secret_missing/);
  assert.match(of("no-secret: settings").remedy, /wrangler secret put NO_SECRET_SECRET/);
  assert.deepEqual([of("strict: signature").state, of("strict: payload").state], ["ok", "warning"]);
  assert.equal(of("strict: tampered").state, "ok");

  const unknown = await doctor({}, "--source", "nobody");
  assert.deepEqual(
    unknown.failed.map(({ what }) => what),
    ["source nobody"],
  );
  const several = await cli(["doctor", "--gateway", gateway.url, "--secret", "canary"], {
    env: { HOOKWARDEN_TOKEN: TOKEN },
  });
  assert.equal(several.status, 2, "whose secret is it?");
  assert.ok(several.err.includes("usage_invalid") && !several.err.includes("canary"));

  await origin.stop();
  const down = await doctor({ AUDIAN_SECRET: AUDIAN }, "--source", "audian", "--deliver");
  assert.deepEqual(
    down.failed.map(({ what }) => what),
    ["audian: relay"],
  );
  assert.match(down.of("audian: relay").detail, /origin_unreachable/);
});

test("a source with a provider of one's own is signed for, too", async (t) => {
  const definition = {
    ...{ name: "acme", title: "Acme", docs: "https://acme.example", event: { type: ["/type"], id: ["/id"] } },
    schemes: [
      {
        ...{ name: "hmac", algorithm: "hmac-sha256", encoding: "hex", signed_content: "{timestamp}.{body}" },
        ...{ tolerance_seconds: 300, headers: [{ signature: "x-acme-signature", timestamp: "x-acme-time" }] },
      },
    ],
  };
  const { doctor, origin } = await bench(t, { sources: { acme: { definition } }, secrets: { ACME_SECRET: AUDIAN } });
  const { status, of, failed } = await doctor({ ACME_SECRET: AUDIAN }, "--deliver");
  assert.equal(status, 0, JSON.stringify(failed));
  const whats = ["signature", "tampered", "replayed after a week", "relay", "duplicate"];
  for (const what of whats) assert.equal(of(`acme: ${what}`).state, "ok", what);
  assert.equal(origin.requests.length, 1);
});

test("what is wrong with a gateway is named: API, token, stores, clock, address", async (t) => {
  const bare = await bench(t, { vars: {} });
  const absent = await bare.doctor({});
  assert.deepEqual(
    absent.failed.map(({ what }) => what),
    ["admin API"],
  );

  const store = createStore();
  const { doctor } = await bench(t, { store: store.worker, clock: { base: Date.now() - 1e9, speed: 1.0001 } });
  const wrong = await doctor({ HOOKWARDEN_TOKEN: "canary, another token" });
  assert.deepEqual(
    wrong.failed.map(({ what }) => what),
    ["admin token"],
  );
  assert.equal((await doctor({ HOOKWARDEN_TOKEN: "" })).of("admin token").state, "skipped");
  store.failing = ["get"];
  const failing = await doctor({});
  assert.deepEqual(failing.failed.map(({ what }) => what).sort(), ["binding DEDUPE", "clock"]);
  // A hundred seconds, less what the answer took on its way.
  assert.ok(parseFloat(failing.of("clock").detail) > 60, failing.of("clock").detail);

  const nobody = await cli(["doctor", "--gateway", "http://127.0.0.1:1"], {});
  assert.equal(nobody.status, 1);
  assert.equal(JSON.parse(nobody.out).checks[0].what, "reachable");
  const { status, err } = await cli(["doctor", "--gateway", "ftp://a"], {});
  assert.equal(status, 2);
  assert.match(err, /usage_invalid/);
});

test("rehearsals leave no trace: no log line, no relay, no claim; and want the token", async (t) => {
  const { doctor, gateway, origin } = await bench(t);
  await doctor({ AUDIAN_SECRET: AUDIAN }, "--source", "audian");
  assert.equal(origin.requests.length, 0);
  await gateway.waitForLog((line) => line.code === "signature_missing");
  // The one line is that of the unsigned request to the public address.
  assert.deepEqual(
    gateway.logs.map(({ code }) => code),
    ["signature_missing"],
  );
  const url = `${gateway.url}/_hookwarden/api/sources/audian/rehearse`;
  const ask = (body, token) => fetch(url, { method: "POST", body, headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask("{}", "canary, another token")).status, 401);
  for (const body of ["", "[]", '{"method":"POST"}', '{"method":"POST","headers":[],"body_base64":"%"}']) {
    assert.equal((await ask(body, TOKEN)).status, 400, body);
  }
});
