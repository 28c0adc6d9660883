// Every vector, pasted as a person would, is judged in the page as everywhere else; and what was tampered with is
// explained.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/gateway.mjs";
import { assertClean, enterSecrets, judged, open, pasteQuickly, setClock, setUp, shown } from "./browser.mjs";

const folder = join(root, "tests/vectors");
const files = readdirSync(folder).filter((file) => /^[a-z-]+\.json$/.test(file));

const { browser, host } = await setUp();

/** Why a vector cannot be pasted as a raw request, or nothing. */
function unpasteable({ body_base64, headers, now, secrets }) {
  const body = Buffer.from(body_base64, "base64");
  if (!Buffer.from(body.toString()).equals(body)) return "the body is not UTF-8: it is opened as a file";
  if (headers.some(([, value]) => /[\r\n\0]/.test(value))) return "a line break in a header value ends the line";
  if (headers.some(([name]) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))) return "no name of a header";
  if (secrets.some((secret) => /[\r\n]/.test(secret)))
    return "a line break in a secret, which a field of one line drops";
  if (!/^\d{1,12}$/.test(String(now))) return "no time that the field takes";
  return undefined;
}

const raw = ({ method = "POST", url = "https://example.com/webhooks", headers, body_base64 }) =>
  [
    `${method} ${url.replace(/^https?:\/\/[^/]*/, "")} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n") + Buffer.from(body_base64, "base64").toString();

for (const file of files) {
  const vectors = JSON.parse(readFileSync(join(folder, file)));
  test(`${file}: pasted as raw requests`, async (t) => {
    const opened = await open(browser, host.url);
    const { page } = opened;
    const left = new Map();
    const failures = [];
    let last = "";
    let pasted = 0;
    for (const vector of vectors) {
      const why = unpasteable(vector);
      if (why !== undefined) {
        left.set(why, (left.get(why) ?? 0) + 1);
        continue;
      }
      pasted += 1;
      const about = JSON.stringify([vector.provider, vector.scheme, vector.secrets]);
      if (about !== last) {
        await page.locator("#clear").click();
        await choose(page, vector);
        last = about;
      }
      await setClock(page, vector.now);
      await pasteQuickly(page, "headers", raw(vector));
      await checkUrl(page, vector);
      const { code, stages, told } = await shown(page);
      const got = {
        code: code?.startsWith("schema") ? null : code,
        event: stages.signature === "pass" ? told.event : null,
      };
      const problem = differs(vector.expect, got, stages);
      if (problem)
        failures.push(
          `${vector.id} (${vector.comment}): ${problem}\n  ${JSON.stringify(got)} ${JSON.stringify(stages)}`,
        );
    }
    for (const [why, count] of left) t.diagnostic(`${count} of ${vectors.length} cannot be pasted: ${why}`);
    t.diagnostic(`${pasted} of ${vectors.length} vectors were pasted`);
    assert.equal(failures.length, 0, failures.join("\n"));
    assert.ok(pasted > vectors.length * 0.9);
    await assertClean(opened, host.url);
    await opened.context.close();
  });
}

/** Chooses provider and scheme and enters the secrets, by way of the controls. */
async function choose(page, { provider, scheme, secrets }) {
  await page.locator("#provider").click();
  await page.locator("#provider").fill(provider);
  await page.keyboard.press("Enter");
  if (scheme !== undefined) await page.locator("#scheme").selectOption(scheme);
  await enterSecrets(page, secrets);
}

/** The URL that is signed: guessed from the request, and entered where no request says it. */
async function checkUrl(page, { url }) {
  const isAsked = await page.locator("#url").isVisible();
  if (!isAsked) return;
  assert.ok(url !== undefined, "a field for what is not signed");
  assert.equal(await page.locator("#url").inputValue(), "", "a guess is none of the person's words");
  assert.equal(await page.locator("#url").getAttribute("placeholder"), url.replace(/^http:/, "https:"));
  assert.match(await page.locator("#url-note").textContent(), /^Guessed: /);
  if (!url.startsWith("https:")) await page.locator("#url").fill(url);
  await judged(page);
}

function differs({ verdict, code = null, event_type: type, event_id: id, handshake }, got, stages) {
  if (got.code !== code) return `code ${got.code}, must be ${code}`;
  if (verdict === "rejected")
    return stages.signature === "pass" && !/^timestamp_too/.test(code) ? "a stage says otherwise" : undefined;
  if (stages.signature !== "pass") return `the signature is ${stages.signature}`;
  if (handshake !== undefined) {
    const answer = `to be answered with ${handshake.status} and ${handshake.body}.`;
    return got.event.endsWith(answer) && got.event.startsWith(type ?? "No event") ? undefined : `event ${got.event}`;
  }
  if (type !== undefined && !got.event.startsWith(type)) return `event ${got.event}, must be ${type}`;
  if (type === undefined && stages.event !== "fail") return `event ${got.event}, must be none`;
  return id !== undefined && !got.event.includes(`id ${id}`) ? `event ${got.event}, must have id ${id}` : undefined;
}

test("bodies that are not text are pasted as vectors, and judged alike", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  let count = 0;
  for (const file of files) {
    const binary = JSON.parse(readFileSync(join(folder, file))).filter((vector) =>
      unpasteable(vector)?.startsWith("the body"),
    );
    for (const vector of binary) {
      count += 1;
      await page.locator("#clear").click();
      await pasteQuickly(page, "headers", JSON.stringify(vector));
      const { code } = await shown(page);
      assert.equal(code?.startsWith("schema") ? null : code, vector.expect.code ?? null, vector.id);
      assert.ok(await page.locator("#binary").isVisible(), `${vector.id}: kept as bytes`);
    }
  }
  assert.ok(count > 20, `${count} vectors`);
  await assertClean(opened, host.url);
  await opened.context.close();
});
