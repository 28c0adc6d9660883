// The pictures of the page and the dashboard in docs/: `node scripts/page-shots.mjs`, after `cargo xtask build`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, open, settled } from "../tests/browser/browser.mjs";
import { serve } from "../tests/browser/static-server.mjs";
import { newEvent, root, start as startGateway } from "./gateway.mjs";
import { start as startOrigin } from "./origin.mjs";
import { withPalette } from "./png.mjs";
import { sign } from "./sign.mjs";

const WIDE = { width: 1280, height: 1160 };
const PAGE_SHOTS = [
  { name: "page-rejected", sample: "parsed", viewport: WIDE, colorScheme: "light" },
  { name: "page-schema-dark", sample: "schema", viewport: WIDE, colorScheme: "dark" },
  { name: "page-phone", sample: "old", viewport: { width: 390, height: 844 }, colorScheme: "light" },
];
const DASHBOARD_SHOTS = [
  { name: "dashboard", shows: story, viewport: WIDE, colorScheme: "light" },
  { name: "dashboard-dark", shows: letters, viewport: { width: 1280, height: 820 }, colorScheme: "dark" },
];

async function keep(name, page) {
  const path = join(root, `docs/${name}.png`);
  const picture = withPalette(await page.screenshot());
  writeFileSync(path, picture);
  console.log(`${path}: ${Math.round(picture.length / 1000)} KB`);
}

async function pageShots(browser) {
  const host = await serve();
  for (const { name, sample, ...options } of PAGE_SHOTS) {
    const { page, context } = await open(browser, host.url, { ...options, reducedMotion: "reduce" });
    await page.locator(`[data-sample="${sample}"]`).click();
    await page.waitForFunction(() => document.getElementById("verdict").dataset.state !== "empty");
    await settled(page);
    const isPhone = options.viewport.width < 560;
    await page.evaluate((phone) => (phone ? document.getElementById("verdict").scrollIntoView() : scrollTo(0, 0)), isPhone);
    await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
    await keep(name, page);
    await context.close();
  }
  await host.stop();
}

async function dashboardShots(browser) {
  const token = "an admin token for pictures";
  const origin = await startOrigin();
  const settings = { origin: `${origin.url}/hooks`, insecure_origin: true };
  const gateway = await startGateway({
    sources: {
      audian: { provider: "audian", store: "durable-object", schema: "enforce", ...settings },
      efficlose: { provider: "efficlose", ...settings },
    },
    secrets: { AUDIAN_SECRET: "secret", EFFICLOSE_SECRET: "secret" },
    vars: { ADMIN_TOKEN: token },
    page: true,
  });
  await gateway.ask("LOG", "v1", [["record", yesterday(Date.now())]]);
  await justNow(gateway, origin);
  for (const { name, shows, ...options } of DASHBOARD_SHOTS) {
    const ready = (page) => page.locator("#token").waitFor();
    const address = `${gateway.url}/_hookwarden/dashboard.html`;
    const { page, context } = await open(browser, address, { ready, reducedMotion: "reduce", ...options });
    await page.locator("#token").fill(token);
    await page.keyboard.press("Enter");
    await page.locator("#codes button").first().waitFor();
    await shows(page);
    await page.evaluate(() => scrollTo(0, 0));
    await keep(name, page);
    await context.close();
  }
  await gateway.stop();
  await origin.stop();
}

async function story(page) {
  await page.locator("#deliveries-list .entry", { hasText: "replay" }).first().click();
  await page.locator("#delivery-attempts button").first().click();
  await page.locator('#delivery-stages [data-stage="schema"][data-state="fail"]').waitFor();
  await page.mouse.move(0, 0);
}

async function letters(page) {
  await page.locator("#letters-tab").click();
  await page.locator("#letters-list .entry").last().click();
  await page.locator("#letter-whole").waitFor();
  await page.locator("#letters-list input").first().check();
  await page.mouse.move(0, 0);
}

/** Lines as the gateway writes them, made up: a day with its night, and a secret that was changed at one side only. */
function yesterday(now) {
  const lines = [];
  let random = 7;
  const next = () => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let minutes = 1_439; minutes > 5; minutes -= 2) {
    const at = now - minutes * 60_000;
    const busy = 0.12 + 0.8 * Math.sin((Math.PI * minutes) / 1_440) ** 2;
    if (next() > busy) continue;
    const source = next() < 0.6 ? "audian" : "efficlose";
    const isChanged = source === "efficlose" && minutes > 420 && minutes < 560;
    const code = isChanged ? "signature_mismatch" : next() < 0.03 ? "origin_timeout" : null;
    const isRejected = isChanged;
    const event = { audian: "call.completed", efficlose: "meeting.created" }[source];
    lines.push([
      at,
      JSON.stringify({
        ...{ via: "sender", source, provider: source, verdict: isRejected ? "rejected" : "accepted", code },
        ...{ event_type: isRejected ? null : event, event_id: null, schema: isRejected ? null : "valid", key: null },
        ...{ duplicate: false, secret: isRejected ? null : 0, status: isRejected ? 401 : code === null ? 200 : 504 },
        ...{ origin_status: code === null ? 200 : null, body_ms: 1, store_ms: 4, origin_ms: 40 },
      }),
    ]);
  }
  return lines;
}

/** Real deliveries, some of which become dead letters, of which one is replayed. */
async function justNow(gateway, origin) {
  const deliver = async (source, body, secret = "secret") => {
    const headers = sign(source, null, { secret, body, now: Math.floor(Date.now() / 1000) });
    await (await fetch(`${gateway.url}/${source}`, { method: "POST", headers, body })).arrayBuffer();
  };
  const broken = () => newEvent("audian", (payload) => (payload.data = "nothing"));
  const api = async (path, method = "GET") => {
    const headers = { authorization: "Bearer an admin token for pictures" };
    return (await fetch(`${gateway.url}/_hookwarden/api/${path}`, { method, headers })).json();
  };
  for (let count = 0; count < 3; count += 1) await deliver("audian", broken());
  const [letter, other] = (await api("dead-letters")).dead_letters;
  const body = newEvent("efficlose");
  await deliver("efficlose", body);
  await deliver("efficlose", body);
  await deliver("audian", newEvent("audian"), "wrong");
  origin.next({ status: 500 });
  await api(`dead-letters/${other.id}/replay`, "POST");
  await deliver("audian", newEvent("audian"));
  await api(`dead-letters/${letter.id}/replay`, "POST");
}

const browser = await launch();
await pageShots(browser);
await dashboardShots(browser);
await browser.close();
