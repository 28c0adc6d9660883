// What bundlers make of the package, with their defaults.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { project } from "./packed.mjs";

// The README's promise.
const BUDGET = 360_000;

const PROGRAM = `import { createVerifier, sign } from "hookwarden";
const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
const { event } = createVerifier("audian", { secret: "s" }).assert(sign("audian", body, { secret: "s" }), body);
console.log(event.type, event.known);
`;

function consumer(t) {
  const made = project(t, { type: "module" });
  made.write("main.js", PROGRAM);
  return made;
}

/** The bundle alone, where no package can be found. */
function assertRuns(folder, file, write) {
  write(`${folder}/package.json`, `{"type":"${file.endsWith(".cjs") ? "commonjs" : "module"}"}`);
  assert.equal(execFileSync(process.execPath, [file], { encoding: "utf8" }), "call.failed true\n");
}

for (const [platform, format, extension] of [["browser", "esm", "js"], ["node", "esm", "js"], ["node", "cjs", "cjs"]]) {
  test(`esbuild, ${platform}, ${format}`, async (t) => {
    const { folder, write } = consumer(t);
    const outfile = join(folder, "out", `main.${extension}`);
    const options = { absWorkingDir: folder, bundle: true, platform, format, minify: true, logLevel: "error" };
    const { warnings } = await build({ ...options, entryPoints: ["main.js"], outfile });
    assert.deepEqual(warnings, []);
    assertRuns("out", outfile, write);
    const size = readFileSync(outfile).length;
    t.diagnostic(`${size} bytes minified`);
    assert.ok(size <= BUDGET, `${size} bytes`);
  });
}

test("Vite", async (t) => {
  const { folder, write } = consumer(t);
  const { build } = await import("vite");
  write("index.html", '<script type="module" src="./main.js"></script>');
  await build({ root: folder, logLevel: "silent", build: { modulePreload: false } });
  const assets = join(folder, "dist/assets");
  const files = readdirSync(assets);
  assert.equal(files.length, 1, files.join());
  const file = join(assets, files[0]);
  t.diagnostic(`${readFileSync(file).length} bytes minified`);
  assertRuns("dist", file, write);
});

for (const target of ["web", "node20"]) {
  test(`webpack, ${target}`, async (t) => {
    const { folder, write } = consumer(t);
    const { default: webpack } = await import("webpack");
    const output = { path: join(folder, "out"), filename: "main.cjs" };
    const stats = await new Promise((resolve, reject) =>
      webpack({ context: folder, entry: "./main.js", mode: "production", target, output, performance: false }).run(
        (error, stats) => (error ? reject(error) : resolve(stats)),
      ),
    );
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual([...errors, ...warnings], []);
    assertRuns("out", join(folder, "out/main.cjs"), write);
  });
}

test("explain, for a page", async (t) => {
  const { folder, write } = project(t, { type: "module" });
  write("main.js", `import { sign } from "hookwarden";
import { explain } from "hookwarden/explain";
const { findings } = explain("audian", { secret: "s " }, sign("audian", "{}", { secret: "s" }), "{}");
console.log(findings.map(({ id }) => id).join());
`);
  const outfile = join(folder, "out/main.js");
  const options = { absWorkingDir: folder, bundle: true, platform: "browser", format: "esm", logLevel: "error" };
  const { warnings } = await build({ ...options, entryPoints: ["main.js"], outfile });
  assert.deepEqual(warnings, []);
  write("out/package.json", '{"type":"module"}');
  assert.equal(execFileSync(process.execPath, [outfile], { encoding: "utf8" }), "secret_whitespace\n");
});
