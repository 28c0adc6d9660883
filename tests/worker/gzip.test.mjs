// Bodies with `Content-Encoding: gzip`: the content is what was signed, what is limited and what is relayed.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assertRejected, newEvent, open, send } from "./harness.mjs";

const LIMIT = 20_000;
const sources = { audian: { provider: "audian" }, small: { provider: "audian", max_body_bytes: LIMIT, schema: "off" } };

/** A delivery whose content is signed and whose body is something else. */
function packed(request, body, coding = "gzip") {
  return { ...request, body, headers: [...request.headers, ["content-encoding", coding]] };
}

test("the content is judged, and relayed as it was signed", async (t) => {
  const { delivery, origin } = await open(t, { sources });
  for (const coding of ["gzip", "X-GZIP"]) {
    for (const chunked of [false, true]) {
      origin.clear();
      const content = newEvent("audian");
      const request = packed(delivery("audian", { body: content }), gzipSync(content), coding);
      assert.equal((await send({ ...request, chunked })).status, 200);
      const relayed = await origin.request();
      assert.ok(relayed.body.equals(content));
      assert.equal(relayed.header("content-encoding"), undefined);
      assert.equal(relayed.header("content-length"), String(content.length));
    }
  }
});

test("one event, compressed or not, is one event", async (t) => {
  const { delivery, origin } = await open(t, { sources });
  const content = newEvent("audian");
  const request = delivery("audian", { body: content });
  assert.equal((await send(request)).status, 200);
  const again = await send(packed(request, gzipSync(content)));
  assert.equal(again.header("x-hookwarden-duplicate"), "true");
  assert.equal(origin.requests.length, 1);
});

test("what is no gzip, or not the content that was signed, is refused", async (t) => {
  const { delivery, origin } = await open(t, { sources });
  const content = newEvent("audian");
  const request = delivery("audian", { body: content });
  const zipped = gzipSync(content);
  const damaged = Buffer.from(zipped);
  damaged[damaged.length - 5] ^= 1;
  const bodies = {
    "not compressed": content,
    "empty": Buffer.alloc(0),
    "the head alone": zipped.subarray(0, 10),
    "cut in the middle": zipped.subarray(0, 40),
    "without its last byte": zipped.subarray(0, -1),
    "a wrong checksum": damaged,
    "zeros after the head": Buffer.concat([zipped.subarray(0, 20), Buffer.alloc(50)]),
    "a byte after its end": Buffer.concat([zipped, Buffer.from("x")]),
  };
  for (const [name, body] of Object.entries(bodies)) {
    const reply = await send(packed(request, body));
    assertRejected(reply, "encoding_unsupported", name);
    assert.equal(reply.header("accept-encoding"), "gzip, identity");
  }
  const other = Buffer.concat([content, Buffer.from(" ")]);
  assertRejected(await send(packed(request, gzipSync(other))), "signature_mismatch");
  assert.equal(origin.requests.length, 0);
  assert.equal((await send(packed(request, zipped))).status, 200);
});

test("a small body with a large content ends at the limit", async (t) => {
  const { delivery, deliver, origin } = await open(t, { sources });
  const content = (length) => Buffer.from(JSON.stringify({ pad: "x".repeat(length - '{"pad":""}'.length) }));
  const exact = content(LIMIT);
  assert.equal((await send(packed(delivery("small", { body: exact }), gzipSync(exact)))).status, 200);
  const longer = content(LIMIT + 1);
  assertRejected(await send(packed(delivery("small", { body: longer }), gzipSync(longer))), "payload_too_large");
  // An isolate of 128 MB could not hold it.
  const bomb = gzipSync(Buffer.alloc(300_000_000), { level: 9 });
  assert.ok(bomb.length < 1_048_576);
  for (let times = 0; times < 3; times += 1) assertRejected(await send(packed(delivery("audian"), bomb)), "payload_too_large");
  assert.equal((await deliver("audian")).status, 200);
  assert.equal(origin.requests.length, 2);
});

test("what is said to be signed compressed is refused", async (t) => {
  const definition = {
    name: "toy", title: "Toy", docs: "https://example.com", event: { type: ["/type"] },
    schemes: [{
      name: "s", algorithm: "hmac-sha256", encoding: "hex", signed_content: "{body}", headers: [{ signature: "x-toy" }],
      compressed: "signed_as_sent",
    }],
  };
  const { gateway } = await open(t, { sources: { toy: { definition } }, secrets: { TOY_SECRET: "hunter2" } });
  const post = (body, headers) => {
    const signature = createHmac("sha256", "hunter2").update(body).digest("hex");
    return send({ url: `${gateway.url}/toy`, headers: [["x-toy", signature], ...headers], body });
  };
  const content = Buffer.from('{"type":"a"}');
  assertRejected(await post(gzipSync(content), [["content-encoding", "gzip"]]), "encoding_unsupported");
  assert.equal((await post(content, [])).status, 200);
});
