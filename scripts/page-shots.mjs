// The pictures of the page in docs/: `node scripts/page-shots.mjs`, after `cargo xtask build page`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, open, settled } from "../tests/browser/browser.mjs";
import { serve } from "../tests/browser/static-server.mjs";
import { root } from "./gateway.mjs";
import { withPalette } from "./png.mjs";

const SHOTS = [
  { name: "page-rejected", sample: "parsed", width: 1280, height: 1160, colorScheme: "light" },
  { name: "page-schema-dark", sample: "schema", width: 1280, height: 1160, colorScheme: "dark" },
  { name: "page-phone", sample: "old", width: 390, height: 844, colorScheme: "light" },
];

const host = await serve();
const browser = await launch();
for (const { name, sample, width, height, colorScheme } of SHOTS) {
  const { page, context } = await open(browser, host.url, {
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  if (sample !== undefined) {
    await page.locator(`[data-sample="${sample}"]`).click();
    await page.waitForFunction(() => document.getElementById("verdict").dataset.state !== "empty");
    await settled(page);
  }
  await page.evaluate(
    (phone) => (phone ? document.getElementById("verdict").scrollIntoView() : scrollTo(0, 0)),
    width < 560,
  );
  await page.waitForFunction(() => document.getElementById("offline").textContent !== "");
  const path = join(root, `docs/${name}.png`);
  const picture = withPalette(await page.screenshot());
  writeFileSync(path, picture);
  console.log(`${path}: ${Math.round(picture.length / 1000)} KB`);
  await context.close();
}
await browser.close();
await host.stop();
