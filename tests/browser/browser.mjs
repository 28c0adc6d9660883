// Chromium with the page in it, and what a person does there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./static-server.mjs";

/** Where `cargo xtask test browser` found or installed it. */
const executablePath = process.env.HOOKWARDEN_CHROMIUM ?? "/usr/bin/chromium";

export async function launch() {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
}

/** What the tests of a file share: `{ browser, host }`, a browser and a static host with the page. */
export async function setUp() {
  const [browser, host] = await Promise.all([launch(), serve()]);
  after(async () => {
    await browser.close();
    await host.stop();
  });
  return { browser, host };
}

/**
 * Opens the page in a context of its own: `{ page, context, hosts, problems }`. `hosts` are those that anything was
 * asked of, `problems` what the browser complained about: a violated policy, an error, a request that failed. It is there
 * when `ready` is.
 */
export async function open(browser, url, { ready = settled, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const hosts = new Set();
  const problems = [];
  context.on("request", (request) => {
    const address = new URL(request.url());
    if (!["blob:", "data:"].includes(address.protocol)) hosts.add(address.host);
    else problems.push(`a request to ${address.protocol}`);
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
  await context.addInitScript(inPage);
  await page.goto(url);
  await ready(page);
  return { page, context, hosts, problems };
}

/** What the tests use in the page itself, so that a step costs one message to the browser and no waiting for frames. */
function inPage() {
  globalThis.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });

  /** Waits until an attribute of the document says so. */
  const until = (holds) =>
    new Promise((resolve, reject) => {
      const { documentElement } = document;
      const look = () => {
        if (!holds(documentElement.dataset)) return false;
        observer.disconnect();
        clearTimeout(timer);
        resolve();
        return true;
      };
      const observer = new MutationObserver(look);
      const timer = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`not judged: ${JSON.stringify({ ...documentElement.dataset })}`));
      }, 60_000);
      if (!look()) observer.observe(documentElement, { attributes: true });
    });
  const judged = () => until(({ judged }) => judged === "done");

  async function paste(into, text) {
    const holder = document.getElementById(into);
    const content = holder.shadowRoot.querySelector(".cm-content");
    const noticed = new Promise((resolve) => document.addEventListener("selectionchange", resolve, { once: true }));
    content.focus();
    holder.shadowRoot.getSelection?.().selectAllChildren(content);
    // There is no event where all was selected already.
    await Promise.race([noticed, new Promise((resolve) => setTimeout(resolve, 20))]);
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    // Until then, what was asked before counts as answered.
    await new Promise((resolve) => setTimeout(resolve));
    await judged();
  }

  function setClock(seconds) {
    const field = document.getElementById("clock");
    field.value = String(seconds);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function shown() {
    const text = (id) => document.getElementById(id).textContent.trim();
    const stages = [...document.querySelectorAll("#stages li")];
    return {
      verdict: document.getElementById("verdict").dataset.state,
      title: text("verdict-title"),
      code: document.getElementById("verdict-code").hidden ? null : text("verdict-code"),
      says: text("verdict-says"),
      stages: Object.fromEntries(stages.map((stage) => [stage.dataset.stage, stage.dataset.state])),
      told: Object.fromEntries(
        stages.map((stage) => [stage.dataset.stage, stage.querySelector(".stage-says").textContent]),
      ),
      findings: [...document.querySelectorAll("[data-finding]")].map((finding) => finding.dataset.finding),
      places: [...document.querySelectorAll("#places-list .place-path")].map((place) => place.textContent),
    };
  }

  const settled = () => until(({ judged, explained }) => judged === "done" && explained !== "pending");
  globalThis.tested = { judged, settled, paste, setClock, shown };
}

/** Waits until the newest question is answered, and its reasons are found. */
export async function settled(page) {
  await page.waitForFunction(() => document.documentElement.dataset.judged !== undefined);
  await page.evaluate(() => globalThis.tested.settled());
}

/** Pastes into one of the editors as a person does: through the clipboard. */
export async function paste(page, into, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await focus(page, into);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
  await settled(page);
}

/** The same without the clipboard: the editor is handed the event that a paste is. */
export async function pasteQuickly(page, into, text, { explained = false } = {}) {
  await page.evaluate(([into, text]) => globalThis.tested.paste(into, text), [into, text]);
  if (explained) await settled(page);
}

/** Waits until the newest question is answered. */
export async function judged(page) {
  await page.evaluate(() => globalThis.tested.judged());
}

export async function focus(page, editor) {
  await page.locator(`#${editor} .cm-content`).click();
}

/** The text of an editor, to the character. */
export function textIn(page, editor) {
  return page.evaluate((id) => {
    const content = document.getElementById(id).shadowRoot.querySelector(".cm-content");
    return content.cmTile?.view?.state.sliceDoc() ?? content.cmView?.view?.state.sliceDoc();
  }, editor);
}

/** What the page says: verdict, code, the state of each stage, the findings. */
export function shown(page) {
  return page.evaluate(() => globalThis.tested.shown());
}

/** Chooses a provider by typing its name, as one would. */
export async function chooseProvider(page, title) {
  await page.locator("#provider").click();
  await page.locator("#provider").fill(title);
  await page.keyboard.press("Enter");
  await settled(page);
}

export async function enterSecrets(page, secrets) {
  for (const [at, secret] of secrets.entries()) {
    if (at > 0 && (await page.locator(`#secret-${at + 1}`).count()) === 0) await page.locator("#secret-add").click();
    await page.locator(`#secret-${at + 1}`).fill(secret);
  }
  await judged(page);
}

/** Sets the clock of the verdict. */
export async function setClock(page, seconds) {
  await page.locator("#clock").fill(String(seconds));
  await judged(page);
}

/** Nothing may have been blocked, thrown or asked of another host. */
export async function assertClean({ page, hosts, problems }, url) {
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the Content-Security-Policy");
  assert.deepEqual(problems, [], "what the browser complained about");
  assert.deepEqual([...hosts], [new URL(url).host], "hosts that were asked");
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Nobody may be kept out by how it looks now, nor have to scroll sideways. */
export async function assertAccessible(page, what) {
  // By way of the debugger, which the page's policy does not bind.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`,
  );
  assert.deepEqual(found, [], what);
  await assertFits(page, what);
}

/** Nothing scrolls sideways. */
export async function assertFits(page, what) {
  const [content, shown] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= shown, `${what}: the page is ${content} px wide, the window ${shown}`);
}

/** Presses Tab until `focused` says that it is there. */
export async function tabTo(page, focused, wanted) {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused()) === wanted) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${wanted}, but ${await focused()}`);
}
