// What is special about single frameworks: parsers that ran first, bytes that a platform kept, what comes afterwards.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { serve } from "@hono/node-server";
import express5 from "express";
import express4 from "express-4";
import fastify from "fastify";
import { Hono } from "hono";
import { createVerifier, HookwardenError } from "../../pkg/dist/index.js";
import { webhook as forExpress } from "../../pkg/dist/express.js";
import { webhook as forFastify } from "../../pkg/dist/fastify.js";
import { webhook as forFetch } from "../../pkg/dist/fetch.js";
import { webhook as forHono } from "../../pkg/dist/hono.js";
import { webhook as forNode } from "../../pkg/dist/node.js";
import { memoryStore } from "../../pkg/dist/stores.js";
import { event, headersOf, post, SECRET } from "./deliveries.mjs";
import { listen } from "./servers.mjs";

const OPTIONS = { secret: SECRET };

for (const [name, express] of [["Express 4", express4], ["Express 5", express5]]) {
  /** An app with something before the middleware, and a handler after it. */
  async function app(t, before, after = (req, res) => res.json({ id: req.webhook.event.id, body: req.body })) {
    const made = express();
    for (const middleware of [before].flat()) made.use(middleware);
    made.post("/webhooks", forExpress("audian", OPTIONS), after);
    made.use((error, req, res, next) => res.status(500).json({ code: error.code, message: error.message }));
    const { port, stop } = await listen(createServer(made));
    t.after(stop);
    return port;
  }

  for (const [parser, before] of [
    ["json", express.json()],
    ["urlencoded", express.urlencoded({ type: () => true, extended: true })],
  ]) {
    test(`${name}: after express.${parser}() there is an error that says what to do`, async (t) => {
      const response = await post(await app(t, before), event());
      const { code, message } = await response.json();
      assert.deepEqual([response.status, code], [500, "body_parsed"]);
      assert.match(message, /Mount webhook\(\) before express\.json\(\)/);
    });
  }

  const keep = (keeps) => express.json({ verify: (req, _, bytes) => { req.rawBody = keeps(bytes); } });
  for (const [what, before] of [
    ["a parser that is for another type", express.json({ type: "application/xml" })],
    ["express.raw()", express.raw({ type: () => true })],
    ["express.text()", express.text({ type: () => true })],
    ["a Buffer in req.rawBody, as NestJS and Google Cloud Functions give it", keep((bytes) => bytes)],
    ["text in req.rawBody", keep((bytes) => bytes.toString())],
    ["a request without raw headers, as serverless platforms make it", (req, _, next) => {
      Object.defineProperty(req, "rawHeaders", { value: [] });
      next();
    }],
  ]) {
    test(`${name}: ${what}`, async (t) => {
      const port = await app(t, before);
      const body = event("evt_1");
      const response = await post(port, body);
      assert.deepEqual(await response.json(), { id: "evt_1", body: JSON.parse(body) });
      assert.equal((await post(port, `${body} `, { headers: headersOf(body) })).status, 401);
    });
  }

  test(`${name}: the limit holds for what a platform has read, too`, async (t) => {
    const made = express().use(express.raw({ type: () => true }), forExpress("audian", { ...OPTIONS, maxBodyBytes: 10 }));
    const { port, stop } = await listen(createServer(made));
    t.after(stop);
    assert.equal((await post(port, event())).status, 413);
  });

  test(`${name}: an asynchronous middleware before, and a parser after`, async (t) => {
    const later = (req, res, next) => setTimeout(next, 20);
    const port = await app(t, later, [
      express.json(),
      (req, res) => {
        const first = req.body;
        req.body = "replaced";
        res.json([first === req.webhook.payload, first.id, req.body, Object.keys(req).includes("body")]);
      },
    ]);
    assert.deepEqual(await (await post(port, event("evt_1"))).json(), [true, "evt_1", "replaced", true]);
  });

  test(`${name}: another route and its parser are not disturbed`, async (t) => {
    const made = express();
    made.post("/webhooks", forExpress("audian", OPTIONS), (req, res) => res.sendStatus(204));
    made.use(express.json());
    made.post("/other", (req, res) => res.json(req.body));
    const { port, stop } = await listen(createServer(made));
    t.after(stop);
    assert.equal((await post(port, event())).status, 204);
    const headers = { "content-type": "application/json" };
    const other = await fetch(`http://127.0.0.1:${port}/other`, { method: "POST", headers, body: '{"a":1}' });
    assert.deepEqual(await other.json(), { a: 1 });
  });
}

