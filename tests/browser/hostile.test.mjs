// What nobody would paste but somebody will: it is shown as text, judged, and does nothing.

import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  assertClean,
  chooseProvider,
  enterSecrets,
  judged,
  open,
  paste,
  pasteQuickly,
  setUp,
  settled,
  shown,
} from "./browser.mjs";

const { browser, host } = await setUp();

const HTML = `<script>globalThis.ran = 1</script><img src=x onerror="globalThis.ran = 2"><svg onload="globalThis.ran = 3">`;

test("script tags and event handlers stay text, wherever they are pasted", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await paste(
    page,
    "headers",
    `POST /${encodeURI(HTML)} HTTP/1.1\nX-Audian-Signature: ${HTML}\nX-Audian-Timestamp: 1\n${"x-<img>"}: 1\n\n{"event":"${"<img src=x onerror=ran=4>"}","id":"\`<b>\`","data":${JSON.stringify(HTML)}}`,
  );
  await chooseProvider(page, "audian");
  await enterSecrets(page, [HTML]);
  await page.locator("#schema-card summary").click();
  await paste(page, "schema", JSON.stringify({ [HTML]: true }));
  await settled(page);
  assert.equal((await shown(page)).verdict, "rejected");
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(
    await page
      .locator("#schema-problem")
      .textContent()
      .then((text) => text.includes("<script>")),
    true,
  );
  assert.equal(await page.locator("main img[src], main script").count(), 0);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("direction marks, control characters and lone carriage returns are seen, and kept", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const body = '\ufeff{"a":"\u202eevil\u2066\u200b\u0000"}\r\n\rx\t \n';
  await chooseProvider(page, "Mobile");
  await paste(page, "body", body);
  await page.waitForSelector("#signed:not([hidden])");
  const marks = await page.locator("#signed-bytes .mark").allTextContents();
  assert.deepEqual(marks, ["BOM", "U+202E", "U+2066", "ZWSP", "NUL", "CR", "↵", "CR", "→", "·", "↵"]);
  assert.equal(await page.locator("#body-meta").textContent(), `${Buffer.byteLength(body)} bytes`);
  assert.equal((await shown(page)).stages.json, "fail");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("bytes that are no text are taken from a file, to the byte", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hookwarden-page-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "body.bin");
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256));
  writeFileSync(file, bytes);
  const opened = await open(browser, host.url);
  const { page } = opened;
  await page.locator("#body-file").setInputFiles(file);
  await page.waitForSelector("#binary:not([hidden])");
  await judged(page);
  assert.equal(await page.locator("#body-meta").textContent(), "512 bytes");
  await page.locator("#copy-open").click();
  await page.locator('[data-copy="vector"]').click();
  await page.waitForFunction(() => /Copied as/.test(document.getElementById("notice").textContent));
  const vector = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(vector.body_base64, bytes.toString("base64"));
  await page.locator("#binary-drop").click();
  await judged(page);
  assert.equal(await page.locator("#body").isVisible(), true);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("five megabytes are judged, and the page answers meanwhile", async (t) => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await chooseProvider(page, "efficlose");
  await enterSecrets(page, ["secret"]);
  await pasteQuickly(page, "headers", `X-Webhook-Signature: sha256=${"0".repeat(64)}`);
  for (const [what, body] of [
    ["in one line", JSON.stringify({ event: "user.joined", data: "<b>\u202e".repeat(830_000) })],
    [
      "in many lines",
      JSON.stringify({ event: "user.joined", data: Array.from({ length: 250_000 }, (_, at) => ({ at })) }, null, 1),
    ],
    ["nested deep", "[".repeat(5_000_000)],
  ]) {
    assert.ok(Buffer.byteLength(body) > 4_500_000, what);
    await pasteQuickly(page, "body", body);
    const { stages } = await shown(page);
    assert.equal(stages.signature, "fail", what);
    assert.equal(stages.json, what === "nested deep" ? "fail" : "pass", what);
    // Whatever is searched in the background, a click is answered.
    const started = Date.now();
    await page.locator("#theme").click();
    t.diagnostic(
      `${what}: ${(Buffer.byteLength(body) / 1e6).toFixed(1)} MB; a click was answered after ${Date.now() - started} ms`,
    );
  }
  await page.locator("#clear").click();
  await judged(page);
  assert.equal((await shown(page)).verdict, "empty");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("one megabyte: how long typing holds the page up", async (t) => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await chooseProvider(page, "efficlose");
  await enterSecrets(page, ["secret"]);
  await pasteQuickly(page, "headers", `X-Webhook-Signature: sha256=${"0".repeat(64)}`);
  await pasteQuickly(
    page,
    "body",
    JSON.stringify({ event: "user.joined", data: Array.from({ length: 34_000 }, (_, at) => ({ at })) }, null, 1),
  );
  await settled(page);
  await page.evaluate(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) =>
      globalThis.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))),
    ).observe({ type: "longtask" });
  });
  await page.locator("#body .cm-content").click();
  for (const key of "typing into the middle of it") await page.keyboard.type(key, { delay: 30 });
  await judged(page);
  assert.ok((await page.locator("#body .cm-line span").count()) > 20, "the colours are back");
  const tasks = await page.evaluate(() => globalThis.tasks);
  // Reported and not asserted: a loaded machine is no fault of the page.
  t.diagnostic(`28 keys in 1 MB: ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks)} ms`);
  assert.equal((await shown(page)).stages.json, "fail", "and the last key was judged");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("a hostile link fills in text and nothing else", async () => {
  const { deflateRawSync } = await import("node:zlib");
  const shared = {
    v: 1,
    p: "__proto__",
    s: HTML,
    m: HTML,
    t: HTML,
    h: [
      [HTML, HTML],
      ["a", "b"],
    ],
    x: HTML,
    n: 1e300,
  };
  const link = `${host.url}#d=${deflateRawSync(JSON.stringify(shared)).toString("base64url")}`;
  const opened = await open(browser, link);
  const { page } = opened;
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await page.locator("#provider").inputValue(), "Guess from the headers");
  assert.match(await page.locator("#notice").textContent(), /from the link/);
  await page.evaluate(() => (location.hash = "#d=AAAA"));
  await judged(page);
  await assertClean(opened, host.url);
  await opened.context.close();
});
