// How the page is served: by the Worker in workerd, with its policy and its switch, and by a host that knows nothing of it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { start } from "../../scripts/gateway.mjs";
import { CSP } from "../../scripts/page-bundle.mjs";
import { start as startOrigin } from "../../scripts/origin.mjs";
import { sign } from "../../scripts/sign.mjs";
import {
  assertClean,
  chooseProvider,
  enterSecrets,
  judged,
  open,
  paste,
  setClock,
  setUp,
  settled,
  shown,
} from "./browser.mjs";
import { folder, serve } from "./static-server.mjs";

const { browser } = await setUp();

const PAGE = "/_hookwarden/";

async function gateway(t, options = {}) {
  const origin = await startOrigin();
  const sources = { audian: { provider: "audian", origin: `${origin.url}/hooks`, insecure_origin: true } };
  const started = await start({ sources, secrets: { AUDIAN_SECRET: "secret" }, page: true, ...options });
  t.after(async () => {
    await started.stop();
    await origin.stop();
  });
  return started;
}

test("the Worker sends the page with its headers, and answers everything else itself", async (t) => {
  const { url, logs } = await gateway(t);
  const headers = {
    "content-type": /^text\/html/,
    "content-security-policy": new RegExp(`^${CSP.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}; frame-ancestors 'none'$`),
    "x-content-type-options": /^nosniff$/,
    "referrer-policy": /^no-referrer$/,
    "cross-origin-opener-policy": /^same-origin$/,
    "cache-control": /^no-cache$/,
  };
  const views = await Promise.all([PAGE, `${PAGE}dashboard.html`].map((path) => fetch(url + path)));
  for (const view of views) {
    assert.equal(view.status, 200);
    for (const [name, value] of Object.entries(headers)) assert.match(view.headers.get(name) ?? "", value, name);
  }
  const [page] = views;
  assert.doesNotMatch(CSP, /unsafe-inline|'unsafe-eval'|https?:|data:|blob:|\*/);
  const unchanged = await fetch(url + PAGE, { headers: { "if-none-match": page.headers.get("etag") } });
  assert.equal(unchanged.status, 304);

  for (const file of readdirSync(join(folder, "assets"))) {
    const reply = await fetch(`${url}${PAGE}assets/${file}`);
    assert.equal(reply.status, 200, file);
    assert.deepEqual(Buffer.from(await reply.arrayBuffer()), readFileSync(join(folder, "assets", file)), file);
    assert.match(reply.headers.get("cache-control"), /immutable/, file);
    assert.match(
      reply.headers.get("content-security-policy"),
      /default-src 'none'/,
      "a worker has the policy of its own file",
    );
  }
  assert.equal((await fetch(`${url}/_hookwarden`, { redirect: "manual" })).headers.get("location"), PAGE);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const reply = await fetch(url + PAGE, { method });
    assert.equal(reply.status, 405, method);
    assert.equal(reply.headers.get("allow"), "GET, HEAD");
    assert.equal((await reply.json()).code, "method_not_allowed");
  }
  for (const path of [`${PAGE}nothing.js`, `${PAGE}assets/`, "/index.html", "/assets/main.js", "/_hookwardens/"]) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.ok(
    logs.every(({ code }) => code === "source_unknown"),
    "the page is not logged",
  );

  // Deliveries go on as before.
  const body = '{"event":"call.failed","id":"evt_1"}';
  const headersOf = sign("audian", null, { secret: "secret", body, now: Math.floor(Date.now() / 1000) });
  assert.equal((await fetch(`${url}/audian`, { method: "POST", headers: headersOf, body })).status, 200);
});

test("the page can be switched off, and is off where the switch is no switch", async (t) => {
  for (const PAGE_VARIABLE of [false, "false", "perhaps", 0]) {
    const { url, lines, stop } = await start({ sources: {}, page: true, vars: { PAGE: PAGE_VARIABLE } });
    for (const path of [PAGE, `${PAGE}sw.js`, `${PAGE}dashboard.html`]) {
      const reply = await fetch(url + path);
      assert.equal(reply.status, 404, String(PAGE_VARIABLE));
      assert.equal((await reply.json()).code, "source_unknown");
    }
    if (PAGE_VARIABLE === "perhaps") assert.ok(lines.some((line) => /PAGE: must be true or false/.test(line)));
    await stop();
  }
  const { url } = await gateway(t, { vars: { PAGE: true }, prefix: "/webhooks" });
  assert.equal((await fetch(url + PAGE)).status, 200, "whatever the prefix is");
  const without = await gateway(t, { page: false });
  assert.equal((await fetch(without.url + PAGE)).status, 404, "not deployed");
});

