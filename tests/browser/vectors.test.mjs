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
const opened = await open(browser, host.url);
const { page } = opened;

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
    const left = new Map();
    const failures = [];
    const possible = vectors.filter((vector) => {
      const why = unpasteable(vector);
      if (why !== undefined) left.set(why, (left.get(why) ?? 0) + 1);
      return why === undefined;
    });
    for (const group of grouped(possible)) {
      await page.locator("#clear").click();
      await choose(page, group[0]);
      const judgements = group[0].url === undefined ? await pasteAll(page, group) : await pasteEach(page, group);
      for (const [at, { code, stages, told }] of judgements.entries()) {
        const vector = group[at];
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
    }
    const pasted = possible.length;
    for (const [why, count] of left) t.diagnostic(`${count} of ${vectors.length} cannot be pasted: ${why}`);
    t.diagnostic(`${pasted} of ${vectors.length} vectors were pasted`);
    assert.equal(failures.length, 0, failures.join("\n"));
    assert.ok(pasted > vectors.length * 0.9);
    await assertClean(opened, host.url);
  });
}

/** What has to be entered beside the request: vectors with the same can be pasted one after the other. */
function grouped(vectors) {
  const groups = new Map();
  for (const vector of vectors) {
    const { provider, scheme, secrets, url } = vector;
    const asked = JSON.stringify([provider, scheme, secrets, url !== undefined]);
    groups.set(asked, [...(groups.get(asked) ?? []), vector]);
  }
  return groups.values();
}

/** Pastes one after the other: what the page says of each. */
async function pasteAll(page, group) {
  const requests = group.map((vector) => [vector.now, raw(vector)]);
  const { judgements, urls } = await page.evaluate(async (requests) => {
    const { setClock, paste, shown } = globalThis.tested;
    const judgements = [];
    let urls = 0;
    for (const [now, request] of requests) {
      setClock(now);
      await paste("headers", request);
      judgements.push(shown());
      if (document.getElementById("url").checkVisibility()) urls += 1;
    }
    return { judgements, urls };
  }, requests);
  assert.equal(urls, 0, "a field for what is not signed");
  return judgements;
}

/** The same where the URL may have to be entered, too. */
async function pasteEach(page, group) {
  const judgements = [];
  for (const vector of group) {
    await setClock(page, vector.now);
    await pasteQuickly(page, "headers", raw(vector));
    await checkUrl(page, vector);
    judgements.push(await shown(page));
  }
  return judgements;
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
});
