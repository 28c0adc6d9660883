// The secret is in its field and in memory, and nowhere else: not in the address, in storage, in a cache, in what is
// copied or shared, or in a request.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sign } from "../../scripts/sign.mjs";
import { assertClean, judged, open, paste, setUp, settled, shown } from "./browser.mjs";

const { browser, host } = await setUp();

const SECRET = "s3cret-of-the-browser-tests";
const TOKEN = "t0ken-of-somebody-else";

const DELIVERIES = {
  signed: (body) => ({ headers: sign("audian", null, { secret: SECRET, body, now: 1_700_000_000 }) }),
  "static token": () => ({ headers: [["x-mb-secret", SECRET]] }),
};

for (const [name, make] of Object.entries(DELIVERIES)) {
  test(`a secret stays where it was entered: ${name}`, async () => {
    const asked = [];
    const opened = await open(browser, host.url);
    const { page, context } = opened;
    context.on("request", (request) =>
      asked.push(request.url() + JSON.stringify(request.headers()) + (request.postData() ?? "")),
    );
    const body = '{"event":"call.failed","id":"evt_1","data":{}}';
    const headers = [
      ...make(body).headers,
      ["authorization", `Bearer ${TOKEN}`],
      ["cookie", `session=${TOKEN}`],
      ["x-api-key", TOKEN],
      ["x-copy", `of ${SECRET}`],
    ];
    await paste(
      page,
      "headers",
      `POST /hooks?key=${TOKEN} HTTP/1.1\n${headers.map((pair) => pair.join(": ")).join("\n")}\n\n${body}`,
    );
    await page.locator("#secret-1").fill(SECRET);
    await page.locator("#secret-add").click();
    await page.locator("#secret-2").fill(`${SECRET}-2`);
    await page.locator("#clock").fill("1700000000");
    await settled(page);
    assert.equal((await shown(page)).verdict, "accepted");
    assert.equal(await page.locator("#secret-1").getAttribute("type"), "password");

    const left = { url: page.url() };
    for (const kind of ["curl", "express", "vector"]) {
      await page.locator("#copy-open").click();
      await page.locator(`[data-copy="${kind}"]`).click();
      await page.waitForFunction(
        (text) => document.getElementById("notice").textContent.startsWith(`Copied as ${text}`),
        { curl: "curl", express: "Express", vector: "Test" }[kind],
      );
      left[kind] = await page.evaluate(() => navigator.clipboard.readText());
    }
    await page.locator("#share").click();
    await page.waitForFunction(() => /link is copied/.test(document.getElementById("notice").textContent));
    left.link = await page.evaluate(() => navigator.clipboard.readText());
    left.shared = await unpacked(left.link);
    assert.match(await page.locator("#notice").textContent(), /authorization, cookie, x-api-key, x-copy/);

    await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
    left.stored = await page.evaluate(stored);
    left.page = await page.evaluate(() => document.documentElement.outerHTML);
    left.asked = asked.join("\n");
    left.title = await page.title();
    for (const [where, text] of Object.entries(left)) {
      assert.ok(!text.includes(SECRET), `the secret is in: ${where}`);
      if (where !== "page") assert.ok(!text.includes(TOKEN), `a credential is in: ${where}`);
    }
    assert.ok(
      left.link.length > 100 && left.curl.includes("--data-binary") && left.stored.includes("hookwarden"),
      "and there was something to look at",
    );
    // Who opens the link sees the delivery, and is asked for the secret.
    const other = await open(browser, left.link);
    if (name === "signed") {
      assert.equal((await shown(other.page)).title, "Needs the secret");
      await other.page.locator("#secret-1").fill(SECRET);
      await settled(other.page);
      assert.equal((await shown(other.page)).verdict, "accepted");
    }
    assert.equal(await other.page.locator("#clock").inputValue(), "1700000000");
    await other.context.close();
    await page.reload();
    await judged(page);
    assert.equal(await page.locator("#secret-1").inputValue(), "", "a reload forgets it");
    await assertClean(opened, host.url);
    await opened.context.close();
  });
}

/** The delivery in a link, as text. */
async function unpacked(link) {
  const { inflateRawSync } = await import("node:zlib");
  return inflateRawSync(Buffer.from(link.split("#d=")[1], "base64url")).toString();
}

/** Everything that a page can store, as one text. Runs in the page. */
async function stored() {
  const all = [
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    document.cookie,
    window.name,
    JSON.stringify(history.state),
  ];
  all.push(JSON.stringify(await indexedDB.databases()));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    all.push(name);
    for (const request of await cache.keys()) {
      all.push(request.url, await (await cache.match(request)).text());
    }
  }
  return all.join("\n");
}

test("all that is stored is the choice of light or dark, and the page itself", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await page.locator('[data-sample="genuine"]').click();
  await settled(page);
  await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
  await page.locator("#theme").click();
  const [local, session, databases, kept] = await page.evaluate(async () => [
    { ...localStorage },
    { ...sessionStorage },
    await indexedDB.databases(),
    await caches.keys(),
  ]);
  assert.deepEqual(local, { "hookwarden-theme": "dark" });
  assert.deepEqual([session, databases], [{}, []]);
  assert.equal(kept.length, 1);
  await opened.context.close();
});
