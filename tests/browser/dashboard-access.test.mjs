// Who may see the dashboard and who can use it: the token, what is in the way, hostile strings, axe, the keyboard, and
// what it loads.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newEvent, open as openGateway } from "../worker/harness.mjs";
import { createFaults } from "../worker/objects.mjs";
import { assertAccessible, assertClean, assertFits, open, setUp, tabTo } from "./browser.mjs";
import { bench, broken, enter, line, rows, said, SOURCES, text, TOKEN } from "./dashboard.mjs";
import { folder } from "./static-server.mjs";

const { browser, host } = await setUp();

test("what is in the way is said plainly: a wrong token, no API, no network, no log", async (t) => {
  const faults = createFaults({ LOG: "DeliveryLog" });
  const { page, context, problems, when, deliver } = await bench(t, browser, { enters: false, faults });
  const problem = () => text(page, "#gate-problem");
  const refused = (words) =>
    page.waitForFunction((words) => document.getElementById("gate-problem").textContent.includes(words), words);
  await page.locator("#enter").click();
  assert.match(await problem(), /Enter the token/);
  for (const wrong of ["wrong", `${TOKEN}x`, "тайна", "line\u2028break"]) {
    await page.locator("#token").fill(wrong);
    await page.locator("#enter").click();
    await refused("The gateway does not take this token.");
    assert.equal(await page.locator("#board").isVisible(), false);
  }
  await enter(page);
  await said(page, "Nothing arrived");

  await context.setOffline(true);
  await page.locator("#refresh").click();
  await said(page, "The gateway does not answer.");
  await context.setOffline(false);
  await deliver("efficlose");
  await when(1);
  assert.equal(await page.locator("#trouble").isVisible(), false, "it is asked again by itself");

  faults.failing = ["fetch"];
  await page.locator("#refresh").click();
  await said(page, "The delivery log does not answer.");
  faults.failing = [];
  await page.locator("#trouble-again").click();
  await page.locator("#trouble").waitFor({ state: "hidden" });
  assert.equal(await rows(page).count(), 1, "what was seen stays");
  const expected = /401|503|ERR_INTERNET_DISCONNECTED/;
  assert.deepEqual(problems.filter((one) => !expected.test(one)), []);

  const { gateway } = await openGateway(t, { sources: SOURCES, page: true });
  for (const path of [`${gateway.url}/_hookwarden/dashboard.html`, `${host.url}dashboard.html`]) {
    const bare = await open(browser, path, { ready: (page) => page.locator("#token").waitFor() });
    await bare.page.locator("#token").fill(TOKEN);
    await bare.page.keyboard.press("Enter");
    await said(bare.page, "There is no admin API here.");
    assert.match(await text(bare.page, "#gate-problem"), /ADMIN_TOKEN.*wrangler secret put/);
    await bare.context.close();
  }
});

test("the token is in memory and in the header of requests, and nowhere else", async (t) => {
  const { page, context, deliver, when, clean } = await bench(t, browser, { enters: false });
  const asked = [];
  context.on("request", (request) => asked.push([request.url(), request.postData(), request.headers()]));
  await enter(page);
  await deliver("audian", { body: broken() });
  await when(1);
  await rows(page).first().click();
  await page.locator("#delivery-whole").waitFor();
  const elsewhere = await page.evaluate(async () => [
    location.href,
    document.documentElement.outerHTML,
    [...document.querySelectorAll("input")].map(({ value }) => value).join("|"),
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie, name]),
    JSON.stringify([await caches.keys(), await indexedDB.databases()]),
  ]);
  for (const place of elsewhere) assert.ok(!place.includes(TOKEN), place.slice(0, 200));
  assert.ok(asked.length > 3);
  for (const [url, body, { authorization, ...headers }] of asked) {
    assert.ok(!`${url}${body}${JSON.stringify(headers)}`.includes(TOKEN), url);
    assert.equal(authorization === `Bearer ${TOKEN}`, url.includes("/_hookwarden/api/"), url);
  }
  await page.locator("#forget").click();
  assert.equal(await page.locator("#board").isVisible(), false);
  assert.equal(await rows(page).count(), 0);
  assert.ok(!(await page.content()).includes("schema_violation"), "and what was seen with it is gone, too");
  await enter(page);
  await page.reload();
  await page.locator("#token").waitFor();
  assert.equal(await page.locator("#token").inputValue(), "");
  await clean();
});

const HTML = `<script>globalThis.ran = 1</script><img src=x onerror="globalThis.ran = 2"><svg onload="globalThis.ran = 3">`;

