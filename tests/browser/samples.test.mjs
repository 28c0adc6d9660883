// "Make a sample", for every provider, scheme and event: what it fills in is accepted, as it is and by others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "../../pkg/dist/index.js";
import { everySource, samples } from "../../scripts/gateway.mjs";
import { sign } from "../../scripts/sign.mjs";
import { assertClean, judged, open, setUp, settled, shown } from "./browser.mjs";

const { browser, host } = await setUp();
const opened = await open(browser, host.url);
const { page } = opened;

/** Goes through the dialog, and waits for what it fills in: what the page says of it. */
async function make({ provider, scheme, event }) {
  return page.evaluate(
    async ([provider, scheme, event, count]) => {
      const byId = (id) => document.getElementById(id);
      const choose = (id, value) => {
        byId(id).value = value;
        byId(id).dispatchEvent(new Event("change", { bubbles: true }));
      };
      // Each list of events is made anew, and the first one needs the samples, which are fetched.
      const listed = async (ask) => {
        byId("sample-event").replaceChildren();
        ask();
        while (byId("sample-event").options.length === 0) await new Promise(requestAnimationFrame);
      };
      await globalThis.tested.judged();
      await listed(() => byId("sample-open").click());
      if (byId("sample-provider").value !== provider) await listed(() => choose("sample-provider", provider));
      if (byId("sample-event").options.length !== count) throw new Error(`not ${count} events of ${provider}`);
      if (!byId("sample-scheme").disabled) choose("sample-scheme", scheme);
      choose("sample-event", String(event));
      document.documentElement.dataset.judged = "pending";
      byId("sample-make").click();
      await globalThis.tested.judged();
      return globalThis.tested.shown();
    },
    [provider, scheme, event, samples(provider).length],
  );
}

for (const { source, provider, scheme, secret } of everySource()) {
  test(`${source}: every event makes a sample that is accepted`, async () => {
    await page.locator("#clear").click();
    const failures = [];
    for (const [event, sample] of samples(provider).entries()) {
      const { verdict, code, told, stages } = await make({ provider, scheme, event });
      const all = Object.values(stages).every((state) => state === "pass" || state === "none");
      if (verdict !== "accepted" || code !== null || !all || !told.event.startsWith(sample.event)) {
        failures.push(`${sample.name}: ${verdict} ${code} ${JSON.stringify(told)}`);
      }
    }
    assert.equal(failures.length, 0, failures.join("\n"));

    // With a secret of one's own, the signature is what an independent signer makes.
    await page.locator("#clear").click();
    await page.locator("#secret-1").fill(secret);
    await page.locator("#clock").fill("1700000000");
    assert.equal((await make({ provider, scheme, event: 0 })).verdict, "accepted");
    const { headers, body } = await held();
    const own = sign(provider, scheme, { secret, body, now: 1_700_000_000, id: value(headers, /^(svix|webhook)-id$/) });
    // Audian writes its signature with a prefix or without.
    const bare = (text) => text?.replace(/^sha256=/, "");
    for (const [name, wanted] of own)
      assert.equal(bare(value(headers, new RegExp(`^${name}$`, "i"))), bare(wanted), name);
    assert.equal(
      createVerifier(provider, { scheme, secret, now: 1_700_000_000 }).verify(headers, body).verdict,
      "accepted",
    );
    await assertClean(opened, host.url);
  });
}

const value = (headers, name) => headers.find(([one]) => name.test(one))?.[1];

/** The delivery that the page holds, by way of "Copy as vector". The secret of a static token is put back. */
async function held() {
  await page.locator("#copy-open").click();
  await page.locator('[data-copy="vector"]').click();
  await page.waitForFunction(() => /Copied as/.test(document.getElementById("notice").textContent));
  const { headers, body_base64 } = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const body = Buffer.from(body_base64, "base64");
  const removed = /credentials: ([\w-]+)/.exec(await page.locator("#notice").textContent())?.[1];
  const secret = await page.locator("#secret-1").inputValue();
  return { headers: removed === undefined ? headers : [...headers, [removed, secret]], body };
}

test("the deliveries of the start show what they say", async () => {
  for (const [kind, wanted] of Object.entries({
    genuine: { verdict: "accepted", code: null, findings: [] },
    parsed: { verdict: "rejected", code: "signature_mismatch", findings: ["body_reserialised"] },
    schema: { verdict: "accepted", code: "schema: invalid", findings: [] },
    old: { verdict: "rejected", code: "timestamp_too_old", findings: ["clock_skew"] },
  })) {
    const opened = await open(browser, host.url);
    await opened.page.locator(`[data-sample="${kind}"]`).click();
    await opened.page.waitForFunction(() => document.getElementById("verdict").dataset.state !== "empty");
    await settled(opened.page);
    const { verdict, code, findings, places } = await shown(opened.page);
    assert.deepEqual({ verdict, code, findings }, wanted, kind);
    if (kind === "schema") {
      assert.deepEqual(places, ["/data/duration"]);
      await opened.page.locator("#mode").check();
      await settled(opened.page);
      assert.equal((await shown(opened.page)).code, "schema_violation");
    }
    await opened.context.close();
  }
});
