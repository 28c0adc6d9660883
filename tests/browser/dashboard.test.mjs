// The dashboard in Chromium, over the real gateway: the built Worker in workerd with its Durable Objects.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newEvent, open as openGateway } from "../worker/harness.mjs";
import { createFaults } from "../worker/objects.mjs";
import { assertAccessible, assertClean, assertFits, open, setUp } from "./browser.mjs";
import { load } from "./modules.mjs";
import { folder } from "./static-server.mjs";

const { browser, host } = await setUp();

const TOKEN = "an admin token for tests";
const SOURCES = {
  audian: { provider: "audian", store: "durable-object", schema: "enforce" },
  efficlose: { provider: "efficlose" },
};

/** A gateway and what the tests do there; `options` are the gateway's, `context` the browser's. */
async function bench(t, { context = {}, enters = true, ...options } = {}) {
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

async function enter(page, token = TOKEN) {
  await page.locator("#token").fill(token);
  await page.keyboard.press("Enter");
  await page.locator("#board").waitFor();
}

async function when(page, count, list) {
  const rows = page.locator(`#${list} > li`);
  for (let tries = 0; tries < 100 && (await rows.count()) !== count; tries += 1) {
    await page.clock.runFor(5_000);
    await page.evaluate(() => new Promise(requestIdleCallback));
  }
  assert.equal(await rows.count(), count, `rows of ${list}`);
}

const text = (page, selector) => page.locator(selector).innerText();
const rows = (page, list = "deliveries-list") => page.locator(`#${list} .entry`);
const said = (page, words) => page.waitForFunction((words) => document.body.innerText.includes(words), words);
const broken = () => newEvent("audian", (payload) => (payload.data = "canary-value"));
const line = (more) => ({
  ...{ via: "sender", source: "audian", provider: "audian", verdict: "accepted", code: null, event_type: "call.failed" },
  ...{ event_id: null, schema: "valid", key: null, duplicate: false, secret: 0, status: 200, origin_status: 200, ...more },
});

test("genuine and forged deliveries are listed, counted, filtered, and each tells its story", async (t) => {
  const { page, deliver, when, clean, record } = await bench(t);
  await said(page, "Nothing arrived that fits the filters.");
  const body = newEvent("audian");
  const { event } = JSON.parse(body);
  await deliver("audian", { body });
  await deliver("audian", { body });
  await deliver("audian", { sent: newEvent("audian") });
  await deliver("efficlose", { now: 0 });
  await when(4);
  const shown = await rows(page).allInnerTexts();
  const first = shown.map((row) => row.split("\n")[0]);
  assert.deepEqual(first, ["Delivered", "Rejected", "Duplicate", "Delivered"]);
  assert.match(shown[1], /signature_mismatch[^]*audian[^]*no event type known[^]*401/);
  assert.ok(shown[2].includes(event));

  // The chart, its legend and its table say the same.
  const legend = await page.locator("#legend li").allInnerTexts();
  assert.deepEqual(legend.map((one) => one.replace(/\s+/g, " ").trim()), ["Accepted 3", "Genuine, not delivered 0", "Rejected 1"]);
  assert.match(await page.locator("#chart").getAttribute("aria-label"), /3 accepted, 0 genuine[^,]*, 1 rejected/);
  assert.ok((await page.locator('#chart rect[data-series="rejected"]').count()) >= 1);
  await page.locator(".numbers summary").click();
  const cells = await page.locator("#chart-rows td").allInnerTexts();
  const column = (at) => cells.filter((_, index) => index % 3 === at).reduce((sum, cell) => sum + Number(cell), 0);
  assert.deepEqual([column(0), column(1), column(2)], [3, 0, 1]);

  // The duplicate's story: both attempts, and the stages.
  await rows(page).nth(2).click();
  await said(page, "All that happened to this event");
  assert.equal(await text(page, "#delivery-title"), "Duplicate");
  assert.equal(await page.locator("#delivery-attempts > li").count(), 2);
  const states = () =>
    page.locator("#delivery-stages li").evaluateAll((all) => all.map(({ dataset }) => [dataset.stage, dataset.state]));
  assert.deepEqual(Object.fromEntries(await states()), {
    ...{ arrival: "pass", signature: "pass", time: "pass", payload: "pass", schema: "pass" },
    ...{ claim: "pass", relay: "none", answer: "pass" },
  });
  await page.locator("#delivery-attempts button").click();
  await page.waitForFunction(() => document.getElementById("delivery-title").textContent === "Delivered");
  assert.equal(await page.locator('#deliveries-list [aria-current="true"]').count(), 1);
  await rows(page).nth(1).click();
  await page.waitForFunction(() => document.getElementById("delivery-title").textContent === "Rejected");
  assert.equal(await text(page, "#delivery-says"), "No secret of this source gives the signature.");
  assert.deepEqual((await states()).slice(0, 3).map(([, state]) => state), ["pass", "fail", "wait"]);

  // Filters, one by one.
  const filtered = async (label, value, count) => {
    const field = page.locator("#deliveries-filters").getByLabel(label, { exact: true });
    if (label === "Event type") await field.fill(value);
    else await field.selectOption(value);
    await when(count);
    await page.locator("#deliveries-filters-clear").click();
    await when(4);
  };
  await filtered("Source", "efficlose", 1);
  await filtered("Verdict or code", "Rejected", 1);
  await filtered("Verdict or code", "signature_mismatch", 1);
  await filtered("Event type", event, 2);
  await page.locator('[data-code="signature_mismatch"]').click();
  await when(1);
  await page.locator("#deliveries-filters-clear").click();
  const time = page.locator("#deliveries-filters").getByLabel("Time", { exact: true });
  await time.selectOption("Between two times");
  await page.locator("#deliveries-filters-to").fill("2020-01-01T00:00");
  await when(0);
  await time.selectOption("Last hour");
  await when(4);

  // Older ones, page by page.
  await page.locator("#live").uncheck();
  await record(Array.from({ length: 120 }, (_, index) => line({ event_type: `numbered.${index}` })));
  await page.locator("#refresh").click();
  await page.waitForFunction(() => document.querySelectorAll("#deliveries-list > li").length === 50);
  for (const count of [100, 124]) {
    await page.locator("#deliveries-older").click();
    await page.waitForFunction((n) => document.querySelectorAll("#deliveries-list > li").length === n, count);
  }
  assert.equal(await page.locator("#deliveries-older").isVisible(), false);
  const ids = await page.locator("#deliveries-list > li").evaluateAll((all) => all.map(({ dataset }) => +dataset.id));
  assert.deepEqual(ids, ids.toSorted((one, other) => other - one));
  await clean();
});

test("a dead letter is opened from its delivery, replayed until it is delivered, and gone", async (t) => {
  const { page, deliver, when, clean, origin } = await bench(t);
  await deliver("audian", { body: broken() });
  await when(1);
  await page.waitForFunction(() => document.getElementById("letters-badge").textContent === "1");
  await rows(page).first().click();
  await page.locator("#delivery-letter button").click();
  await page.locator("#letter-whole").waitFor();
  assert.match(await text(page, "#letter-whole"), /payload_refused[^]*schema_violation/);
  assert.ok(!(await page.content()).includes("canary"), "no payload is shown");

  origin.next({ status: 500 });
  await page.locator("#letter-replay").click();
  await said(page, "Replayed: 1 failed (the origin answered 500).");
  await page.waitForFunction(() => document.getElementById("letter-code").textContent === "replay_failed");
  await page.locator("#letter-replay").click();
  await said(page, "Replayed: 1 delivered.");
  await said(page, "No dead letters.");
  assert.equal(await page.locator("#letter-whole").isVisible(), false);
  assert.equal(origin.requests.length, 2);

  // And the log says so.
  await page.locator("#deliveries-tab").click();
  await when(3);
  await rows(page).first().click();
  await said(page, "accepted by the origin by a replay.");
  assert.equal(await page.locator("#delivery-attempts > li").count(), 3);
  await clean();
});

test("several dead letters are replayed or removed; removing asks first", async (t) => {
  const { page, deliver, when, clean, origin } = await bench(t);
  for (let count = 0; count < 5; count += 1) await deliver("audian", { body: broken() });
  await page.locator("#letters-tab").click();
  await when(5, "letters-list");
  const boxes = page.locator("#letters-list input");
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  // Live update leaves the selection alone.
  await deliver("audian", { body: broken() });
  await when(6, "letters-list");
  assert.deepEqual(await boxes.evaluateAll((all) => all.map(({ checked }) => checked)).then((all) => all.sort()), [
    ...[false, false, false, false, true, true],
  ]);
  await page.getByRole("button", { name: "Replay 2 selected" }).click();
  await said(page, "Replayed: 2 delivered.");
  await when(4, "letters-list");
  assert.equal(origin.requests.length, 2);

  await boxes.first().check();
  for (const refuse of [() => page.keyboard.press("Escape"), () => page.locator("#confirm-cancel").click()]) {
    await page.locator("#letters-remove").click();
    assert.equal(await text(page, "#confirm-title"), "Remove 1 dead letter?");
    await refuse();
    await page.locator("#confirm").waitFor({ state: "hidden" });
    assert.equal(await boxes.count(), 4);
  }
  await page.locator("#letters-remove").click();
  await page.locator("#confirm-do").click();
  await said(page, "1 dead letter removed.");
  await when(3, "letters-list");

  origin.answer({ status: 503 });
  await page.getByRole("button", { name: "Replay all" }).click();
  await page.locator("#confirm-do").click();
  await said(page, "Replayed: 3 failed (the origin answered 503).");
  origin.answer({ status: 200 });
  await page.locator("#letters-filters").getByLabel("Reason").selectOption("replay_failed");
  await when(3, "letters-list");
  await page.getByRole("button", { name: "Remove all that match" }).click();
  await page.locator("#confirm-do").click();
  await said(page, "3 dead letters removed.");
  await when(0, "letters-list");
  assert.equal(origin.requests.length, 5);
  await clean();
});

test("what is new appears by itself: focus, selection and place stay, and a hidden tab asks nothing", async (t) => {
  const { page, record, when, clean } = await bench(t);
  await record(Array.from({ length: 40 }, (_, index) => line({ event_type: `numbered.${index}` })));
  await when(40);
  // Read from the middle of the list, with a row chosen and focused.
  const chosen = rows(page).nth(25);
  await chosen.scrollIntoViewIfNeeded();
  await chosen.click();
  const now = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      const current = document.querySelector('#deliveries-list [aria-current="true"]');
      return {
        focused: activeElement === current,
        row: current?.closest("li").dataset.id,
        top: Math.round(current.getBoundingClientRect().top),
        chart: Math.round(document.getElementById("chart").getBoundingClientRect().top),
      };
    });
  await page.locator("#delivery-whole").waitFor();
  const before = await now();
  assert.ok(before.focused);
  await record([line({ event_type: "brand.new" }), line({ event_type: "brand.newer", verdict: "rejected", code: "x" })]);
  await when(42);
  assert.deepEqual(await now(), before);
  assert.match((await rows(page).allInnerTexts())[0], /brand\.newer/);

  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const hide = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await page.clock.runFor(120_000);
  assert.deepEqual(asked, [], "a hidden tab asks nothing");
  await record([line({ event_type: "while.hidden" })]);
  await hide(false);
  await when(43);
  await page.locator("#live").uncheck();
  asked.length = 0;
  await page.clock.runFor(120_000);
  assert.deepEqual(asked, [], "and neither does one that shall not");
  await page.locator("#live").check();
  await record([line({ event_type: "at.last" })]);
  await when(44);
  await clean();
});

