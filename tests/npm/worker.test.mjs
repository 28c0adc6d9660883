// A Worker that imports the packed package, bundled by wrangler and run in workerd.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { assertProblem, event, headersOf, post, SECRET } from "./deliveries.mjs";
import { project, tool } from "./packed.mjs";

process.env.WRANGLER_SEND_METRICS = "false";

const CONFIG = `name = "consumer"
main = "worker.js"
compatibility_date = "2026-04-01"

[[kv_namespaces]]
binding = "DEDUPE"
id = "00000000000000000000000000000000"
`;

const WORKER = `import { createVerifier } from "hookwarden";
import { webhook } from "hookwarden/fetch";
import { kvStore } from "hookwarden/stores";

// Made where a Worker starts: there it has no time, no network and nothing random.
const other = createVerifier("efficlose", { secret: "of another provider" });
const signed = other.sign("{}");
let dedupe;

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/other") return Response.json(other.verify(signed, "{}"));
    dedupe ??= kvStore(env.DEDUPE);
    const options = { secret: env.AUDIAN_SECRET, dedupe, maxBodyBytes: 1000 };
    const handle = webhook("audian", options, ({ event: { type, id, known }, store }) =>
      Response.json({ type, id, known, store }));
    return handle(request, env, context);
  },
};
`;

test("a Worker, bundled by wrangler", async (t) => {
  const { folder, write, run } = project(t, { type: "module" });
  write("wrangler.toml", CONFIG);
  write("worker.js", WORKER);
  run(tool("wrangler"), "deploy", "--dry-run", "--outdir", "out");
  const out = (name) => join(folder, "out", name);
  const wasm = readdirSync(out("")).filter((name) => name.endsWith(".wasm"));
  assert.equal(wasm.length, 1, wasm.join());
  const shipped = join(folder, "node_modules/hookwarden/dist/hookwarden_bg.wasm");
  assert.ok(readFileSync(out(wasm[0])).equals(readFileSync(shipped)));
  const script = readFileSync(out("worker.js"), "utf8");
  assert.equal(script.match(/^import .*\.wasm";$/gm)?.length, 1);
  assert.ok(!/[A-Za-z0-9+/]{10000}/.test(script), "the wasm as text was bundled");
  t.diagnostic(`${script.length} bytes of JavaScript`);

  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    modules: [
      { type: "ESModule", path: "worker.js", contents: script },
      { type: "CompiledWasm", path: wasm[0], contents: readFileSync(out(wasm[0])) },
    ],
    kvNamespaces: ["DEDUPE"],
    bindings: { AUDIAN_SECRET: SECRET },
  });
  t.after(() => miniflare.dispose());
  const { port } = await miniflare.ready;

  const body = event("evt_1");
  const genuine = await post(port, body);
  assert.equal(genuine.status, 200);
  assert.deepEqual(await genuine.json(), { type: "call.failed", id: "evt_1", known: true, store: "claimed" });
  const again = await post(port, body);
  assert.deepEqual([again.status, again.headers.get("x-hookwarden-duplicate"), await again.text()], [200, "true", ""]);
  await assertProblem(await post(port, `${body} `, { headers: headersOf(body) }), 401, "signature_mismatch");
  await assertProblem(await post(port, event("x".repeat(2000))), 413, "payload_too_large");
  const other = await (await post(port, "", { path: "/other" })).json();
  assert.deepEqual([other.provider, other.verdict], ["efficlose", "accepted"]);
  assert.equal((await (await miniflare.getKVNamespace("DEDUPE")).list()).keys.length, 1);
});
