// What the scheme language asks of the Worker itself: definitions in its configuration, URLs, GET, handshakes, public keys.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { assertDuplicate, assertRejected, open, send } from "./harness.mjs";

const SECRET = "hunter2 and more";
const hmac = (algorithm, text, encoding) => createHmac(algorithm, SECRET).update(text).digest(encoding);

const toy = (scheme, more) => ({
  name: "toy", title: "Toy", docs: "https://example.com", event: { type: ["/type"] },
  schemes: [{ name: "s", encoding: "hex", signed_content: "{body}", headers: [{ signature: "x-toy" }], ...scheme }],
  ...more,
});

test("a provider of one's own, from the configuration", async (t) => {
  const definition = toy({ algorithm: "hmac-sha512" });
  const sources = { toy: { definition }, broken: { definition: toy({ algorithm: "hmac-sha512", signed_content: "{id}" }) } };
  const secrets = { TOY_SECRET: SECRET, BROKEN_SECRET: SECRET };
  const { gateway, origin } = await open(t, { sources, secrets });
  const body = '{"type":"a"}';
  const post = (source, signature) =>
    send({ url: `${gateway.url}/${source}`, headers: [["x-toy", signature]], body: Buffer.from(body) });
  assert.equal((await post("toy", hmac("sha512", body, "hex"))).status, 200);
  const relayed = await origin.request();
  assert.equal(relayed.header("x-hookwarden-provider"), "toy");
  assert.equal(relayed.header("x-hookwarden-event"), "a");
  assertRejected(await post("toy", hmac("sha512", "{}", "hex")), "signature_mismatch");
  assertRejected(await post("toy", hmac("sha256", body, "hex")), "signature_malformed");
  assertRejected(await post("broken", "00"), "source_misconfigured");
});

test("long bodies, which the runtime hashes", async (t) => {
  const hashes = ["sha1", "sha256", "sha512"];
  const sources = Object.fromEntries(hashes.map((hash) => [hash, { definition: toy({ algorithm: `hmac-${hash}` }) }]));
  const secrets = Object.fromEntries(hashes.map((hash) => [`${hash.toUpperCase()}_SECRET`, SECRET]));
  const { gateway, origin } = await open(t, { sources, secrets });
  for (const hash of hashes) {
    for (const length of [4095, 4096, 4097, 300_000]) {
      const body = JSON.stringify({ type: "a", pad: "x".repeat(length - '{"type":"a","pad":""}'.length) });
      const post = (signed) =>
        send({ url: `${gateway.url}/${hash}`, headers: [["x-toy", hmac(hash, signed, "hex")]], body: Buffer.from(body) });
      assertRejected(await post(body.replace("x", "y")), "signature_mismatch");
      assert.equal((await post(body)).status, 200);
      assert.equal(origin.requests.at(-1).body.toString(), body);
      // The key is that of the same bytes, too.
      assertDuplicate(await post(body));
    }
  }
});

test("Twilio's GET is relayed with what it says, and each is an event of its own", async (t) => {
  const url = "https://example.com/twilio";
  const sources = { twilio: { provider: "twilio", scheme: "form", url }, urlless: { provider: "twilio", scheme: "form" } };
  const secrets = { TWILIO_SECRET: SECRET, URLLESS_SECRET: SECRET };
  const { gateway, origin } = await open(t, { sources, secrets });
  const get = (query, signed = query, source = "twilio") =>
    send({
      method: "GET",
      url: `${gateway.url}/${source}${query}`,
      headers: [["x-twilio-signature", hmac("sha1", url + signed, "base64")]],
    });
  for (const status of ["queued", "sent"]) {
    origin.clear();
    assert.equal((await get(`?MessageStatus=${status}&To=%2B1`)).status, 200);
    const relayed = await origin.request();
    assert.equal(relayed.url, `/hooks?MessageStatus=${status}&To=%2B1`);
    assert.equal(relayed.method, "GET");
  }
  assertDuplicate(await get("?MessageStatus=sent&To=%2B1"));
  assertRejected(await get("?MessageStatus=read&To=%2B1", "?MessageStatus=sent&To=%2B1"), "signature_mismatch");
  assertRejected(await get("?a=b", "?a=b", "urlless"), "source_misconfigured");
});