test("what is in the way is said plainly: a wrong token, no API, no network, no log", async (t) => {
  const faults = createFaults({ LOG: "DeliveryLog" });
  const { page, context, problems, when, deliver } = await bench(t, { enters: false, faults });
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
  const { page, context, deliver, when, clean } = await bench(t, { enters: false });
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
  const { page, record, when, clean, deliver } = await bench(t, { context: { viewport: { width: 360, height: 800 } } });
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
    const { page, context, deliver, record, when, problems } = await bench(t, {
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
  const { page, deliver, when, clean } = await bench(t, { enters: false });
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  const reach = async (wanted) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if ((await focused()) === wanted) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${wanted}, but ${await focused()}`);
  };
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

test("every code has its stage, and every bar its place", async () => {
  const { storyOf, headlineOf, barsOf, stepFor, totals, CODES } = await load(
    "dashboard/story",
    "dashboard/chart",
    "../../src/generated/codes",
  );
  for (const [code, { meaning }] of Object.entries(CODES)) {
    const stages = storyOf(line({ verdict: "rejected", code, status: CODES[code].status }));
    const failed = stages.filter(({ state, id }) => state === "fail" && id !== "answer");
    assert.deepEqual(failed.map(({ says }) => says), [meaning], code);
    const at = stages.indexOf(failed[0]);
    assert.ok(stages.slice(at + 1, -1).every(({ state }) => state === "wait"), `nothing follows ${code}`);
    assert.equal(headlineOf(line({ code })).title, "Not delivered");
  }
  assert.equal(headlineOf(line({ notes: ["handshake"] })).title, "Handshake");
  assert.match(storyOf(line({ via: "queue", origin_status: 500, retry_seconds: 10 })).at(-1).says, /again after 10 s/);

  for (const span of [3_600, 86_400, 604_800, 2_592_000, 31_536_000]) {
    const step = stepFor(0, span);
    assert.ok(step % 300 === 0 && span / step <= 60, `${span} in steps of ${step}`);
  }
  const count = (at, verdict, code, count) => ({ at, source: "a", verdict, code, count });
  const counts = [count(600, "accepted", null, 5), count(900, "rejected", "x", 2), count(900, "accepted", "y", 1)];
  const bars = barsOf(counts, 300, 450, 1_300);
  assert.deepEqual(bars.map(({ at }) => at), [300, 600, 900, 1_200]);
  assert.deepEqual(totals(bars), { accepted: 5, stopped: 1, rejected: 2 });
});
