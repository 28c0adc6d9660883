// What some providers ask of the page beyond a secret, headers and a body: a URL, public keys, handshakes, definitions.

import assert from "node:assert/strict";
import { createHash, createHmac, generateKeyPairSync, sign as signWith } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifier, definitions } from "../../pkg/dist/index.js";
import { root } from "../../scripts/gateway.mjs";
import {
  assertClean,
  chooseProvider,
  enterSecrets,
  judged,
  open,
  paste,
  pasteQuickly,
  setClock,
  setUp,
  settled,
  shown,
} from "./browser.mjs";

const { browser, host } = await setUp();

const vectors = readdirSync(join(root, "tests/vectors"))
  .filter((file) => /^[a-z-]+\.json$/.test(file))
  .flatMap((file) => JSON.parse(readFileSync(join(root, "tests/vectors", file))));
const vector = (wanted) => vectors.find(({ id }) => id === wanted);

const NOW = 1_700_000_000;
const SECRET = "a secret of the tests";
const URL_ = "https://example.com/hooks/square?shop=1";
const BODY = '{"type":"payment.created","event_id":"evt_1"}';
const squareHeader = (url, body = BODY) =>
  `x-square-hmacsha256-signature: ${createHmac("sha256", SECRET).update(url + body).digest("base64")}`;

/** What "Copy as" gives. */
async function copied(page, kind, says) {
  await page.locator("#copy-open").click();
  await page.locator(`[data-copy="${kind}"]`).click();
  await page.waitForFunction((says) => document.getElementById("notice").textContent.startsWith(says), says);
  return page.evaluate(() => navigator.clipboard.readText());
}

test("the URL is asked for where it is signed, guessed from the request, and goes with copies and links", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await chooseProvider(page, "Audian");
  assert.equal(await page.locator("#url").isVisible(), false);
  await page.locator("#clear").click();
  await enterSecrets(page, [SECRET]);
  await paste(page, "headers", `${squareHeader(URL_)}`);
  assert.match(await page.locator("#provider-note").textContent(), /^Guessed: Square/);
  const asked = await shown(page);
  assert.equal(asked.title, "Not judged");
  assert.match(asked.says, /signs the URL: enter the one/);

  const raw = `POST /hooks/square?shop=1 HTTP/1.1\nHost: example.com\n${squareHeader(URL_)}\n\n${BODY}`;
  await paste(page, "headers", raw);
  assert.equal((await shown(page)).verdict, "accepted", "with the guess");
  assert.match(await page.locator("#url-note").textContent(), /^Guessed: from request line and Host, as https\./);
  assert.match(await page.locator("#signed-about").textContent(), /^\{url\}\{body\}/);
  assert.equal(await page.locator('#signed-bytes [data-field="url"]').textContent(), URL_);

  // Behind a proxy, the request says another than the one that the provider knows.
  await paste(page, "headers", raw.replace("Host: example.com", "Host: 10.0.0.7:8080"));
  const behind = await shown(page);
  assert.equal(behind.code, "signature_mismatch");
  assert.match(behind.says, /The URL that is signed was guessed\.$/);
  await page.locator("#url").fill(URL_);
  await settled(page);
  assert.equal((await shown(page)).verdict, "accepted");
  assert.doesNotMatch(await page.locator("#url-note").textContent(), /Guessed/);

  const made = JSON.parse(await copied(page, "vector", "Copied as Test"));
  assert.equal(made.url, URL_);
  assert.match(await copied(page, "express", "Copied as Express"), /url: "https:\/\/example\.com\/hooks\/square" \}/);
  assert.match(await copied(page, "curl", "Copied as curl"), /127\.0\.0\.1:3000\/hooks\/square\?shop=1/);
  await page.locator("#share").click();
  await page.waitForFunction(() => /link is copied.*URL/.test(document.getElementById("notice").textContent));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await open(browser, link);
  assert.equal(await other.page.locator("#url").inputValue(), URL_);
  await enterSecrets(other.page, [SECRET]);
  assert.equal((await shown(other.page)).verdict, "accepted");
  await other.context.close();

  await paste(page, "headers", JSON.stringify({ ...made, secrets: [SECRET] }));
  assert.equal(await page.locator("#url").inputValue(), URL_, "a vector says it");
  assert.equal((await shown(page)).verdict, "accepted");
  await paste(page, "headers", `curl '${URL_}' -H '${squareHeader(URL_)}' -d '${BODY}'`);
  assert.match(await page.locator("#url-note").textContent(), /^Guessed: from the curl command\./);
  assert.equal((await shown(page)).verdict, "accepted");
  await chooseProvider(page, "Audian");
  assert.equal(await page.locator("#url").isVisible(), false, "and it goes with the scheme");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("a credential in the URL stays in the page", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const url = `https://me:pa55word@example.com/h?token=t0ken&shop=1&x=${encodeURIComponent(SECRET)}`;
  await chooseProvider(page, "Square");
  await enterSecrets(page, [SECRET]);
  await pasteQuickly(page, "headers", squareHeader(url));
  await pasteQuickly(page, "body", BODY);
  await page.locator("#url").fill(url);
  await judged(page);
  assert.equal((await shown(page)).verdict, "accepted");
  for (const [kind, says] of [
    ["vector", "Copied as Test"],
    ["curl", "Copied as curl"],
    ["express", "Copied as Express"],
  ]) {
    const text = await copied(page, kind, says);
    assert.doesNotMatch(text, /pa55word|t0ken|secret%20of|secret of/, kind);
    if (kind === "vector") assert.equal(JSON.parse(text).url, "https://example.com/h?shop=1");
    assert.match(await page.locator("#notice").textContent(), /the user of the URL, token of the URL, x of the URL/);
  }
  await page.locator("#share").click();
  await page.waitForFunction(() => /link is copied/.test(document.getElementById("notice").textContent));
  const { inflateRawSync } = await import("node:zlib");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const held = inflateRawSync(Buffer.from(link.split("#d=")[1], "base64url")).toString();
  assert.match(held, /example\.com\/h\?shop=1"/);
  assert.doesNotMatch(held, /pa55word|t0ken|secret/);
  await opened.context.close();
});

