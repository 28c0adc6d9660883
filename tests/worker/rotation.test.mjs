// Changing a secret as README says, deployment by deployment, over what one deployment leaves to the next.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as origins from "../../scripts/origin.mjs";
import { assertDuplicate, assertRejected, newEvent, open } from "./harness.mjs";

const ADMIN_TOKEN = "an admin token for tests";
const OLD = `whsec_${Buffer.from("canary, the old secret").toString("base64")}`;
const NEW = `whsec_${Buffer.from("canary, the new secret").toString("base64")}`;
const THIRD = `whsec_${Buffer.from("canary, nobody's secret").toString("base64")}`;

const sources = {
  calls: { provider: "meeting-baas", scheme: "svix", store: "durable-object" },
};

test("a secret is changed without losing a delivery, and the log says which one matched", async (t) => {
  const persist = mkdtempSync(join(tmpdir(), "hookwarden-rotation-"));
  const origin = await origins.start();
  t.after(async () => {
    await origin.stop();
    rmSync(persist, { recursive: true, force: true });
  });

  /** A new deployment with these secrets: new instances, the same stores. */
  const deployed = (what, secrets, run) =>
    t.test(what, async (t) => {
      const { deliver, gateway } = await open(t, { sources, secrets, origin, persist, vars: { ADMIN_TOKEN } });
      /** Delivers a new event, or this one, and gives the index of the secret in the log. */
      async function matched(secret, parts) {
        const after = gateway.logs.length;
        const reply = await deliver("calls", { secret, ...parts });
        const line = await gateway.waitForLog((line) => line.source === "calls", { after, timeout: 20_000 });
        assert.equal(line.verdict, reply.status === 401 ? "rejected" : "accepted");
        return { reply, secret: line.secret };
      }
      async function accepts(secret, index) {
        const { reply, secret: place } = await matched(secret);
        assert.deepEqual([reply.status, place], [200, index]);
      }
      async function refuses(secret) {
        const { reply, secret: place } = await matched(secret);
        assertRejected(reply, "signature_mismatch");
        assert.equal(place, null);
      }
      await run({ matched, accepts, refuses, gateway });
      assert.ok(!gateway.lines.join("\n").includes("canary"), "a secret is in the log");
      for (const secret of [OLD, NEW, THIRD]) assert.ok(!gateway.lines.join("\n").includes(secret.slice(6)));
    });

  const event = { id: "msg_before", body: newEvent("meeting-baas") };
  const relayed = () => origin.requests.length;

  await deployed("the old one alone", { CALLS_SECRET: OLD }, async ({ matched, accepts, refuses }) => {
    const first = await matched(OLD, event);
    assert.deepEqual([first.reply.status, first.secret], [200, 0]);
    await accepts(OLD, 0);
    await refuses(NEW);
  });

  const both = { CALLS_SECRET: OLD, CALLS_SECRET_2: NEW };
  await deployed("both", both, async ({ matched, accepts, refuses, gateway }) => {
    await accepts(OLD, 0);
    await accepts(NEW, 1);
    await refuses(THIRD);
    // The provider has switched in between: its retry of an event is still the same event.
    const before = relayed();
    const retry = await matched(NEW, event);
    assertDuplicate(retry.reply);
    assert.deepEqual([retry.secret, relayed()], [1, before]);

    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    for (let tries = 0; ; tries += 1) {
      const response = await fetch(`${gateway.url}/_hookwarden/api/deliveries?source=calls&limit=4`, { headers });
      const text = await response.text();
      const places = JSON.parse(text).deliveries.map(({ secret }) => secret);
      assert.ok(![OLD, NEW, THIRD].some((secret) => text.includes(secret.slice(6))));
      if (JSON.stringify(places) === "[1,null,1,0]") break;
      assert.ok(tries < 100, `the delivery log has ${places}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  const moved = { CALLS_SECRET: NEW, CALLS_SECRET_2: NEW };
  await deployed("the new one in the place of the old", moved, async ({ accepts, refuses }) => {
    await accepts(NEW, 0);
    await refuses(OLD);
  });

  await deployed("the new one alone", { CALLS_SECRET: NEW }, async ({ matched, accepts, refuses }) => {
    await accepts(NEW, 0);
    const before = relayed();
    await refuses(OLD);
    const retry = await matched(NEW, event);
    assertDuplicate(retry.reply);
    assert.equal(relayed(), before);
  });
});

test("a delivery that is signed with both secrets is accepted by whichever is there", async (t) => {
  for (const [secrets, index] of [
    [{ CALLS_SECRET: OLD }, 0],
    [{ CALLS_SECRET: THIRD, CALLS_SECRET_2: NEW }, 1],
  ]) {
    const { delivery, gateway } = await open(t, { sources, secrets });
    const same = { id: "msg_both", body: newEvent("meeting-baas"), now: Math.floor(Date.now() / 1000) };
    const [one, other] = [OLD, NEW].map((secret) => delivery("calls", { ...same, secret }));
    const name = "svix-signature";
    const signature = ({ headers }) => headers.find(([header]) => header === name)[1];
    const headers = one.headers.map(([header, value]) => {
      return header === name ? [header, `${signature(one)} ${signature(other)}`] : [header, value];
    });
    const response = await fetch(one.url, { method: "POST", headers, body: one.body });
    assert.equal(response.status, 200, await response.text());
    assert.equal((await gateway.waitForLog((line) => line.source === "calls")).secret, index);
  }
});
