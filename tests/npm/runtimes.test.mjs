// The same suite on every runtime, with the package installed from its tarball.

import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { RUNTIMES } from "../../scripts/runtimes.mjs";
import { read, root } from "./data.mjs";
import { project } from "./packed.mjs";

const data = read();

// Deno without a single permission.
for (const { name, program, args } of RUNTIMES) {
  const skip = program === undefined && `npm has no ${name} for this machine, or it is not installed`;
  test(name, { skip }, (t) => {
    const { run } = suite(t);
    assertPassed(run(program, ...args, "run-suite.mjs"));
  });
}

test("workerd, through the workerd condition", async (t) => {
  const { folder, write } = suite(t);
  write("worker.js", `import * as library from "hookwarden";
import { CODES } from "hookwarden/errors";
import { webhook } from "hookwarden/fetch";
import { memoryStore } from "hookwarden/stores";
import data from "./data.js";
import { runFetch } from "./fetch-suite.mjs";
import { run } from "./suite.mjs";
// At module scope, as users write it.
const verifier = library.createVerifier("audian", { secret: "s" });
export default {
  async fetch() {
    const { code } = verifier.verify({}, "{}");
    const failures = [...run({ ...library, CODES }, data), ...(await runFetch({ ...library, webhook, memoryStore }))];
    return Response.json({ code, failures, vectors: data.vectors.length, samples: 0 });
  },
};`);
  // As wrangler bundles: the condition workerd, wasm as a module of its own.
  const { outputFiles } = await build({
    absWorkingDir: folder, entryPoints: ["worker.js"], bundle: true, format: "esm", write: false, outdir: folder,
    conditions: ["workerd", "worker", "browser"], external: ["*.wasm"], logLevel: "error",
  });
  const [{ text: script }] = outputFiles;
  assert.ok(!script.includes("inflateRawSync"), "the default entry was bundled");
  const wasm = readFileSync(join(folder, "node_modules/hookwarden/dist/hookwarden_bg.wasm"));
  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    // For signatures by public keys.
    compatibilityFlags: ["nodejs_compat"],
    modules: [
      { type: "ESModule", path: "worker.js", contents: script },
      { type: "CompiledWasm", path: "hookwarden_bg.wasm", contents: wasm },
    ],
  });
  t.after(() => miniflare.dispose());
  const reply = await (await miniflare.dispatchFetch("http://localhost/")).json();
  assert.equal(reply.code, "signature_missing");
  assertPassed(JSON.stringify(reply));
});

function suite(t) {
  const made = project(t, { type: "module" });
  made.write("data.js", `export default ${JSON.stringify(data)};\n`);
  for (const file of ["suite.mjs", "fetch-suite.mjs", "run-suite.mjs"]) {
    copyFileSync(join(root, "tests/npm", file), join(made.folder, file));
  }
  return made;
}

function assertPassed(output) {
  const { vectors, failures } = JSON.parse(output);
  assert.ok(failures.length === 0, `${failures.length} failures:\n${failures.join("\n")}`);
  assert.equal(vectors, data.vectors.length);
}