test("what is signed is shown of every provider, confirmed by the core", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const failures = [];
  const seen = new Set();
  for (const one of vectors.filter(({ expect }) => expect.verdict === "accepted")) {
    const name = `${one.provider} ${one.scheme ?? ""}`;
    const { algorithm } = definitions()
      .find(({ name }) => name === one.provider)
      .schemes.find(({ name }, at) => (one.scheme === undefined ? at === 0 : name === one.scheme));
    if (seen.has(name) || algorithm === "static-token") continue;
    seen.add(name);
    await page.locator("#clear").click();
    await pasteQuickly(page, "headers", JSON.stringify(one));
    const about = await page.locator("#signed-about").textContent();
    if (!about.includes("The core signs exactly these bytes")) failures.push(`${name}: ${about}`);
    const text = await page.locator("#signed-bytes").textContent();
    if (one.secrets.some((secret) => secret.length > 8 && text.includes(secret))) failures.push(`${name}: the secret is shown`);
    const { stages } = await shown(page);
    if (!["pass", "none"].includes(stages.time)) failures.push(`${name}: time ${stages.time}`);
    await enterSecrets(page, [`whsec_${Buffer.from("another secret, of 24 b.").toString("base64")}`]);
    const after = (await shown(page)).stages;
    if (after.key !== "preview" && after.key !== "pass") failures.push(`${name}: preview ${after.key}`);
  }
  assert.deepEqual(failures, []);
  assert.ok(seen.size >= 25, `${seen.size} schemes`);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("public keys: Ed25519 is fetched when it is chosen, and judged as Node.js does", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  // The service worker keeps it for later, by a request of its own.
  await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
  const fetched = [];
  opened.context.on("request", (request) => {
    if (request.url().includes("public-keys") && request.serviceWorker() === null) fetched.push(request.url());
  });
  await chooseProvider(page, "Slack");
  assert.deepEqual(fetched, [], "nobody needs it yet");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  const body = '{"type":1}';
  const signature = signWith(null, Buffer.from(`${NOW}${body}`), privateKey);
  const request = (signature) =>
    `POST / HTTP/1.1\nX-Signature-Ed25519: ${signature.toString("hex")}\nX-Signature-Timestamp: ${NOW}\n\n${body}`;
  await paste(page, "headers", request(signature));
  await page.locator("#clear").click();
  await enterSecrets(page, [key]);
  await setClock(page, NOW);
  await paste(page, "headers", request(signature));
  assert.match(await page.locator("#provider-note").textContent(), /^Guessed: Discord/);
  const { verdict, says, told } = await shown(page);
  assert.equal(verdict, "accepted");
  assert.match(says, /genuine handshake/);
  assert.match(told.event, /answered with 200 and \{"type":1\}/);
  assert.equal(fetched.length, 1);
  signature[63] ^= 1;
  await paste(page, "headers", request(signature));
  assert.equal((await shown(page)).code, "signature_mismatch");
  await enterSecrets(page, ["0011"]);
  assert.equal((await shown(page)).code, "secret_invalid");
  await assertClean(opened, host.url);
  await opened.context.close();
});

const ownDefinition = (scheme, more = {}) => ({
  name: "mine",
  title: "Mine",
  docs: "https://example.com/",
  event: { type: ["/type"] },
  schemes: [{ name: "own", signed_content: "{body}", headers: [{ signature: "x-mine" }], ...scheme }],
  ...more,
});

async function ownProvider(page, definition) {
  await page.locator("#clear").click();
  await page.locator("#provider").click();
  await page.locator("#provider").fill("own definition");
  await page.keyboard.press("Enter");
  await page.locator("#definition-card").waitFor();
  await judged(page);
  await pasteQuickly(page, "definition", JSON.stringify(definition, null, 2));
}

