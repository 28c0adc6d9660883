// How long the page takes from a pasted body to the verdict on the screen: `node scripts/page-bench.mjs`, after
// `cargo xtask build page`. The body is JSON as transcripts are, and the signature is right.

import { newEvent } from "./gateway.mjs";
import { sign } from "./sign.mjs";
import { chooseProvider, enterSecrets, launch, open, pasteQuickly, shown } from "../tests/browser/browser.mjs";
import { serve } from "../tests/browser/static-server.mjs";

const SECRET = "secret";
const ROUNDS = 15;

function bodyOf(bytes) {
  const words = (payload) => {
    payload.data.words = [];
    for (let at = 0; JSON.stringify(payload.data.words[0] ?? "").length * at < bytes; at += 1) {
      payload.data.words.push({ word: "hello", start: 1.25, end: 1.5, speaker: 7 });
    }
  };
  return newEvent("efficlose", words, "transcript.generated").toString();
}

const host = await serve();
const browser = await launch();
const { page } = await open(browser, host.url);
await chooseProvider(page, "Efficlose");
await enterSecrets(page, [SECRET]);
console.log(`${"body".padEnd(12)}${"median".padStart(10)}${"fastest".padStart(10)}${"slowest".padStart(10)}`);
for (const bytes of [1000, 10_000, 100_000, 1_000_000]) {
  const body = bodyOf(bytes);
  const [[, signature]] = sign("efficlose", null, { secret: SECRET, body, now: 0 });
  await pasteQuickly(page, "headers", `X-Webhook-Signature: ${signature}`);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await pasteQuickly(page, "body", "{}");
    times.push(
      await page.evaluate(async (text) => {
        const content = document.getElementById("body").shadowRoot.querySelector(".cm-content");
        document.getElementById("body").shadowRoot.getSelection().selectAllChildren(content);
        await new Promise((resolve) => setTimeout(resolve, 30));
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        const started = performance.now();
        content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        await new Promise((resolve) => {
          const observer = new MutationObserver(() => {
            if (document.documentElement.dataset.judged !== "done") return;
            observer.disconnect();
            resolve();
          });
          observer.observe(document.documentElement, { attributeFilter: ["data-judged"] });
        });
        return performance.now() - started;
      }, body),
    );
  }
  if ((await shown(page)).verdict !== "accepted") throw new Error(`not accepted: ${JSON.stringify(await shown(page))}`);
  times.sort((one, other) => one - other);
  const row = [times[Math.floor(ROUNDS / 2)], times[0], times.at(-1)].map((time) =>
    `${time.toFixed(1)} ms`.padStart(10),
  );
  console.log(`${`${Math.round(body.length / 1000)} KB`.padEnd(12)}${row.join("")}`);
}
await browser.close();
await host.stop();
