// What wrangler would upload: the shipped configuration is accepted, and the upload stays within its budget.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

const UPLOAD_BUDGET = 200_000;

test("wrangler accepts wrangler.toml and finds everything that it names", () => {
  const wrangler = spawnSync("node_modules/.bin/wrangler", ["deploy", "--dry-run"], {
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
  });
  assert.equal(wrangler.status, 0, wrangler.stdout + wrangler.stderr);
  const bindings = ["env.ASSETS", "env.DEDUPE", "env.EVENTS", "env.LOG", "env.FAILURES", "env.SOURCES"];
  for (const expected of [...bindings, "index_bg.wasm", "--dry-run: exiting now."]) {
    assert.ok(wrangler.stdout.includes(expected), `${expected} is missing from:\n${wrangler.stdout}`);
  }
});

test("the upload is small", (t) => {
  const uploaded = readdirSync("build").filter((name) => name === "index.js" || name.endsWith(".wasm"));
  const gzipped = uploaded.map((name) => gzipSync(readFileSync(`build/${name}`), { level: 9 }).length);
  const total = gzipped.reduce((sum, size) => sum + size);
  t.diagnostic(`${total} bytes gzipped`);
  assert.ok(uploaded.length >= 2);
  assert.ok(total < UPLOAD_BUDGET, `${total} bytes gzipped, ${UPLOAD_BUDGET} are allowed`);
});
