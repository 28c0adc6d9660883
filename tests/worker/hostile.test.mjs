// Deliveries that mean harm. Each gets its clear status; nothing of it is relayed or settled, and the
// gateway judges the next genuine delivery as if nothing had been.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRejected, newEvent, open, send } from "./harness.mjs";
import { createStore } from "./kv-model.mjs";

const LIMIT = 1048576;
const JSON_TYPE = ["content-type", "application/json"];
const deep = Buffer.from("[".repeat(100_000) + "]".repeat(100_000));

const sources = {
  audian: { provider: "audian", schema: "enforce" },
  efficlose: { provider: "efficlose", schema: "enforce" },
  observed: { provider: "efficlose", schema: "observe" },
  attendee: { provider: "attendee", schema: "enforce" },
  callback: { provider: "meeting-baas", scheme: "callback-secret", schema: "enforce" },
  small: { provider: "efficlose", max_body_bytes: 500, schema: "enforce" },
};

async function bench(t) {
  const store = createStore();
  const opened = await open(t, { sources, store: store.worker });
  let genuine = 0;

  /** The gateway still does its work, and only that work left traces. */
  async function unharmed() {
    const reply = await opened.deliver("audian");
    assert.equal(reply.status, 200, `the next genuine delivery got ${reply.status} ${reply.body}`);
    genuine += 1;
    assert.equal(opened.origin.requests.length, genuine);
    assert.equal(store.puts.length, genuine);
  }
  /** Sends, expects the code, and that no harm was done. */
  async function refuses(code, request) {
    const reply = await send(request);
    assertRejected(reply, code);
    await unharmed();
    return reply;
  }
  return { store, unharmed, refuses, accepted: () => (genuine += 1), ...opened };
}

/** An authentic event of Efficlose, padded with a string to exactly this many bytes. */
function padded(bytes) {
  const pad = (length) => newEvent("efficlose", (payload) => (payload.pad = "x".repeat(length)));
  return pad(bytes - pad(0).length);
}

test("bodies over the limit", async (t) => {
  const { delivery, refuses } = await bench(t);
  for (const [source, limit, size] of [
    ["efficlose", LIMIT, 2 * LIMIT],
    ["efficlose", LIMIT, LIMIT + 1],
    ["small", 500, 501],
  ]) {
    const request = delivery(source, { body: padded(size) });
    // Refused by what the head says, and by the first byte too many: the rest is not waited for.
    await refuses("payload_too_large", { ...request, sent: 0 });
    await refuses("payload_too_large", { ...request, chunked: true, sent: limit + 1 });
  }
  await refuses("payload_too_large", delivery("small", { body: padded(501) }));
});

test("a body of exactly the limit is accepted", async (t) => {
  const { delivery, unharmed, accepted } = await bench(t);
  for (const [source, size] of [["efficlose", LIMIT], ["small", 500]]) {
    for (const chunked of [false, true]) {
      const reply = await send({ ...delivery(source, { body: padded(size) }), chunked });
      assert.equal(reply.status, 200, String(reply.body));
      accepted();
    }
  }
  await unharmed();
});

