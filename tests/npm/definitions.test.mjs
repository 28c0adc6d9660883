// Providers of one's own, and what the scheme language asks of JavaScript: URLs, handshakes, public keys.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { test } from "node:test";
import { createVerifier, HookwardenError, sign } from "../../pkg/dist/index.js";
import { webhook } from "../../pkg/dist/fetch.js";
import { publicKeys } from "../../pkg/dist/public-key.js";

const SECRET = "hunter2 and more";
const hmac = (text, encoding, algorithm = "sha256") => createHmac(algorithm, SECRET).update(text).digest(encoding);

const toy = (scheme = {}, more = {}) => ({
  name: "toy", title: "Toy", docs: "https://example.com", event: { type: ["/type"] },
  schemes: [{
    name: "s", algorithm: "hmac-sha256", encoding: "hex", signed_content: "{body}", headers: [{ signature: "x-toy" }],
    ...scheme,
  }],
  ...more,
});

test("a definition stands for a provider's name", () => {
  const schema = { type: "object", required: ["id"] };
  const definition = toy({}, { events: [{ name: "a", schema }, { name: "b", schema: JSON.stringify(schema) }] });
  const verifier = createVerifier(definition, { secret: SECRET });
  assert.equal(verifier.provider, "toy");
  for (const type of ["a", "b"]) {
    const judge = (payload) => {
      const body = JSON.stringify({ type, ...payload });
      return verifier.verify({ "x-toy": hmac(body, "hex") }, body);
    };
    assert.deepEqual([judge({ id: 1 }).event.type, judge({ id: 1 }).schema.status], [type, "valid"]);
    // Not enforced: it is the provider's schema, and none of the user's.
    assert.deepEqual([judge({}).verdict, judge({}).schema.status], ["accepted", "invalid"]);
  }
  assert.equal(verifier.verify({ "x-toy": hmac("other", "hex") }, "{}").code, "signature_mismatch");
  assert.deepEqual(verifier.sign("{}"), { "x-toy": hmac("{}", "hex") });
  assert.deepEqual(sign(definition, "{}", { secret: SECRET }), { "x-toy": hmac("{}", "hex") });
});

test("a definition that makes no sense is refused with the place", () => {
  for (const [definition, place] of [
    [toy({ signed_content: "{url}" }), "invalid: /schemes/0/signed_content"],
    [toy({ algorithm: "md5" }), "invalid: /schemes/0/algorithm"],
    [toy({}, { events: [{ name: "a", schema: { tpye: "string" } }] }), "invalid: /events/0/schema"],
    [toy({}, { naem: "toy" }), "invalid: /naem"],
    [{}, "invalid: /name"],
  ]) {
    assert.throws(() => createVerifier(definition, { secret: SECRET }), (error) => {
      assert.ok(error instanceof HookwardenError);
      assert.equal(error.code, "definition_invalid");
      assert.ok(error.message.includes(`${place}`), error.message);
      return true;
    });
  }
  for (const wrong of [null, [], 5, undefined]) {
    assert.throws(() => createVerifier(wrong, { secret: SECRET }), { code: "options_invalid" });
  }
});

test("the URL is the configured one, with the query of the delivery", async () => {
  const url = "https://example.com/hooks?a=1";
  const verifier = createVerifier("square", { secret: SECRET, url });
  const headers = { "x-square-hmacsha256-signature": hmac(`${url}{}`, "base64") };
  assert.equal(verifier.verify(headers, "{}").verdict, "accepted");
  assert.equal(verifier.verify(headers, "{}", { url: "https://example.com/" }).code, "signature_mismatch");
  assert.equal(createVerifier("square", { secret: SECRET }).verify(headers, "{}").code, "source_misconfigured");

  const post = webhook("twilio", { secret: SECRET, scheme: "form", url: "https://example.com/hooks" }, () => {});
  const signature = hmac("https://example.com/hooks?b=2Toa b", "base64", "sha1");
  const request = (query) => new Request(`http://internal:8080/elsewhere${query}`, {
    method: "POST", headers: { "x-twilio-signature": signature, "x-forwarded-host": "evil.example" }, body: "To=a+b",
  });
  assert.equal((await post(request("?b=2"))).status, 204);
  assert.equal((await post(request("?b=3"))).status, 401);
  const verdict = createVerifier("twilio", { secret: SECRET, scheme: "form", url: "https://example.com/hooks?b=2" })
    .verify({ "x-twilio-signature": signature }, "To=a+b");
  assert.deepEqual(verdict.payload, { To: "a b" });
});

