// The dashboard in Chromium, over the real gateway: the built Worker in workerd with its Durable Objects. What arrived is
// there, dead letters are replayed and removed, and what is new appears.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newEvent } from "../worker/harness.mjs";
import { setUp } from "./browser.mjs";
import { bench, broken, line, rows, said, text } from "./dashboard.mjs";
import { load } from "./modules.mjs";

const { browser } = await setUp();

test("genuine and forged deliveries are listed, counted, filtered, and each tells its story", async (t) => {
  const { page, deliver, when, clean, record } = await bench(t, browser);
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
  const { page, deliver, when, clean, origin } = await bench(t, browser);
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
  const { page, deliver, when, clean, origin } = await bench(t, browser);
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
  const { page, record, when, clean } = await bench(t, browser);
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
  asked.length = 0;
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