test("definitions of one's own: other algorithms, ECDSA, RSA, handshakes, and mistakes", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const body = '{"type":"a"}';
  const deliver = async (header, secret, more = "") => {
    await pasteQuickly(page, "headers", `POST / HTTP/1.1\nx-mine: ${header}${more}\n\n${body}`);
    await enterSecrets(page, [secret]);
    return shown(page);
  };
  await ownProvider(page, ownDefinition({ algorithm: "hmac-sha512", encoding: "base64", secret: "hex" }));
  const mac = createHmac("sha512", Buffer.from("00ff", "hex")).update(body).digest("base64");
  assert.equal((await deliver(mac, "00ff")).verdict, "accepted");

  const signed_content = "{secret}|{header:x-when}|{body}";
  await ownProvider(page, ownDefinition({ algorithm: "sha256", encoding: "hex", secret: "utf8", signed_content }));
  const hash = createHash("sha256").update(`${SECRET}|now|${body}`).digest("hex");
  assert.equal((await deliver(hash, SECRET, "\nx-when: now")).verdict, "accepted");

  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = ec.publicKey.export({ format: "der", type: "spki" }).toString("base64");
  await ownProvider(page, ownDefinition({ algorithm: "ecdsa-p256", encoding: "base64", secret: "spki" }));
  const signature = signWith("sha256", Buffer.from(body), ec.privateKey);
  assert.equal((await deliver(signature.toString("base64"), spki)).verdict, "accepted");
  assert.match(await page.locator("#signed-about").textContent(), /exactly these bytes/);
  const other = signWith("sha256", Buffer.from(`${body} `), ec.privateKey);
  assert.equal((await deliver(other.toString("base64"), spki)).code, "signature_mismatch");
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const wrong = p384.publicKey.export({ format: "der", type: "spki" }).toString("base64");
  assert.equal((await deliver(signature.toString("base64"), wrong)).code, "secret_invalid");

  await ownProvider(page, ownDefinition({ algorithm: "rsa-sha256", encoding: "base64", secret: "spki" }));
  const rsa = await deliver(Buffer.alloc(256).toString("base64"), spki);
  assert.deepEqual([rsa.verdict, rsa.title], ["open", "Not judged"]);
  assert.match(rsa.says, /cannot check signatures by RSA/);

  const handshakes = [{ method: "GET", unsigned: true, challenge: "?challenge", reply: "{challenge}", status: 202 }];
  await ownProvider(page, ownDefinition({ algorithm: "hmac-sha256", encoding: "hex", secret: "utf8" }, { handshakes }));
  await pasteQuickly(page, "headers", "GET /hooks?challenge=abc HTTP/1.1\nhost: example.com\n\n");
  await enterSecrets(page, [SECRET]);
  const unsigned = await shown(page);
  assert.deepEqual([unsigned.verdict, unsigned.code], ["rejected", "method_not_allowed"]);
  assert.match(unsigned.says, /handshake that is not signed: 202/);

  await ownProvider(page, ownDefinition({ algorithm: "hmac-md5", encoding: "hex", secret: "utf8" }));
  const mistaken = await deliver("00", SECRET);
  assert.deepEqual([mistaken.title, mistaken.code], ["Not judged", "definition_invalid"]);
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("each definition of the package, pasted, judges as the provider does", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  const failures = [];
  let count = 0;
  for (const definition of definitions()) {
    const one = vectors.find(({ provider, expect }) => provider === definition.name && expect.verdict === "accepted");
    if (one === undefined) continue;
    count += 1;
    const { provider: _, ...delivery } = one;
    await ownProvider(page, definition);
    await pasteQuickly(page, "headers", JSON.stringify(delivery));
    const { verdict, code } = await shown(page);
    if (verdict !== "accepted") failures.push(`${definition.name}: ${verdict} ${code}`);
  }
  assert.deepEqual(failures, []);
  assert.equal(count, definitions().length);
  await opened.context.close();
});

test("what people get wrong is found where the URL or a public key is in it", async () => {
  const opened = await open(browser, host.url);
  const { page } = opened;
  await chooseProvider(page, "Square");
  await enterSecrets(page, [SECRET]);
  await pasteQuickly(page, "headers", squareHeader(URL_));
  await pasteQuickly(page, "body", `${BODY}\n`);
  await page.locator("#url").fill(URL_);
  await settled(page);
  const { code, findings } = await shown(page);
  assert.deepEqual([code, findings[0]], ["signature_mismatch", "body_line_break_added"]);

  const discord = vector("discord-third-party");
  await page.locator("#clear").click();
  const body_base64 = Buffer.concat([Buffer.from(discord.body_base64, "base64"), Buffer.from("\n")]).toString("base64");
  await pasteQuickly(page, "headers", JSON.stringify({ ...discord, body_base64 }), { explained: true });
  assert.equal((await shown(page)).findings[0], "body_line_break_added");
  const verifier = createVerifier("discord", { secret: discord.secrets[0], now: discord.now });
  assert.equal(verifier.verify(discord.headers, Buffer.from(body_base64, "base64")).code, "signature_mismatch");
  await assertClean(opened, host.url);
  await opened.context.close();
});
