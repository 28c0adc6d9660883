import assert from "node:assert/strict";
import { test } from "node:test";
import { everySource, newEvent, open, secretOf, send } from "./harness.mjs";

const required = [
  "source", "provider", "verdict", "code", "event_type", "event_id", "schema", "duplicate", "secret",
  "origin_status", "body_ms", "store_ms", "origin_ms",
];

test("one JSON line per delivery, with the fields of the contract", async (t) => {
  const { deliver, gateway, origin } = await open(t, {
    sources: { audian: { provider: "audian", schema: "enforce" } },
  });
  const body = newEvent("audian");
  const { id, event } = JSON.parse(body);
  const broken = newEvent("audian", (payload) => (payload.data = 7));
  const accepted = {
    source: "audian", provider: "audian", verdict: "accepted", code: null, event_type: event,
    event_id: id, schema: "valid", duplicate: false, secret: 0, origin_status: 200,
  };
  const unjudged = { event_type: null, event_id: null, schema: null, secret: null, origin_status: null };
  const cases = [
    [{ body }, accepted],
    [{ body }, { ...accepted, duplicate: true, origin_status: null }],
    [{ sent: newEvent("audian") }, { ...accepted, verdict: "rejected", code: "signature_mismatch", ...unjudged }],
    [
      { body: broken },
      {
        ...accepted, verdict: "rejected", code: "schema_violation", schema: "invalid",
        event_id: JSON.parse(broken).id, origin_status: null,
      },
    ],
  ];
  for (const [index, [parts, expected]] of cases.entries()) {
    await deliver("audian", parts);
    await gateway.waitForLog(() => gateway.logs.length > index);
    assert.equal(gateway.logs.length, index + 1, gateway.lines.join("\n"));
    const line = gateway.logs[index];
    for (const field of required) assert.ok(field in line, `${field} is missing in ${JSON.stringify(line)}`);
    const { body_ms, store_ms, origin_ms, note, ...rest } = line;
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, rest[key]])), expected);
    for (const time of [body_ms, store_ms, origin_ms]) {
      assert.ok(time === null || (Number.isFinite(time) && time >= 0), JSON.stringify(line));
    }
  }
  assert.equal(origin.requests.length, 1);
  assert.equal(gateway.lines.length, gateway.logs.length, "nothing else is printed");
});

test("a request for no source is logged too, without what was asked for", async (t) => {
  const { gateway } = await open(t, { sources: { audian: { provider: "audian" } } });
  await send({ url: `${gateway.url}/canary-path?canary-query` });
  const line = await gateway.waitForLog((line) => line.code === "source_unknown");
  assert.equal(line.source, null);
  assert.ok(!gateway.lines.join("\n").includes("canary"));
});

test("no log line and no rejection holds a secret, a signature or a value of a payload", async (t) => {
  const all = everySource();
  const sources = {};
  for (const { source, provider, scheme } of all) {
    sources[source] = { provider, scheme, schema: "enforce" };
    sources[`${source}-observe`] = { provider, scheme };
  }
  const { gateway, deliver, origin } = await open(t, { sources });
  const seen = [];
  const notJson = Buffer.from('{"canary-value": "canary-value", ');
  const secretTexts = all.map(({ secret }) => secret);

  for (const { source, provider, scheme } of all) {
    const planted = (change) =>
      newEvent(provider, (payload) => {
        payload.canary_name = "canary-value";
        payload.data ??= {};
        payload.data.canary_name = { canary_inner: "canary-value" };
        change?.(payload);
      });
    const secret = secretOf(provider, scheme);
    const typeMissing = planted((payload) => {
      for (const key of ["event", "trigger", "type"]) delete payload[key];
    });
    const attempts = [
      { body: planted() },
      { body: planted((payload) => (payload.data = "canary-value")) },
      { body: planted((payload) => (payload.data = [{ canary_name: ["canary-value"] }])) },
      { body: typeMissing },
      // No JSON; signed as it is where the scheme can.
      { body: provider === "attendee" ? planted() : notJson, sent: notJson },
      { body: planted(), sent: planted() },
      { body: planted(), secret: wrong(secret) },
      { body: planted(), headers: [["x-canary", "canary-value"], ["x-mb-secret", "canary-value"]] },
    ];
    for (const parts of attempts) {
      for (const name of [source, `${source}-observe`]) seen.push(await deliver(name, parts));
    }
    origin.next({ status: 500, body: "canary-value" });
    await deliver(source, { body: planted() });
    origin.next({ fail: "close" });
    seen.push(await deliver(source, { body: planted() }));
  }
  await gateway.waitForLog(() => gateway.logs.length >= all.length * 18);

  const signatures = origin.requests
    .flatMap((request) => request.headers)
    .filter(([name]) => /signature|token$/i.test(name))
    .map(([, value]) => value.replace(/^(sha256=|v1,)/, ""));
  assert.ok(signatures.length > 0);
  const lines = gateway.lines.join("\n");
  const rejections = seen
    .filter((reply) => reply.header("content-type") === "application/problem+json")
    .map((reply) => String(reply.body))
    .join("\n");
  const forbidden = ["canary", ...secretTexts, ...secretTexts.map(wrong), ...signatures];
  for (const [where, text] of [["log", lines], ["rejections", rejections]]) {
    for (const word of forbidden) {
      const at = text.indexOf(word);
      assert.equal(at, -1, `the ${where} has ${word}: …${text.slice(Math.max(0, at - 200), at + 100)}…`);
    }
  }
});

/** Another secret of the same form. */
function wrong(secret) {
  const at = secret.length - 8;
  return secret.slice(0, at) + (secret[at] === "a" ? "b" : "a") + secret.slice(at + 1);
}
