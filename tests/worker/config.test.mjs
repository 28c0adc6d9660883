import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRejected, open, secretName, secretOf, send } from "./harness.mjs";
import * as gateways from "../../scripts/gateway.mjs";

const good = { audian: { provider: "audian" } };

// Each is wrong in one way; the reason belongs in the log and not in the reply.
const broken = {
  "no-secret": [{ provider: "audian" }, { NO_SECRET_SECRET: undefined }],
  "unknown-provider": [{ provider: "nobody" }],
  "no-provider": [{}],
  "unknown-scheme": [{ provider: "meeting-baas", scheme: "rot13" }, { UNKNOWN_SCHEME_SECRET: "s" }],
  "no-scheme": [{ provider: "meeting-baas" }],
  "no-origin": [{ provider: "audian", origin: undefined }],
  "bad-origin": [{ provider: "audian", origin: "not an origin" }],
  "ftp-origin": [{ provider: "audian", origin: "ftp://origin.example/" }],
  "bad-mode": [{ provider: "audian", schema: "strict" }],
  "bad-limit": [{ provider: "audian", max_body_bytes: "many" }],
  "unknown-setting": [{ provider: "audian", shcema: "enforce" }],
  "bad-secret": [{ provider: "attendee" }, { BAD_SECRET_SECRET: "not base64!" }],
};

test("a misconfigured source answers 503, says why in the log only, and leaves the others alone", async (t) => {
  const sources = { ...good };
  const secrets = {};
  for (const [name, [source, more]] of Object.entries(broken)) {
    sources[name] = source;
    Object.assign(secrets, more);
  }
  const { gateway, deliver, origin, log } = await open(t, { sources, secrets });
  for (const name of Object.keys(broken)) {
    await t.test(name, async () => {
      const reply = await send({ url: `${gateway.url}/${name}`, body: Buffer.from("{}") });
      assertRejected(reply, "source_misconfigured");
      const line = await log((line) => line.source === name);
      assert.equal(line.code, "source_misconfigured");
      assert.equal(typeof line.detail, "string", `no reason in ${JSON.stringify(line)}`);
      assert.ok(!String(reply.body).includes(line.detail), "the reason is in the reply");
      assert.equal((await deliver("audian")).status, 200);
    });
  }
  assert.equal(origin.requests.length, Object.keys(broken).length);
});

/** A gateway whose SOURCES binding is exactly this. */
async function withSources(t, sources, more = {}) {
  const gateway = await gateways.start({ sources, ...more });
  t.after(() => gateway.stop());
  return gateway;
}

for (const text of ["{", "[]", "null", '"audian"']) {
  test(`SOURCES = ${text} is 503 for everyone`, async (t) => {
    const gateway = await withSources(t, text);
    assertRejected(await send({ url: `${gateway.url}/audian` }), "source_misconfigured");
    assert.equal((await send({ method: "GET", url: `${gateway.url}/healthz` })).status, 200);
  });
}

test("SOURCES may be a string that holds JSON", async (t) => {
  const { origin, delivery } = await open(t, { sources: good });
  const text = JSON.stringify({ audian: { provider: "audian", origin: origin.url, insecure_origin: true } });
  const gateway = await withSources(t, text, { secrets: { AUDIAN_SECRET: secretOf("audian") } });
  assert.equal((await send(delivery("audian", { at: gateway.url }))).status, 200);
});