test("Fastify: other scopes keep their parsers, and two sources their own scopes", async (t) => {
  const app = fastify();
  app.post("/other", async (request) => request.body);
  for (const [path, secret] of [["/webhooks", SECRET], ["/second", "another"]]) {
    app.register(async (scope) => {
      scope.register(forFastify("audian", { secret }));
      scope.post(path, async (request) => ({ id: request.webhook.event.id, same: request.body === request.webhook.payload }));
    });
  }
  await app.ready();
  const { port, stop } = await listen(app.server);
  t.after(stop);
  const body = event("evt_1");
  assert.deepEqual(await (await post(port, body)).json(), { id: "evt_1", same: true });
  const other = { method: "POST", headers: headersOf(body), body };
  assert.equal((await fetch(`http://127.0.0.1:${port}/second`, other)).status, 401);
  assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/other`, other)).json(), JSON.parse(body));
  // Neither the content type nor its absence matters.
  for (const type of ["text/plain", "application/x-www-form-urlencoded", undefined]) {
    const headers = { ...headersOf(body), "content-type": type };
    if (type === undefined) delete headers["content-type"];
    assert.equal((await post(port, Buffer.from(body), { headers })).status, 200, type);
  }
});

test("Hono: what reads the body before and after", async (t) => {
  const app = new Hono();
  app.onError((error, c) => c.json({ code: error.code }, 500));
  app.use("/webhooks", async (c, next) => {
    const method = c.req.header("x-test-before");
    if (method !== undefined) await c.req[method]();
    await next();
  });
  app.post("/webhooks", forHono("audian", OPTIONS), async (c) =>
    c.json([c.var.webhook.event.id, (await c.req.json()).id, (await c.req.text()).length]));
  const { port, stop } = await new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve({ port, stop: () => server.close() }));
  });
  t.after(stop);
  const body = event("evt_1");
  const before = (method) => post(port, body, { headers: { ...headersOf(body), ...method && { "x-test-before": method } } });
  for (const method of [undefined, "arrayBuffer"]) {
    assert.deepEqual(await (await before(method)).json(), ["evt_1", "evt_1", body.length]);
  }
  for (const method of ["json", "text"]) {
    const response = await before(method);
    assert.deepEqual([response.status, await response.json()], [500, { code: "body_parsed" }]);
  }
});

const request = (body, init) => new Request("https://example.com/", { method: "POST", headers: headersOf(body), body, ...init });

test("Fetch: a handler without an answer, its context, and waitUntil", async () => {
  const seen = [];
  const handle = forFetch("audian", { ...OPTIONS, dedupe: memoryStore() }, (webhook, request, env, context) => {
    seen.push([webhook.event.id, request.method, env, typeof context.waitUntil]);
  });
  const waited = [];
  const context = { waitUntil: (promise) => waited.push(promise) };
  const response = await handle(request(event("evt_1")), { NAME: "x" }, context);
  assert.equal(response.status, 204);
  assert.deepEqual(seen, [["evt_1", "POST", { NAME: "x" }, "function"]]);
  assert.equal(waited.length, 1);
  await waited[0];
});

test("Fetch: what the handler throws is thrown on, and the event is free at once", async () => {
  let turn = 0;
  const handle = forFetch("audian", { ...OPTIONS, dedupe: memoryStore() }, () => {
    turn += 1;
    if (turn === 1) throw new TypeError("broken");
  });
  const body = event();
  await assert.rejects(handle(request(body)), TypeError);
  assert.equal((await handle(request(body))).status, 204);
  // Settled before the answer is given.
  assert.ok((await handle(request(body))).headers.has("x-hookwarden-duplicate"));
  assert.equal(turn, 2);
});

test("Fetch: a body that was read already", async () => {
  const handle = forFetch("audian", OPTIONS, () => {});
  const read = request(event());
  await read.json();
  await assert.rejects(handle(read), { code: "body_parsed" });
});

test("Fetch: a stream that breaks off, and one that never ends", async () => {
  const stream = (pull) => ({ body: new ReadableStream({ pull }), duplex: "half" });
  const handle = forFetch("audian", OPTIONS, () => assert.fail("half a body was judged"));
  const broken = stream((controller) => controller.error(new Error("gone")));
  assert.equal((await handle(request("", broken))).status, 400);
  const endless = stream((controller) => controller.enqueue(new Uint8Array(65_536)));
  assert.equal((await handle(request("", endless))).status, 413);
});

test("node:http: an answer that was begun is broken off, not completed", async (t) => {
  const errors = [];
  const listener = forNode("audian", { ...OPTIONS, onError: (error) => errors.push(error.message) }, (_, __, response) => {
    response.writeHead(200).write("half");
    throw new Error("broken");
  });
  const { port, stop } = await listen(createServer(listener));
  t.after(stop);
  await assert.rejects(async () => (await post(port, event())).text());
  assert.deepEqual(errors, ["broken"]);
});

test("a verifier, and a function that makes one when it is needed", async () => {
  const body = event();
  const verifier = createVerifier("audian", OPTIONS);
  let made = 0;
  const lazily = () => ((made += 1), verifier);
  for (const source of [verifier, lazily]) {
    const handle = forFetch(source, {}, () => {});
    assert.equal(made, 0);
    assert.equal((await handle(request(body))).status, 204);
    assert.equal((await handle(request(body))).status, 204);
  }
  assert.equal(made, 1);
});

test("mistakes are errors when the adapter is made", () => {
  const handler = () => {};
  const adapters = [forExpress, forFastify, forHono, (...args) => forNode(...args, handler), (...args) => forFetch(...args, handler)];
  for (const adapter of adapters) {
    for (const [code, ...args] of [
      ["secret_missing", "audian", { secret: undefined }],
      ["secret_missing", "audian", undefined],
      ["options_invalid", "audian", { ...OPTIONS, dedup: memoryStore() }],
      ["options_invalid", "audian", { ...OPTIONS, dedupe: {} }],
      ["options_invalid", "audian", { ...OPTIONS, dedupe: null }],
      ["options_invalid", "audian", { ...OPTIONS, maxBodyBytes: "1mb" }],
      ["options_invalid", "audian", { ...OPTIONS, lease: 0 }],
      ["options_invalid", "audian", { ...OPTIONS, fail: "shut" }],
      ["options_invalid", "audian", { ...OPTIONS, onError: "log" }],
      ["options_invalid", createVerifier("audian", OPTIONS), { secret: SECRET }],
      ["options_invalid", {}, {}],
      ["provider_unknown", "audain", OPTIONS],
    ]) {
      assert.throws(() => adapter(...args), (error) => error instanceof HookwardenError && error.code === code,
        `${code} for ${JSON.stringify(args)}`);
    }
  }
  assert.throws(() => forNode("audian", OPTIONS), { code: "options_invalid" });
  assert.throws(() => forFetch("audian", OPTIONS), { code: "options_invalid" });
});
