// How long `require("hookwarden")` to the first verdict takes: a whole Node.js process that does it, less one that does
// nothing, in turns. `node scripts/startup.mjs [runs]`, after `cargo xtask build npm`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const entry = join(import.meta.dirname, "../pkg/dist/index.js");
const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });

const PROGRAMS = {
  empty: "",
  // A genuine delivery, so that every stage runs. Signed beforehand: HMAC-SHA256 of "1700000000." and the body.
  verdict: `const { createVerifier } = require(${JSON.stringify(entry)});
const verifier = createVerifier("audian", { secret: "s" });
const headers = ${JSON.stringify(await signed())};
if (verifier.verify(headers, ${JSON.stringify(body)}, { now: 1700000000 }).code !== null) process.exitCode = 1;
`,
};

async function signed() {
  const { sign } = await import("./sign.mjs");
  return Object.fromEntries(sign("audian", "hmac", { secret: "s", body, now: 1_700_000_000 }));
}

/** Milliseconds that the verdict costs: the smallest and the middle of the differences. */
export function measure(runs) {
  const folder = mkdtempSync(join(tmpdir(), "hookwarden-startup-"));
  try {
    const times = { empty: [], verdict: [] };
    for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, `${name}.cjs`), text);
    for (let run = 0; run < runs; run += 1) {
      for (const name of Object.keys(PROGRAMS)) {
        const begin = process.hrtime.bigint();
        const { status } = spawnSync(process.execPath, [join(folder, `${name}.cjs`)], { stdio: "ignore" });
        if (status !== 0) throw new Error(`${name} ended with ${status}`);
        times[name].push(Number(process.hrtime.bigint() - begin) / 1e6);
      }
    }
    const sorted = Object.values(times).map((all) => all.sort((a, b) => a - b));
    const cost = (at) => sorted[1][at] - sorted[0][at];
    return { least: cost(0), median: cost(Math.floor(runs / 2)), empty: sorted[0][0] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const { least, median, empty } = measure(Number(process.argv[2] ?? 30));
  console.log(`require to first verdict: ${median.toFixed(1)} ms (median), ${least.toFixed(1)} ms (least)`);
  console.log(`an empty script: ${empty.toFixed(1)} ms`);
}
