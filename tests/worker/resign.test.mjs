import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { newEvent, open } from "./harness.mjs";

const relaySecret = `whsec_${Buffer.from("the relay's own signing secret 01").toString("base64")}`;
const sources = {
  audian: { provider: "audian" },
  svix: { provider: "meeting-baas", scheme: "svix" },
};

test("a relayed delivery verifies with the Standard Webhooks library", async (t) => {
  const { deliver, origin } = await open(t, { sources, secrets: { RELAY_SECRET: relaySecret } });
  for (const source of Object.keys(sources)) {
    origin.clear();
    assert.equal((await deliver(source)).status, 200);
    const relayed = await origin.request();
    const webhook = new Webhook(relaySecret);
    const headers = Object.fromEntries(
      ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, relayed.header(name)]),
    );
    assert.deepEqual(webhook.verify(relayed.body, headers), JSON.parse(relayed.body));
    assert.equal(headers["webhook-id"], relayed.header("x-hookwarden-key"));

    const changed = Buffer.concat([relayed.body, Buffer.from(" ")]);
    assert.throws(() => webhook.verify(changed, headers), /signature/i);
  }
});

test("a retry carries the same id, so that the origin can deduplicate", async (t) => {
  const { deliver, origin } = await open(t, { sources, secrets: { RELAY_SECRET: relaySecret } });
  origin.next({ status: 500 });
  const body = newEvent("audian");
  await deliver("audian", { body });
  await deliver("audian", { body });
  const [first, second] = [await origin.request(0), await origin.request(1)];
  assert.equal(first.header("webhook-id"), second.header("webhook-id"));
});

test("the sender's own webhook-* headers move out of the way", async (t) => {
  const { deliver, origin } = await open(t, { sources, secrets: { RELAY_SECRET: relaySecret } });
  const own = [["webhook-id", "msg_theirs"], ["webhook-timestamp", "1"], ["webhook-signature", "v1,theirs"]];
  assert.equal((await deliver("audian", { headers: own })).status, 200);
  const relayed = await origin.request();
  for (const [name, value] of own) {
    assert.equal(relayed.header(`x-hookwarden-original-${name}`), value);
    assert.notEqual(relayed.header(name), value);
  }
});

test("without a relay secret nothing is signed and nothing is moved", async (t) => {
  const { deliver, origin } = await open(t, { sources });
  assert.equal((await deliver("audian", { headers: [["webhook-id", "msg_theirs"]] })).status, 200);
  const relayed = await origin.request();
  assert.equal(relayed.header("webhook-id"), "msg_theirs");
  assert.equal(relayed.header("webhook-signature"), undefined);
});
