// Chromium with the page in it, and what a person does there.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

/** Where `cargo xtask test browser` found or installed it. */
const executablePath = process.env.HOOKWARDEN_CHROMIUM ?? "/usr/bin/chromium";

export async function launch() {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
}

/**
 * Opens the page in a context of its own: `{ page, context, hosts, problems }`. `hosts` are those that anything was
 * asked of, `problems` what the browser complained about: a violated policy, an error, a request that failed.
 */
export async function open(browser, url, options = {}) {
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
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(url);
  await settled(page);
  return { page, context, hosts, problems };
}

/** Waits until the newest question is answered, and its reasons are found. */
export async function settled(page) {
  await page.waitForFunction(
    () => {
      const { judged, explained } = document.documentElement.dataset;
      return judged === "done" && explained !== "pending";
    },
    undefined,
    { timeout: 60_000 },
  );
}

/** Pastes into one of the editors as a person does: through the clipboard. */
export async function paste(page, into, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await focus(page, into);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
  await settled(page);
}

/** The same without the clipboard, for many: the editor is handed the event that a paste is. */
export async function pasteQuickly(page, into, text, { explained = false } = {}) {
  await page.evaluate(
    async ([into, text]) => {
      const content = document.getElementById(into).shadowRoot.querySelector(".cm-content");
      content.focus();
      document.getElementById(into).shadowRoot.getSelection?.().selectAllChildren(content);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    },
    [into, text],
  );
  await (explained ? settled(page) : judged(page));
}

/** Waits until the newest question is answered. */
export async function judged(page) {
  await page.waitForFunction(() => document.documentElement.dataset.judged === "done", undefined, { timeout: 60_000 });
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
  return page.evaluate(() => {
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
  });
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
