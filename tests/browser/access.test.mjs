// For everybody: axe finds nothing in either scheme, the keyboard is enough, nothing jumps while one types, and no width
// from 360 to 1920 scrolls sideways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertClean, assertFits, judged, open, pasteQuickly, setUp, settled, shown, tabTo } from "./browser.mjs";

const { browser, host } = await setUp();

const filled = (kind) => async (page) => {
  await page.locator(`[data-sample="${kind}"]`).click();
  await page.waitForFunction(() => document.getElementById("verdict").dataset.state !== "empty");
  await settled(page);
};

const STATES = {
  empty: async () => {},
  accepted: filled("genuine"),
  rejected: filled("parsed"),
  violations: filled("schema"),
  "own schema, and all that opens": async (page) => {
    await filled("schema")(page);
    await page.locator("#schema-card summary").click();
    await pasteQuickly(page, "schema", '{"tpye": 1}');
    await page.locator("#secret-add").click();
    await page.locator("#copy-open").click();
  },
  "a signed URL": async (page) => {
    await page.locator("#secret-1").fill("secret");
    await pasteQuickly(
      page,
      "headers",
      `POST /hooks HTTP/1.1\nHost: example.com\nx-square-hmacsha256-signature: ${"A".repeat(43)}=\n\n{"type":"a"}`,
    );
    await page.locator("#url").waitFor();
    await settled(page);
  },
  "the list of providers": async (page) => page.locator("#provider").click(),
  "a sample": async (page) => {
    await page.locator("#sample-open").click();
    await page.waitForFunction(() => document.getElementById("sample-event").options.length > 0);
  },
};

for (const colorScheme of ["light", "dark"]) {
  for (const [name, arrange] of Object.entries(STATES)) {
    test(`axe, ${colorScheme}: ${name}`, async () => {
      const opened = await open(browser, host.url, { colorScheme });
      const { page } = opened;
      await arrange(page);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await assertAccessible(page, `at ${width} px`);
      }
      await assertClean(opened, host.url);
      await opened.context.close();
    });
  }
}

test("nothing scrolls sideways from 360 to 1920 pixels", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await filled("parsed")(page);
  for (const width of [360, 414, 560, 768, 979, 980, 1280, 1600, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await assertFits(page, `at ${width} px`);
  }
  await opened.context.close();
});

test("the keyboard alone is enough", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const focused = () =>
    page.evaluate(
      () => document.activeElement.shadowRoot?.activeElement?.getAttribute("aria-label") ?? document.activeElement.id,
    );
  const reach = (wanted) => tabTo(page, focused, wanted);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await reach("provider");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("x-audian");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#provider").inputValue(), "Audian");
  await reach("secret-1");
  await page.keyboard.type("a secret");
  await reach("Headers");
  await page.keyboard.type("X-Audian-Signature: 00");
  await reach("Body");
  await page.keyboard.type('{"a": 1');
  await settled(page);
  assert.equal((await shown(page)).code, "signature_malformed");
  // And out of the editor again.
  await page.keyboard.press("Tab");
  assert.notEqual(await focused(), "Body");
  await page.locator("#sample-open").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#sample").evaluate((dialog) => dialog.open), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#sample").evaluate((dialog) => dialog.open), false);
  await page.locator("#copy-open").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.copy), "express");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "copy-open");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("a click on a violation goes to its place", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await filled("schema")(page);
  await page.locator("#places-list button").click();
  const at = await page.evaluate(() => {
    const line = document.getElementById("body").shadowRoot.querySelector(".cm-activeLine");
    return { line: line?.textContent, focused: document.activeElement.id };
  });
  assert.match(at.line, /"duration": "12 minutes"/);
  assert.equal(at.focused, "body");
  assert.equal(await page.locator("#body .hw-place").textContent(), '"12 minutes"');
  assert.equal(await page.locator("#body .hw-mark").count(), 1);
  await opened.context.close();
});

test("the stages and the fields stay where they are while one types", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const places = () =>
    page.evaluate(() =>
      ["verdict", "stages", "headers", "body", "clock"].map((id) =>
        Math.round(document.getElementById(id).getBoundingClientRect().top + scrollY),
      ),
    );
  const first = await places();
  const seen = [];
  const look = async (what) => {
    await settled(page);
    const now = await places();
    if (now.some((top, at) => Math.abs(top - first[at]) > 1)) seen.push(`${what}: ${now} and not ${first}`);
  };
  await pasteQuickly(page, "headers", `X-Audian-Signature: ${"0".repeat(64)}\nX-Audian-Timestamp: 1700000000`);
  await look("headers");
  await pasteQuickly(page, "body", '{"event":"call.failed"');
  await look("half a body");
  await page.locator("#secret-1").fill("wrong");
  await look("a secret");
  await pasteQuickly(page, "body", '{"event":"call.failed","id":"evt_1","data":{"a":1}}\n');
  await look("the body");
  await page.locator("#clock").fill("17");
  await look("the clock");
  await page.locator("#clock").fill("1700000000");
  await look("the right clock");
  assert.deepEqual(seen, []);
  await opened.context.close();
});

test("light and dark follow the system until somebody chooses", async () => {
  const opened = await open(browser, host.url, { colorScheme: "dark" });
  const { page } = opened;
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await ground();
  assert.notEqual(dark, light);
  await page.locator("#theme").click();
  assert.equal(await ground(), dark);
  await page.reload();
  await judged(page);
  assert.equal(await ground(), dark, "the choice is kept");
  await opened.context.close();
});