test("a source with a name that is not allowed is misconfigured, however genuine its deliveries", async (t) => {
  const { origin, delivery } = await open(t, { sources: good });
  const names = ["-dash", "Upper", "under_score", "a".repeat(64), "__proto__", "constructor ", "hookwarden", "relay"];
  const source = { provider: "audian", origin: origin.url, insecure_origin: true };
  const text = `{${[...names, "audian"].map((name) => `"${name}":${JSON.stringify(source)}`)}}`;
  const secret = secretOf("audian");
  const secrets = Object.fromEntries([...names, "audian"].map((name) => [secretName(name), secret]));
  // The relay secret of another source must not sign anything here.
  delete secrets.RELAY_SECRET;
  const gateway = await withSources(t, text, { secrets });
  const { headers, body } = delivery("audian");
  for (const name of names) {
    const answer = await send({ url: `${gateway.url}/${encodeURIComponent(name)}`, headers, body });
    const expected = name === "constructor " ? "source_unknown" : "source_misconfigured";
    assertRejected(answer, expected);
  }
  assert.equal((await send({ url: `${gateway.url}/audian`, headers, body })).status, 200);
});

test("nothing works, and nothing is lost by a 404, while the configuration as a whole is broken", async (t) => {
  const { delivery } = await open(t, { sources: good });
  const { headers, body } = delivery("audian");
  const gateway = await withSources(t, good, { prefix: "webhooks", secrets: { AUDIAN_SECRET: secretOf("audian") } });
  for (const path of ["/webhooks/audian", "/audian", "/nobody"]) {
    assertRejected(await send({ url: gateway.url + path, headers, body }), "source_misconfigured");
  }
  assert.equal((await send({ url: `${gateway.url}/healthz`, method: "GET" })).status, 200);
});

test("PREFIX comes before the source name", async (t) => {
  const { gateway, deliver, delivery } = await open(t, { sources: good, prefix: "/webhooks" });
  assert.equal((await deliver("audian")).status, 200);
  const { headers, body } = delivery("audian");
  for (const path of ["/audian", "/webhooksaudian", "/webhooks", "/webhooks/", "/webhooks/webhooks/audian"]) {
    assertRejected(await send({ url: gateway.url + path, headers, body }), "source_unknown");
  }
});

test("every secret of a source is valid, and the log says which one matched", async (t) => {
  const { deliver, gateway } = await open(t, {
    sources: { efficlose: { provider: "efficlose" } },
    secrets: { EFFICLOSE_SECRET: "first", EFFICLOSE_SECRET_2: "second", EFFICLOSE_SECRET_10: "tenth" },
  });
  for (const [index, secret] of [[0, "first"], [1, "second"]]) {
    const after = gateway.logs.length;
    assert.equal((await deliver("efficlose", { secret })).status, 200, secret);
    const line = await gateway.waitForLog((line) => line.source === "efficlose", { after });
    assert.equal(line.secret, index);
  }
  const after = gateway.logs.length;
  assert.equal((await deliver("efficlose", { secret: "tenth" })).status, 200, "gaps in the numbers are allowed");
  const line = await gateway.waitForLog((line) => line.source === "efficlose", { after });
  assert.equal(line.secret, 9, "the log names the binding, whatever the gaps");
  assertRejected(await deliver("efficlose", { secret: "third" }), "signature_mismatch");
});

test("a secret is taken as it is, less one newline at its end", async (t) => {
  const published = "It's a Secret to Everybody";
  const cases = [
    [published, published],
    [`${published}\n`, published],
    [`${published}\r\n`, published],
    [`${published}\n\n`, `${published}\n`],
    [` ${published} `, ` ${published} `],
  ];
  for (const [bound, signing] of cases) {
    const { deliver } = await open(t, {
      sources: { efficlose: { provider: "efficlose" } },
      secrets: { EFFICLOSE_SECRET: bound },
    });
    assert.equal((await deliver("efficlose", { secret: signing })).status, 200, JSON.stringify(bound));
    assertRejected(await deliver("efficlose", { secret: `${signing}x` }), "signature_mismatch");
  }
});

test("a dash in a source's name is an underscore in the secret's", async (t) => {
  const { deliver } = await open(t, {
    sources: { "my-calls-2": { provider: "audian" } },
    secrets: { MY_CALLS_2_SECRET: "of my own" },
  });
  assert.equal((await deliver("my-calls-2", { secret: "of my own" })).status, 200);
});
