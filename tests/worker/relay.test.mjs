import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { start } from "../../scripts/origin.mjs";
import { newEvent, open, secretOf, send } from "./harness.mjs";

const sources = {
  efficlose: { provider: "efficlose" },
  audian: { provider: "audian" },
  callback: { provider: "meeting-baas", scheme: "callback-secret" },
  "api-key": { provider: "meeting-baas", scheme: "api-key" },
};

const bench = (t, more = {}) => open(t, { sources, ...more });

test("the body reaches the origin byte for byte, whatever the bytes are", async (t) => {
  const { deliver, origin } = await bench(t);
  const bodies = [
    Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    Buffer.from('\uFEFF{"event":"recording.created" ,\r\n "a":1.0, "a":1e2}\n', "utf8"),
    newEvent("efficlose"),
  ];
  for (const body of bodies) {
    origin.clear();
    assert.equal((await deliver("efficlose", { body })).status, 200);
    const relayed = await origin.request();
    assert.ok(relayed.body.equals(body), `sent ${body.toString("hex")}, got ${relayed.body.toString("hex")}`);
    assert.equal(relayed.url, "/hooks");
    assert.equal(relayed.method, "POST");
  }
});

test("credentials are not relayed, in any spelling", async (t) => {
  const { deliver, origin } = await bench(t);
  const secrets = { callback: "callback-secret", "api-key": "api-key" };
  for (const [source, scheme] of Object.entries(secrets)) {
    origin.clear();
    const secret = secretOf("meeting-baas", scheme);
    const headers = [["x_mb_secret", secret], ["X_Meeting-Baas_API-Key", secret], ["x-spoke-api-key", secret]];
    assert.equal((await deliver(source, { headers })).status, 200);
    const relayed = await origin.request();
    const leaked = relayed.headers.filter(([, value]) => value.includes(secret));
    assert.deepEqual(leaked, []);
  }
});

test("hop-by-hop headers end at the gateway, the others pass", async (t) => {
  const { deliver, origin } = await bench(t);
  const hops = [
    ["keep-alive", "timeout=5"],
    ["te", "trailers"],
    ["proxy-authorization", "Basic Zm9v"],
    ["proxy-connection", "keep-alive"],
  ];
  const passed = [
    ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["user-agent", "AudianWebhook/1.0"],
    ["x-audian-delivery-id", "delv_1"],
    ["authorization", "Basic Zm9v"],
  ];
  assert.equal((await deliver("audian", { headers: [...hops, ...passed] })).status, 200);
  const relayed = await origin.request();
  for (const [name] of hops) assert.equal(relayed.header(name), undefined, name);
  for (const [name, value] of passed) assert.equal(relayed.header(name), value, name);
  assert.equal(relayed.header("content-type"), "application/json");
  assert.equal(relayed.header("host"), `127.0.0.1:${origin.port}`);
});

test("a content type with parameters is kept as it came", async (t) => {
  const { delivery, origin } = await bench(t);
  const request = delivery("audian");
  request.headers[0] = ["Content-Type", "application/JSON; charset=UTF-8"];
  assert.equal((await send(request)).status, 200);
  assert.equal((await origin.request()).header("content-type"), "application/JSON; charset=UTF-8");
});

test("the origin is told what was judged, and nobody else can say it", async (t) => {
  const { deliver, origin } = await bench(t);
  const body = newEvent("audian");
  const names = [
    "source", "provider", "event", "event-id", "schema", "key", "attempt", "original-webhook-id", "future",
  ];
  const forged = names.flatMap((name) => [
    [`X-Hookwarden-${name}`, "forged"],
    [`x_hookwarden_${name.replaceAll("-", "_")}`, "forged"],
    [`x-hookwarden_${name}`, "forged"],
  ]);
  assert.equal((await deliver("audian", { body, headers: forged })).status, 200);
  const relayed = await origin.request();
  assert.deepEqual(relayed.headers.filter(([, value]) => value.includes("forged")), []);
  const { id, event } = JSON.parse(body);
  assert.equal(relayed.header("x-hookwarden-source"), "audian");
  assert.equal(relayed.header("x-hookwarden-provider"), "audian");
  assert.equal(relayed.header("x-hookwarden-event"), event);
  assert.equal(relayed.header("x-hookwarden-event-id"), id);
  assert.equal(relayed.header("x-hookwarden-schema"), "valid");
  assert.match(relayed.header("x-hookwarden-key"), /^[0-9a-f]{64}$/);
});