test("what senders choose is text, however long or hostile, and never HTML", async (t) => {
  const { page, record, when, clean, deliver } = await bench(t, browser, { context: { viewport: { width: 360, height: 800 } } });
  await deliver("efficlose", { body: Buffer.from(JSON.stringify({ event: HTML, data: {} })) });
  await record([
    line({ source: HTML, event_type: HTML, event_id: HTML, code: HTML, detail: HTML, provider: HTML, key: HTML }),
    line({ verdict: "rejected", code: "constructor", schema: "__proto__", via: "toString", notes: [HTML, "constructor"] }),
    line({ event_type: `\u202e${"a".repeat(5_000)}`, source: "b".repeat(5_000), violations: [`/${"c".repeat(5_000)} ${HTML}`] }),
    line({ schema: "valueOf", verdict: HTML, status: HTML, origin_status: HTML, body_ms: HTML, duplicate: HTML }),
  ]);
  await when(5);
  for (let at = 0; at < 5; at += 1) {
    const id = await page.locator("#deliveries-list > li").nth(at).getAttribute("data-id");
    await rows(page).nth(at).click();
    await page.waitForFunction((id) => document.getElementById("delivery-facts").textContent.endsWith(id), id);
    await assertFits(page, `row ${at}`);
  }
  const shown = await page.locator("#deliveries-list").innerText();
  assert.ok(shown.includes(HTML), "it is there, as text");
  for (const width of [360, 768, 980, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await assertFits(page, `at ${width} px`);
  }
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await page.locator("main script, main img, #board svg[onload]").count(), 0);
  await clean();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe, ${colorScheme}: the token, the deliveries, a story, dead letters, a question, a trouble`, async (t) => {
    const { page, context, deliver, record, when, problems } = await bench(t, browser, {
      enters: false,
      context: { colorScheme, reducedMotion: "reduce" },
    });
    const look = async (what) => {
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await assertAccessible(page, `${what} at ${width} px`);
      }
    };
    await page.locator("#token").fill("wrong");
    await page.keyboard.press("Enter");
    await said(page, "does not take this token");
    await look("a wrong token");
    await enter(page);
    await look("nothing");
    await deliver("audian", { body: broken() });
    await deliver("audian", { sent: newEvent("audian") });
    await record([line({ code: "origin_timeout", origin_status: null, status: 504 }), line({ notes: ["queued"] })]);
    await when(4);
    await page.locator(".numbers summary").click();
    await page.locator("#deliveries-filters").getByLabel("Time").selectOption("Between two times");
    await when(4);
    await rows(page).filter({ hasText: "schema_violation" }).click();
    await page.locator("#delivery-letter button").waitFor();
    await look("deliveries");
    await page.locator("#delivery-letter button").click();
    await page.locator("#letter-whole").waitFor();
    await page.locator("#letters-list input").check();
    await look("dead letters");
    await page.locator("#letters-remove").click();
    await look("a question");
    await page.keyboard.press("Escape");
    await context.setOffline(true);
    await page.locator("#refresh").click();
    await page.locator("#trouble").waitFor();
    await look("a trouble");
    assert.deepEqual(problems.filter((one) => !/401|ERR_INTERNET_DISCONNECTED/.test(one)), []);
    assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  });
}

test("the keyboard alone is enough", async (t) => {
  const { page, deliver, when, clean } = await bench(t, browser, { enters: false });
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  const reach = (wanted) => tabTo(page, focused, wanted);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await reach("token");
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.locator("#board").waitFor();
  for (let count = 0; count < 3; count += 1) await deliver("audian", { body: broken() });
  await when(3);
  await reach("deliveries-filters-source");
  await page.keyboard.press("Tab");
  await reach("entry");
  const place = () =>
    page.evaluate(() => [...document.querySelectorAll("#deliveries-list .entry")].indexOf(document.activeElement));
  assert.equal(await place(), 0);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await place(), 2);
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.locator("#delivery-whole").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "delivery-close", "the list is one stop of Tab");
  await page.keyboard.press("Enter");
  await page.locator("#delivery-whole").waitFor({ state: "hidden" });
  assert.equal(await place(), 0, "and back in the list");

  await page.locator("#deliveries-tab").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "letters-tab");
  await when(3, "letters-list");
  await reach("letters-all");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "letters-replay");
  await page.keyboard.press("Enter");
  await said(page, "Replayed: 3 delivered.");
  await when(0, "letters-list");
  await clean();
});

test("it loads little, asks its own host only, and is no part of the other page", async (t) => {
  const { url } = host;
  const opened = await open(browser, `${url}dashboard.html`, { ready: (page) => page.locator("#token").waitFor() });
  t.after(() => opened.context.close());
  const { page } = opened;
  await assertClean(opened, url);
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const names = loaded.map((name) => name.slice(`${url}assets/`.length).replace(/-[0-9a-f]{10}/, "")).sort();
  assert.deepEqual(names.filter((name) => name !== "icon.svg"), ["dashboard.css", "dashboard.js", "theme.js", "tokens.css"]);
  const kept = readFileSync(join(folder, "sw.js"), "utf8");
  assert.match(kept, /assets\/main-/);
  assert.doesNotMatch(kept, /dashboard/, "who judges a delivery does not fetch the dashboard");
  const [code] = readdirSync(join(folder, "assets")).filter((name) => /^dashboard-.*js$/.test(name));
  assert.doesNotMatch(readFileSync(join(folder, "assets", code), "utf8"), /WebAssembly|cm-editor|innerHTML/);
});