test("handshakes are answered by the adapters, and the handler is not called", async () => {
  let called = 0;
  const handler = () => void (called += 1);
  const slack = webhook("slack", { secret: SECRET, now: 1_700_000_000 }, handler);
  const post = (body, signed = body) => slack(new Request("http://x/", {
    method: "POST",
    headers: { "x-slack-signature": `v0=${hmac(`v0:1700000000:${signed}`, "hex")}`, "x-slack-request-timestamp": "1700000000" },
    body,
  }));
  const answer = await post('{"type":"url_verification","challenge":"3eZbrw1a"}');
  assert.deepEqual([answer.status, await answer.text()], [200, "3eZbrw1a"]);
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal((await post('{"type":"url_verification","challenge":"3eZbrw1a"}', "{}")).status, 401);

  const asks = { method: "GET", unsigned: true, challenge: "?challenge", reply: "{challenge}" };
  const get = webhook(toy({}, { handshakes: [asks] }), { secret: SECRET }, handler);
  assert.equal(await (await get(new Request("http://x/?challenge=abc"))).text(), "abc");
  assert.equal((await get(new Request("http://x/?challenge=%3Cb%3E"))).status, 405);
  assert.equal(called, 0);
});

test("signatures by public keys: node:crypto, somebody else, nobody", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const secret = publicKey.export({ type: "spki", format: "pem" });
  const definition = toy({ algorithm: "ecdsa-p256", secret: "spki", encoding: "base64" });
  const headers = { "x-toy": signBytes("sha256", Buffer.from("{}"), privateKey).toString("base64") };
  assert.equal(createVerifier(definition, { secret }).verify(headers, "{}").verdict, "accepted");
  assert.equal(createVerifier(definition, { secret }).verify(headers, "{ }").code, "signature_mismatch");

  const asked = [];
  const answering = (answer) => createVerifier(definition, { secret, publicKeys: (check) => (asked.push(check), answer) });
  assert.equal(answering(true).verify(headers, "anything").verdict, "accepted");
  assert.equal(asked[0].algorithm, "ecdsa-p256");
  assert.equal(Buffer.from(asked[0].message).toString(), "anything");
  // Only `true` is an answer that lets pass: a promise is none.
  for (const answer of [false, undefined, 1, "true", Promise.resolve(true)]) {
    assert.equal(answering(answer).verify(headers, "{}").code, "signature_mismatch");
  }
  assert.throws(() => answering(new Error()).verify(headers, "{}") && createVerifier(definition, { secret, publicKeys: 5 }), {
    code: "options_invalid",
  });
  const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
  assert.throws(() => createVerifier(definition, { secret: other }).verify(headers, "{}"), { code: "secret_invalid" });

  const { getBuiltinModule } = process;
  try {
    process.getBuiltinModule = undefined;
    assert.equal(createVerifier(definition, { secret }).verify(headers, "{}").code, "source_misconfigured");
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
});

test("hookwarden/public-key agrees with node:crypto", () => {
  const [ed25519, p256, rsa] = [
    generateKeyPairSync("ed25519"), generateKeyPairSync("ec", { namedCurve: "P-256" }),
    generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ];
  const raw = ed25519.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  const pem = (pair) => pair.publicKey.export({ type: "spki", format: "pem" });
  for (const [algorithm, form, secret, { privateKey }] of [
    ["ed25519", "hex", raw, ed25519], ["ecdsa-p256", "spki", pem(p256), p256],
  ]) {
    const definition = toy({ algorithm, secret: form, encoding: "base64" });
    const mine = createVerifier(definition, { secret, publicKeys });
    const node = createVerifier(definition, { secret });
    // Numbers of an ECDSA signature have several lengths, and its second half is high or low.
    for (let at = 0; at < 40; at += 1) {
      const body = `{"at":${at}}`;
      const signature = signBytes(algorithm === "ed25519" ? null : "sha256", Buffer.from(body), privateKey);
      const changed = Buffer.from(signature);
      changed[at % changed.length] ^= 1 << at % 8;
      for (const [value, text] of [[signature, body], [signature, "{}"], [changed, body]]) {
        const headers = { "x-toy": value.toString("base64") };
        assert.equal(mine.verify(headers, text).code, node.verify(headers, text).code, `${algorithm} ${at}`);
      }
      assert.equal(mine.verify({ "x-toy": signature.toString("base64") }, body).code, null);
    }
  }
  const wrong = createVerifier(toy({ algorithm: "rsa-sha256", secret: "spki", encoding: "base64" }), { secret: pem(rsa), publicKeys });
  const headers = { "x-toy": signBytes("sha256", Buffer.from("{}"), rsa.privateKey).toString("base64") };
  assert.throws(() => wrong.verify(headers, "{}"), { code: "public_key_unsupported" });
});
