// The dashboard over a gateway of its own, and what the tests do there.

import assert from "node:assert/strict";
import { newEvent, open as openGateway } from "../worker/harness.mjs";
import { assertClean, open } from "./browser.mjs";

export const TOKEN = "an admin token for tests";
export const SOURCES = {
  audian: { provider: "audian", store: "durable-object", schema: "enforce" },
  efficlose: { provider: "efficlose" },
};

/** A gateway and what the tests do there; `options` are the gateway's, `context` the browser's. */
export async function bench(t, browser, { context = {}, enters = true, ...options } = {}) {
  const opened = await openGateway(t, { sources: SOURCES, vars: { ADMIN_TOKEN: TOKEN }, page: true, ...options });
  const { gateway } = opened;
  const url = `${gateway.url}/_hookwarden/dashboard.html`;
  const seen = await open(browser, url, { ready: (page) => page.locator("#token").waitFor(), ...context });
  const { page } = seen;
  t.after(() => seen.context.close());
  // Its time is the test's: what happens every few seconds happens when the test says so.
  await page.clock.install();
  if (enters) await enter(page);
  return {
    ...opened,
    ...seen,
    /** Adds lines to the log, as the gateway would. */
    record: (lines) => gateway.ask("LOG", "v1", [["record", lines.map((line) => [Date.now(), JSON.stringify(line)])]]),
    /** Lets time pass until the page has asked again, and shows so many rows. */
    when: (count, list = "deliveries-list") => when(page, count, list),
    clean: () => assertClean(seen, url),
  };
}

export async function enter(page, token = TOKEN) {
  await page.locator("#token").fill(token);
  await page.keyboard.press("Enter");
  await page.locator("#board").waitFor();
}

async function when(page, count, list) {
  const isThere = ([count, list]) => document.querySelectorAll(`#${list} > li`).length === count;
  for (let tries = 0; tries < 60; tries += 1) {
    await page.clock.runFor(5_000);
    const waited = page.waitForFunction(isThere, [count, list], { timeout: 1_000 });
    if (await waited.then(() => true, () => false)) return;
  }
  assert.equal(await page.locator(`#${list} > li`).count(), count, `rows of ${list}`);
}

export const text = (page, selector) => page.locator(selector).innerText();
export const rows = (page, list = "deliveries-list") => page.locator(`#${list} .entry`);
export const said = (page, words) => page.waitForFunction((words) => document.body.innerText.includes(words), words);
export const broken = () => newEvent("audian", (payload) => (payload.data = "canary-value"));
export const line = (more) => ({
  ...{ via: "sender", source: "audian", provider: "audian", verdict: "accepted", code: null, event_type: "call.failed" },
  ...{ event_id: null, schema: "valid", key: null, duplicate: false, secret: 0, status: 200, origin_status: 200, ...more },
});