test("authentic bodies that are no JSON, or too deep, where schemas are enforced", async (t) => {
  const { delivery, refuses } = await bench(t);
  const cases = [
    ["payload_not_json", Buffer.alloc(0)],
    ["payload_not_json", Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ["payload_not_json", Buffer.from('{"event":"recording.created","a":"\xed\xa0\x80"}', "latin1")],
    ["payload_not_json", Buffer.from('{"event":"recording.created"} {}')],
    ["payload_too_deep", deep],
    ["duplicate_key", Buffer.from('{"event":"recording.created","data":{"a":1,"\\u0061":2}}')],
    ["event_type_missing", Buffer.from('{"timestamp":"2024-01-15T10:30:00Z"}')],
    ["event_type_missing", Buffer.from("[]")],
  ];
  for (const [code, body] of cases) await refuses(code, delivery("efficlose", { body }));
});

test("the same where schemas are only observed: relayed and marked", async (t) => {
  const { deliver, origin, unharmed, accepted } = await bench(t);
  const cases = [
    ["invalid", Buffer.alloc(0)],
    ["invalid", Buffer.from([0xff, 0xfe])],
    ["invalid", deep],
    // JSON, but of no event: no schema says anything about it.
    ["unknown_event", Buffer.from("[]")],
  ];
  for (const [schema, body] of cases) {
    assert.equal((await deliver("observed", { body })).status, 200);
    accepted();
    const relayed = origin.requests.at(-1);
    assert.equal(relayed.header("x-hookwarden-schema"), schema);
    assert.ok(relayed.body.equals(body));
    await unharmed();
  }
});

test("bodies that cannot be made canonical are refused before the signature can be judged", async (t) => {
  const { gateway, refuses } = await bench(t);
  const unsigned = (body) => ({
    url: `${gateway.url}/attendee`,
    headers: [JSON_TYPE, ["x-webhook-signature", Buffer.alloc(32).toString("base64")]],
    body,
  });
  await refuses("payload_too_deep", unsigned(deep));
  await refuses("payload_not_json", unsigned(Buffer.alloc(0)));
  await refuses("payload_not_json", unsigned(Buffer.from([0x22, 0xff, 0x22])));
  await refuses("duplicate_key", unsigned(Buffer.from('{"a":1,"a":1}')));
  await refuses("signature_mismatch", unsigned(Buffer.from('{"a":1}')));
});

test("signatures that are wrong, or not there", async (t) => {
  const { delivery, refuses } = await bench(t);
  const request = delivery("audian");
  const signature = request.headers.find(([name]) => name.toLowerCase() === "x-audian-signature");
  const others = request.headers.filter((header) => header !== signature);
  await refuses("signature_malformed", { ...request, headers: [...request.headers, signature] });
  await refuses("signature_missing", { ...request, headers: others });
  await refuses("signature_malformed", { ...request, headers: [...others, [signature[0], "\xff\xfe"]] });
  await refuses("signature_malformed", { ...request, headers: [...others, [signature[0], "a".repeat(8000)]] });
  await refuses("signature_mismatch", { ...request, body: newEvent("audian") });

  const token = delivery("callback");
  const header = token.headers.find(([name]) => name.toLowerCase() === "x-mb-secret");
  await refuses("signature_malformed", { ...token, headers: [...token.headers, header] });
});

test("200 headers", async (t) => {
  const { deliver, origin, unharmed, accepted } = await bench(t);
  const headers = Array.from({ length: 200 }, (_, index) => [`x-many-${index}`, `value ${index}`]);
  assert.equal((await deliver("audian", { headers })).status, 200);
  accepted();
  const relayed = await origin.request();
  for (const [name, value] of headers) assert.equal(relayed.header(name), value);
  await unharmed();
});

test("compressed bodies", async (t) => {
  const { delivery, refuses } = await bench(t);
  for (const encoding of ["br", "deflate, gzip", "gzip, gzip", "deflate"]) {
    const reply = await refuses("encoding_unsupported", delivery("audian", { headers: [["content-encoding", encoding]] }));
    assert.equal(reply.header("accept-encoding"), "gzip, identity");
  }
});

test("methods that no delivery has", async (t) => {
  const { gateway, refuses, unharmed } = await bench(t);
  for (const method of ["GET", "OPTIONS", "PUT", "DELETE", "PATCH"]) {
    const reply = await refuses("method_not_allowed", { method, url: `${gateway.url}/audian` });
    assert.equal(reply.header("allow"), "POST", method);
  }
  const other = await refuses("method_not_allowed", { method: "GET", url: `${gateway.url}/callback` });
  assert.deepEqual(other.header("allow").split(/,\s*/).sort(), ["POST", "PUT"]);
  const head = await send({ method: "HEAD", url: `${gateway.url}/audian` });
  assert.equal(head.status, 405);
  assert.equal(head.header("allow"), "POST");
  await unharmed();
});

test("paths that lead to no source", async (t) => {
  const { delivery, gateway, refuses } = await bench(t);
  const { headers, body } = delivery("audian");
  const paths = [
    "/", "/nobody", "/__proto__", "/constructor", "/toString", "/hasOwnProperty", "/audian/", "//audian",
    "/audian/more", "/AUDIAN", "/%61udian", "/audian%2f", "/audian%00", "/audian;a=1", "/..%2faudian",
    "/audian\\", "/-audian", `/${"a".repeat(64)}`,
  ];
  for (const path of paths) await refuses("source_unknown", { url: gateway.url + path, headers, body });
});

test("a query string changes nothing", async (t) => {
  const { delivery, origin, unharmed, accepted } = await bench(t);
  const request = delivery("audian");
  assert.equal((await send({ ...request, url: `${request.url}?source=efficlose` })).status, 200);
  accepted();
  assert.equal((await origin.request()).header("x-hookwarden-source"), "audian");
  await unharmed();
});
