// Deliveries that went wrong, as the tests of `explain` have them, pasted into the page: the reason is the first finding.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sign } from "../../scripts/sign.mjs";
import { BODY, CASES, NOW, SECRET } from "../npm/explain-cases.mjs";
import { assertClean, open, paste, pasteQuickly, setClock, setUp, settled, shown } from "./browser.mjs";

const { browser, host } = await setUp();

/** The delivery of a case as a vector, which the page takes as a whole: some of the bodies are not text. */
function vectorOf(signing, received) {
  const { provider = "audian", scheme = null, secret = SECRET, body = BODY, now = NOW } = signing;
  const headers = Object.fromEntries(sign(provider, scheme, { secret, body, now, id: "msg_1" }));
  const genuine = { provider, scheme: scheme ?? undefined, headers, body: Buffer.from(body), secret };
  const changed = typeof received === "function" ? received(genuine) : received;
  const options = { ...genuine, ...changed };
  return {
    otherSecrets: options.otherSecrets,
    provider: options.provider,
    scheme: options.scheme,
    secrets: options.secrets ?? [options.secret],
    now: options.now ?? NOW,
    headers: Array.isArray(options.headers) ? options.headers : Object.entries(options.headers),
    body_base64: Buffer.from(options.body).toString("base64"),
  };
}

/** What the page has no field for, or a field that drops it. */
function unaskable({ otherSecrets, secrets, now, headers }) {
  if (otherSecrets !== undefined)
    return "there is no field for secrets of other endpoints: a second secret is tried as well";
  if (secrets.some((secret) => /[\r\n]/.test(secret)))
    return "a line break in a secret cannot be typed into a field of one line";
  if (!/^\d{1,12}$/.test(String(now))) return "the clock takes milliseconds for what they are";
  if (headers.some(([, value]) => typeof value !== "string" || /[\r\n]/.test(value)))
    return "a line break in a header value ends the line";
  return undefined;
}

test("each case is explained in the page", async (t) => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const left = new Map();
  const failures = [];
  let explained = 0;
  for (const [finding, signing, received] of CASES) {
    const vector = vectorOf(signing, received);
    const why = unaskable(vector);
    if (why !== undefined) {
      left.set(why, (left.get(why) ?? 0) + 1);
      continue;
    }
    await page.locator("#clear").click();
    await pasteQuickly(page, "headers", JSON.stringify(vector), { explained: true });
    const { findings, verdict, code } = await shown(page);
    explained += 1;
    if (findings[0] !== finding) failures.push(`${finding}: ${JSON.stringify(findings)} ${verdict} ${code}`);
  }
  for (const [why, count] of left) t.diagnostic(`${count} of ${CASES.length}: ${why}`);
  t.diagnostic(`${explained} of ${CASES.length} cases were explained in the page`);
  assert.equal(failures.length, 0, failures.join("\n"));
  assert.ok(explained > CASES.length * 0.8);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("through the clipboard: a raw request with a body that was parsed on its way", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const sent = JSON.stringify(JSON.parse(BODY), null, 2);
  const headers = sign("audian", null, { secret: SECRET, body: sent, now: NOW, id: "msg_1" });
  const lines = ["POST /hooks HTTP/1.1", "host: example.com", ...headers.map(([name, value]) => `${name}: ${value}`)];
  await paste(page, "headers", `${lines.join("\r\n")}\r\n\r\n${JSON.stringify(JSON.parse(sent))}`);
  assert.match(await page.locator("#provider-note").textContent(), /^Guessed: Audian/);
  assert.equal((await shown(page)).title, "Needs the secret");
  await page.locator("#secret-1").fill(SECRET);
  await setClock(page, NOW);
  await settled(page);
  const said = await shown(page);
  assert.deepEqual([said.verdict, said.code, said.findings], ["rejected", "signature_mismatch", ["body_reserialised"]]);
  assert.deepEqual(said.stages, {
    signature: "fail",
    time: "preview",
    json: "pass",
    event: "preview",
    schema: "preview",
    key: "preview",
  });
  assert.match(await page.locator("#reasons").textContent(), /express\.raw/);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("what comes after the signature is shown of a delivery with a wrong one, its own id included", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const lines = ["svix-id: msg_of_the_test", "svix-timestamp: 1700000000", `svix-signature: v1,${"A".repeat(43)}=`];
  await paste(page, "headers", `POST / HTTP/1.1\n${lines.join("\n")}\n\n{"event":"bot.failed","data":{"bot_id":5}}`);
  for (const secret of ["", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]) {
    await page.locator("#secret-1").fill(secret);
    await settled(page);
    const { stages, told, places } = await shown(page);
    assert.equal(stages.event, "preview");
    assert.match(told.event, /^bot\.failed, id msg_of_the_test\./);
    assert.ok(places.includes("/data/bot_id"));
  }
  await opened.context.close();
});

test("an old capture is judged at the time it was signed", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await page.locator('[data-sample="old"]').click();
  await page.waitForSelector('#verdict[data-state="rejected"]');
  await settled(page);
  const before = await shown(page);
  assert.deepEqual([before.code, before.findings], ["timestamp_too_old", ["clock_skew"]]);
  await page.locator("#clock-signed").click();
  await settled(page);
  assert.equal((await shown(page)).verdict, "accepted");
  await page.locator("#clock-now").click();
  await settled(page);
  assert.equal((await shown(page)).code, "timestamp_too_old");
  await opened.context.close();
});