test("a failing delivery is understood on the gateway's own page", async (t) => {
  const { url } = await gateway(t);
  const opened = await open(browser, url + PAGE);
  const { page } = opened;
  const body = '{"event":"call.failed","id":"evt_1","data":{}}';
  const headers = sign("audian", null, { secret: "secret", body, now: 1_700_000_000 });
  await paste(
    page,
    "headers",
    `POST /audian HTTP/1.1\n${headers.map((pair) => pair.join(": ")).join("\n")}\n\n${body}\n`,
  );
  await enterSecrets(page, ["secret"]);
  await setClock(page, 1_700_000_000);
  await settled(page);
  const { code, findings } = await shown(page);
  assert.deepEqual([code, findings[0]], ["signature_mismatch", "body_line_break_added"]);
  // The policy is in force: what it forbids, the browser refuses.
  const refused = await page.evaluate(async () => {
    const tried = [];
    const attempt = (name, run) =>
      Promise.resolve()
        .then(run)
        .then(
          () => tried.push(`${name} ran`),
          () => {},
        );
    const script = document.createElement("script");
    script.textContent = "globalThis.inline = true";
    document.body.append(script);
    if (globalThis.inline) tried.push("an inline script ran");
    // Later: while the debugger runs code, it lets eval pass.
    await attempt(
      "eval",
      () =>
        new Promise((resolve, reject) => {
          setTimeout(() => {
            try {
              resolve((0, eval)("1"));
            } catch (error) {
              reject(error);
            }
          });
        }),
    );
    await attempt("a request to another host", () => fetch("http://127.0.0.1:9/", { mode: "no-cors" }));
    await attempt(
      "a worker of a blob",
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])));
          worker.onmessage = resolve;
          worker.onerror = reject;
        }),
    );
    return tried;
  });
  assert.deepEqual(refused, []);
  assert.ok((await page.evaluate(() => globalThis.violations.length)) >= 3, "and the test would see a violation");
  await opened.context.close();
});

test("on any static host: the first load is small, and the page works without a network after it", async (t) => {
  const host = await serve("/some/folder/");
  t.after(() => host.stop());
  const opened = await open(browser, host.url);
  const { page, context } = opened;
  const loaded = host.counted.requests.filter((path) => !/sw\.js|samples/.test(path));
  t.diagnostic(`first load: ${host.counted.bytes} bytes over the wire, gzipped, in ${loaded.length} requests`);
  assert.ok(host.counted.bytes < 400_000, `${host.counted.bytes} bytes`);
  await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
  await assertClean(opened, host.url);
  await context.setOffline(true);
  await page.reload();
  await judged(page);
  await page.locator('[data-sample="genuine"]').click();
  await page.waitForFunction(() => document.getElementById("verdict").dataset.state === "accepted");
  await context.setOffline(false);
  await context.close();
});

test("one's own schema takes the place of the provider's, and is refused where it cannot be honoured", async (t) => {
  const host = await serve();
  t.after(() => host.stop());
  const opened = await open(browser, host.url);
  const { page } = opened;
  await page.locator("#schema-card summary").click();
  await paste(page, "body", '{\n  "id": 5\n}');
  await paste(page, "schema", '{"properties": {"id": {"type": "string"}}, "required": ["é😀"]}');
  assert.deepEqual((await shown(page)).places.sort(), ["(whole body)", "/id"], "without a provider");
  await chooseProvider(page, "Audian");
  await page.locator("#sample-open").click();
  await page.waitForFunction(() => document.getElementById("sample-event").options.length > 0);
  await page.locator("#sample-make").click();
  await page.waitForFunction(() => document.getElementById("verdict").dataset.state === "rejected");
  const { code, places } = await shown(page);
  assert.deepEqual([code, places], ["schema_violation", ["(whole body)"]], "one's own are enforced");
  await paste(page, "schema", '{"propertys": {}}');
  assert.match(await page.locator("#schema-problem").textContent(), /propertys.*properties/);
  assert.equal((await shown(page)).verdict, "accepted", "and the delivery is judged without it");
  await assertClean(opened, host.url);
  await opened.context.close();
});

test("a definition of one's own is taken where the build takes one", async (t) => {
  const host = await serve();
  t.after(() => host.stop());
  const opened = await open(browser, host.url);
  const { page } = opened;
  await page.locator("#provider").click();
  await page.locator("#provider").fill("own definition");
  const offered = await page.locator('[role="option"]:not([aria-disabled])').count();
  const { createVerifier } = await import("../../pkg/dist/index.js");
  const definition = {
    name: "mine",
    title: "Mine",
    docs: "https://example.com/",
    event: { type: ["/type"] },
    schemes: [
      {
        name: "hmac",
        algorithm: "hmac-sha256",
        encoding: "hex",
        signed_content: "{body}",
        secret: "utf8",
        headers: [{ signature: "x-mine" }],
      },
    ],
  };
  let takes = true;
  try {
    createVerifier(definition, { secret: "secret" });
  } catch {
    takes = false;
  }
  assert.equal(offered > 0, takes, "it is offered exactly where the package takes definitions");
  if (!takes) {
    await opened.context.close();
    t.diagnostic("this build of the package takes no definitions yet, so none is offered");
    return;
  }
  await page.keyboard.press("Enter");
  await paste(page, "definition", JSON.stringify(definition));
  const { createHmac } = await import("node:crypto");
  const signature = createHmac("sha256", "secret").update('{"type":"a"}').digest("hex");
  await paste(page, "headers", `POST / HTTP/1.1\nx-mine: ${signature}\n\n{"type":"a"}`);
  await enterSecrets(page, ["secret"]);
  assert.equal((await shown(page)).verdict, "accepted");
  await assertClean(opened, host.url);
  await opened.context.close();
});
