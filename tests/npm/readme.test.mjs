// The programs of the READMEs, as they stand there, in an empty project that has the package.

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { root } from "./data.mjs";
import { event, headersOf, post, SECRET } from "./deliveries.mjs";
import { project } from "./packed.mjs";
import { freePort, program, start } from "./programs.mjs";

// What a user would have installed beside the package: under this name, from this folder of the repository's own.
const PROGRAMS = [
  { readme: "README.md", begins: 'import express from "express"', packages: { express: "express" }, name: "Express 5" },
  { readme: "README.md", begins: 'import express from "express"', packages: { express: "express-4" }, name: "Express 4" },
  { readme: "pkg/README.md", begins: 'import express from "express"', packages: { express: "express" }, name: "Express 5" },
  { readme: "pkg/README.md", begins: 'import express from "express"', packages: { express: "express-4" }, name: "Express 4" },
  { readme: "pkg/README.md", begins: 'import fastify from "fastify"', packages: { fastify: "fastify" }, name: "Fastify" },
  {
    readme: "pkg/README.md", begins: 'import { serve } from "@hono/node-server"', name: "Hono",
    packages: { hono: "hono", "@hono/node-server": "@hono/node-server" },
  },
  { readme: "pkg/README.md", begins: 'import { createServer } from "node:http"', packages: {}, name: "node:http" },
];

const BODY = event("evt_1");

for (const { readme, begins, packages, name } of PROGRAMS) {
  test(`${readme}: ${name}`, async (t) => {
    const { folder, write } = project(t, { type: "module" });
    link(folder, packages);
    const written = program(readme, begins);
    assert.ok(written.startsWith(begins));
    const port = await freePort();
    const moved = written.replace(/(listen\(|port: )3000/, `$1${port}`);
    assert.notEqual(moved, written);
    write("server.js", moved);
    const { printed, stop } = await start(t, folder, port, "server.js");
    assert.equal((await post(port, BODY)).status, 204);
    const refused = await post(port, `${BODY} `, { headers: headersOf(BODY) });
    assert.equal(refused.status, 401);
    assert.equal((await refused.json()).code, "signature_mismatch");
    await stop();
    assert.match(printed(), /call\.failed/);
    assert.match(printed(), /evt_1/, "the payload");
  });
}

/** A module of pkg/README.md, loaded in an empty project. */
async function load(t, line) {
  const { folder, write } = project(t, { type: "module" });
  write("module.js", program("pkg/README.md", line));
  process.env.AUDIAN_SECRET = SECRET;
  t.after(() => delete process.env.AUDIAN_SECRET);
  t.mock.method(console, "log", () => {});
  return import(pathToFileURL(join(folder, "module.js")));
}

const request = (body) =>
  new Request("https://example.com/webhooks", { method: "POST", headers: headersOf(BODY), body });

test("pkg/README.md: a route handler of Next.js", async (t) => {
  const { POST } = await load(t, "app/webhooks/route.js");
  assert.equal((await POST(request(BODY))).status, 204);
  assert.equal((await POST(request(`${BODY} `))).status, 401);
});

test("pkg/README.md: a Worker", async (t) => {
  const { default: worker } = await load(t, "env.EVENTS.send");
  const sent = [];
  const env = { AUDIAN_SECRET: SECRET, EVENTS: { send: async (payload) => sent.push(payload) } };
  const waited = [];
  const context = { waitUntil: (promise) => waited.push(promise) };
  assert.equal((await worker.fetch(request(BODY), env, context)).status, 204);
  assert.equal((await worker.fetch(request(`${BODY} `), env, context)).status, 401);
  assert.deepEqual(sent, [JSON.parse(BODY)]);
  assert.equal(waited.length, 2);
});

test("pkg/README.md: Lambda", async (t) => {
  const { handler } = await load(t, "isBase64Encoded");
  // Letters beyond ASCII, once as text and once as bytes.
  const body = BODY.replace("\\u00e9", "é€");
  assert.notEqual(body, BODY);
  const event = { headers: headersOf(body), requestContext: { http: { method: "POST" } } };
  const plain = await handler({ ...event, body, isBase64Encoded: false });
  assert.deepEqual([plain.statusCode, plain.body], [204, ""]);
  const coded = (text) => ({ ...event, body: Buffer.from(text).toString("base64"), isBase64Encoded: true });
  assert.equal((await handler(coded(body))).statusCode, 204);
  for (const tampered of [{ ...event, body: `${body} `, isBase64Encoded: false }, coded(`${body} `)]) {
    const refused = await handler(tampered);
    assert.equal(refused.statusCode, 401);
    assert.equal(JSON.parse(refused.body).code, "signature_mismatch");
    assert.equal(refused.headers["content-type"], "application/problem+json");
  }
  assert.equal((await handler(coded("x".repeat(2 ** 20 + 1)))).statusCode, 413);
  const get = await handler({ headers: {}, requestContext: { http: { method: "GET" } }, isBase64Encoded: false });
  assert.equal(get.statusCode, 405);
});

function link(folder, packages) {
  for (const [name, from] of Object.entries(packages)) {
    const target = join(folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, "node_modules", from), target, "junction");
  }
}