test("handshakes are answered and not relayed", async (t) => {
  const asks = { method: "GET", unsigned: true, when: { "?mode": "subscribe" }, token: "?token", challenge: "?challenge" };
  const definition = toy({ algorithm: "hmac-sha256" }, { handshakes: [{ ...asks, reply: "{challenge}" }] });
  const sources = { slack: { provider: "slack" }, toy: { definition }, tokenless: { definition } };
  const secrets = { SLACK_SECRET: SECRET, TOY_SECRET: SECRET, TOKENLESS_SECRET: SECRET, TOY_HANDSHAKE_TOKEN: "chosen" };
  const { gateway, origin } = await open(t, { sources, secrets });

  const body = '{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV"}';
  const slack = (signed) => {
    const now = Math.floor(Date.now() / 1000);
    const signature = `v0=${hmac("sha256", `v0:${now}:${signed}`, "hex")}`;
    const headers = [["x-slack-signature", signature], ["x-slack-request-timestamp", String(now)]];
    return send({ url: `${gateway.url}/slack`, headers, body: Buffer.from(body) });
  };
  const answer = await slack(body);
  assert.deepEqual([answer.status, String(answer.body)], [200, "3eZbrw1aBm2rZgRNFdxV"]);
  assert.equal(answer.header("content-type"), "text/plain");
  assert.equal(answer.header("x-content-type-options"), "nosniff");
  assertRejected(await slack("other"), "signature_mismatch");

  const get = (source, query) => send({ method: "GET", url: `${gateway.url}/${source}${query}` });
  const right = await get("toy", "?mode=subscribe&token=chosen&challenge=1158201444");
  assert.deepEqual([right.status, String(right.body)], [200, "1158201444"]);
  for (const query of ["", "?mode=subscribe&token=guessed&challenge=1", "?mode=subscribe&token=chosen&challenge=%3Cb%3E"]) {
    assertRejected(await get("toy", query), "method_not_allowed");
  }
  assertRejected(await get("tokenless", "?mode=subscribe&token=chosen&challenge=1"), "method_not_allowed");
  assert.equal(origin.requests.length, 0);
});

test("signatures by public keys are checked by the runtime", async (t) => {
  const pairs = {
    "ecdsa-p256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
    "rsa-sha256": generateKeyPairSync("rsa", { modulusLength: 2048 }),
  };
  const sources = {};
  const secrets = {};
  for (const [algorithm, { publicKey }] of Object.entries(pairs)) {
    sources[algorithm] = { definition: toy({ algorithm, secret: "spki", encoding: "base64" }), dedupe: false };
    const name = algorithm.toUpperCase().replaceAll("-", "_");
    secrets[`${name}_SECRET`] = publicKey.export({ type: "spki", format: "pem" });
  }
  const { gateway } = await open(t, { sources, secrets });
  for (const [algorithm, { privateKey }] of Object.entries(pairs)) {
    const post = (body, signed) => {
      const signature = sign("sha256", Buffer.from(signed), privateKey).toString("base64");
      return send({ url: `${gateway.url}/${algorithm}`, headers: [["x-toy", signature]], body: Buffer.from(body) });
    };
    // Signatures of ECDSA differ from time to time, and so do the lengths of their numbers.
    for (let number = 0; number < 12; number += 1) {
      const body = `{"type":"a","number":${number}}`;
      assert.equal((await post(body, body)).status, 200, `${algorithm} ${number}`);
    }
    assertRejected(await post('{"type":"a"}', '{"type":"b"}'), "signature_mismatch");
  }
});