test("an event id with CR, LF and NUL is percent-encoded, not an error", async (t) => {
  const { deliver, origin, log } = await bench(t);
  const body = newEvent("audian", (payload) => (payload.id = "evt_1\r\nx-evil: 1\0é"));
  assert.equal((await deliver("audian", { body })).status, 200);
  const relayed = await origin.request();
  const encoded = "evt_1%0D%0Ax-evil:%201%00%C3%A9";
  assert.equal(relayed.header("x-hookwarden-event-id"), encoded);
  assert.equal(relayed.header("x-evil"), undefined);
  assert.equal((await log((line) => line.source === "audian")).event_id, encoded);
});

test("an endless event id is cut", async (t) => {
  const { deliver, origin } = await bench(t);
  const body = newEvent("audian", (payload) => (payload.id = "e".repeat(5000)));
  assert.equal((await deliver("audian", { body })).status, 200);
  const id = (await origin.request()).header("x-hookwarden-event-id");
  assert.ok(id.length > 0 && id.length <= 256, `${id.length} bytes`);
});

test("PUT is relayed as PUT", async (t) => {
  const { deliver, origin } = await bench(t);
  assert.equal((await deliver("callback", { method: "PUT" })).status, 200);
  assert.equal((await origin.request()).method, "PUT");
});

test("the sender gets the origin's status, headers and body", async (t) => {
  const { deliver, origin } = await bench(t);
  for (const status of [200, 202, 400, 404, 409, 500, 503]) {
    const body = Buffer.from([0xff, 0x00, 0x80, status & 0xff]);
    const headers = { "content-type": "application/x-thing", "x-trace": "abc", "set-cookie": ["a=1", "b=2"] };
    origin.next({ status, headers, body });
    const reply = await deliver("audian");
    assert.equal(reply.status, status);
    assert.equal(reply.header("content-type"), "application/x-thing");
    assert.equal(reply.header("x-trace"), "abc");
    assert.deepEqual(reply.header("set-cookie"), ["a=1", "b=2"]);
    assert.ok(reply.body.equals(body));
  }
  const large = Buffer.alloc(5 * 1024 * 1024, "large ");
  origin.next({ body: large });
  assert.ok((await deliver("audian")).body.equals(large));
  origin.next({ status: 204 });
  const empty = await deliver("audian");
  assert.equal(empty.status, 204);
  assert.equal(empty.body.length, 0);
});

test("a compressed answer reaches the sender as the origin meant it", async (t) => {
  const { deliver, origin } = await bench(t);
  const body = gzipSync("what the origin says");
  origin.next({ headers: { "content-encoding": "gzip", "content-type": "text/plain" }, body });
  const reply = await deliver("audian", { headers: [["accept-encoding", "gzip"]] });
  assert.equal(reply.status, 200);
  const plain = reply.header("content-encoding") === "gzip" ? gunzipSync(reply.body) : reply.body;
  assert.equal(String(plain), "what the origin says");
});

test("routes send events elsewhere, or drop them with a 202", async (t) => {
  const elsewhere = await start();
  t.after(() => elsewhere.stop());
  const routes = { "call.ringing": "drop", "call.*": `${elsewhere.url}/calls` };
  const { deliver, origin } = await bench(t, { sources: { audian: { provider: "audian", routes } } });
  const event = (name) => deliver("audian", { body: newEvent("audian", undefined, name) });

  assert.equal((await event("call.answered")).status, 200);
  assert.equal((await elsewhere.request()).url, "/calls");
  assert.equal((await event("recording.completed")).status, 200);
  assert.equal((await origin.request()).url, "/hooks");
  assert.equal((await event("call.ringing")).status, 202);
  assert.equal(elsewhere.requests.length + origin.requests.length, 2);
});
