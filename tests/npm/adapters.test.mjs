// What every adapter promises, on a real server of each framework, over real HTTP.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import "../../pkg/dist/explain.js";
import { createVerifier, definitions } from "../../pkg/dist/index.js";
import { memoryStore } from "../../pkg/dist/stores.js";
import { assertProblem, event, gate, head, headersOf, post, SECRET, socketTo, until } from "./deliveries.mjs";
import { FRAMEWORKS } from "./servers.mjs";

for (const { name, start, hangsUp } of FRAMEWORKS) {
  /** Starts a server that notes what its handler and its hooks were given. */
  async function serve(t, { source = "audian", handler = () => 200, ...options } = {}) {
    const notes = { handled: [], bodies: [], accepted: 0, duplicates: [], rejected: [], errors: [] };
    const { port, stop } = await start({
      source,
      options: {
        ...(typeof source === "string" && { secret: SECRET }),
        onAccepted: () => (notes.accepted += 1),
        onDuplicate: (_, state) => notes.duplicates.push(state),
        onRejected: ({ code }) => notes.rejected.push(code),
        onError: (error) => notes.errors.push(error.code ?? error.message),
        ...options,
      },
      handler(webhook, body) {
        notes.handled.push(webhook);
        notes.bodies.push(body);
        return handler(webhook, notes.handled.length);
      },
    });
    t.after(stop);
    return { port, notes };
  }

  test(`${name}: a genuine delivery reaches the handler with its event, payload and bytes`, async (t) => {
    const { port, notes } = await serve(t);
    const body = event("evt_1");
    assert.equal((await post(port, body)).status, 200);
    const [{ event: got, key, payload, store, verdict, body: bytes }] = notes.handled;
    assert.deepEqual([got.type, got.id, got.known], ["call.failed", "evt_1", true]);
    assert.deepEqual(payload, JSON.parse(body));
    assert.deepEqual(notes.bodies, [JSON.parse(body)]);
    assert.equal(Buffer.from(bytes).toString(), body);
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.deepEqual([store, verdict.verdict, notes.accepted], ["off", "accepted", 1]);
    assert.ok(!JSON.stringify(notes.handled).includes("2024-01-15"), "a payload is printed");
  });

  test(`${name}: what is refused does not reach the handler`, async (t) => {
    const { port, notes } = await serve(t);
    const body = event();
    const headers = headersOf(body);
    await assertProblem(await post(port, `${body} `, { headers }), 401, "signature_mismatch");
    await assertProblem(await post(port, body, { headers: {} }), 401, "signature_missing");
    const [[header, value]] = Object.entries(headers).filter(([name]) => name.includes("signature"));
    const twice = [...Object.entries(headers), [header, value]];
    await assertProblem(await post(port, body, { headers: twice }), 401, "signature_malformed");
    const get = await fetch(`http://127.0.0.1:${port}/webhooks`);
    await assertProblem(get, 405, "method_not_allowed");
    assert.equal(get.headers.get("allow"), "POST");
    const coded = await post(port, body, { headers: { ...headers, "content-encoding": "br" } });
    assert.equal(coded.headers.get("accept-encoding"), "gzip, identity");
    await assertProblem(coded, 415, "encoding_unsupported");
    assert.equal((await post(port, "", { headers: headersOf("") })).status, 200, "an empty body is a body");
    assert.equal(notes.handled.length, 1);
    assert.equal(notes.rejected.length, 5);
    assert.deepEqual(notes.errors, []);
  });

  test(`${name}: a body that was compressed on its way is judged and handed on as it was signed`, async (t) => {
    const { port, notes } = await serve(t, { maxBodyBytes: 1000 });
    const send = (content, { zipped = gzipSync(content), coding = "gzip", headers = headersOf(content) } = {}) =>
      post(port, zipped, { headers: { ...headers, "content-encoding": coding } });
    const body = event("evt_1");
    assert.equal((await send(body)).status, 200);
    assert.equal((await send(body, { coding: "X-GZIP" })).status, 200);
    assert.deepEqual(notes.bodies, [JSON.parse(body), JSON.parse(body)]);
    assert.equal(Buffer.from(notes.handled[0].body).toString(), body);

    await assertProblem(await send(`${body} `, { headers: headersOf(body) }), 401, "signature_mismatch");
    const bomb = event("x".repeat(2_000_000));
    assert.ok(gzipSync(bomb).length < 1_000_000);
    const roomy = await serve(t, { maxBodyBytes: 100_000 });
    const large = await post(roomy.port, gzipSync(bomb), { headers: { ...headersOf(bomb), "content-encoding": "gzip" } });
    await assertProblem(large, 413, "payload_too_large");
    for (const zipped of [gzipSync(body).subarray(0, 40), Buffer.concat([gzipSync(body).subarray(0, 20), Buffer.alloc(50)])]) {
      await assertProblem(await send(body, { zipped }), 415, "encoding_unsupported");
    }
    assert.equal(notes.handled.length, 2);
    assert.deepEqual(notes.errors, []);
  });

  test(`${name}: a body that was signed compressed is refused as such`, async (t) => {
    const definition = structuredClone(definitions().find((one) => one.name === "audian"));
    definition.schemes[0].compressed = "signed_as_sent";
    const { port, notes } = await serve(t, { source: createVerifier(definition, { secret: SECRET }) });
    const zipped = gzipSync(event());
    const headers = { ...headersOf(zipped), "content-encoding": "gzip" };
    await assertProblem(await post(port, zipped, { headers }), 415, "encoding_unsupported");
    assert.equal(notes.handled.length, 0);
    assert.equal((await post(port, event())).status, 200);
  });

  test(`${name}: says why, where it is asked to`, async (t) => {
    const rejections = [];
    const { port } = await serve(t, { explain: true, onRejected: (rejection) => rejections.push(rejection) });
    const body = event("evt_1").replace("{", '{ "amount": 1.0,');
    const headers = headersOf(JSON.stringify(JSON.parse(body)));
    const problem = await assertProblem(await post(port, body, { headers }), 401, "signature_mismatch");
    assert.equal(rejections[0].explanation.findings[0].id, "body_stringified");
    assert.ok(!JSON.stringify(problem).includes("stringify"), "the sender learns it, too");
  });

  test(`${name}: a payload that breaks an enforced schema`, async (t) => {
    const { port, notes } = await serve(t, { schemas: { "*": { properties: { id: { type: "integer" } } } } });
    const problem = await assertProblem(await post(port, event("secret_name")), 422, "schema_violation");
    assert.deepEqual(problem.violations.map(({ keyword, line }) => [keyword, line]), [["type", 1]]);
    assert.ok(!JSON.stringify(problem).includes("secret_name"));
    assert.equal(notes.handled.length, 0);
  });

  test(`${name}: the limit holds, declared or not`, async (t) => {
    const { port, notes } = await serve(t, { maxBodyBytes: 1000 });
    const large = event("x".repeat(2000));
    await assertProblem(await post(port, large), 413, "payload_too_large");
    const exact = event("x".repeat(1000 - event("").length));
    assert.equal((await post(port, exact)).status, 200);

    const socket = await socketTo(port);
    socket.write(head({ ...headersOf(large), "transfer-encoding": "chunked" }));
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk));
    // It never ends, and is answered nevertheless.
    const more = setInterval(() => socket.writable && socket.write(`64\r\n${"x".repeat(100)}\r\n`), 5);
    t.after(() => clearInterval(more));
    await until(() => answer.includes("payload_too_large"), `no answer but ${answer}`);
    await until(() => socket.destroyed, "the sender may go on writing");
    assert.match(answer, /^HTTP\/1\.1 413 /);
    socket.destroy();
    assert.equal((await post(port, event())).status, 200);
    assert.equal(notes.handled.length, 2);

    // A sender that writes everything before it reads still gets its answer, as far as the system's buffers allow.
    const huge = await post(port, event("x".repeat(300_000)));
    assert.equal(huge.status, 413);
    await huge.body.cancel();
    assert.equal((await post(port, event())).status, 200);
  });

  test(`${name}: a sender that hangs up in the middle of the body`, async (t) => {
    const { port, notes } = await serve(t, { dedupe: memoryStore() });
    const body = event();
    for (const length of [{ "content-length": body.length }, { "transfer-encoding": "chunked" }]) {
      const socket = await socketTo(port);
      // Half of it is genuine JSON by itself, and would be signed if half a body were judged.
      const half = body.slice(0, 50);
      socket.write(head({ ...headersOf(half), ...length }));
      socket.write("content-length" in length ? half : `${half.length.toString(16)}\r\n${half}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    await until(() => notes.rejected.length === 2, `rejected: ${notes.rejected}`);
    assert.deepEqual(notes.rejected, ["body_cut_short", "body_cut_short"]);
    assert.equal((await post(port, body)).status, 200);
    assert.equal(notes.handled.length, 1);
    assert.deepEqual(notes.errors, []);
  });

  test(`${name}: a handled event is not handled again`, async (t) => {
    const { port, notes } = await serve(t, { dedupe: memoryStore(), handler: () => 202 });
    const body = event();
    assert.equal((await post(port, body)).status, 202);
    const again = await post(port, body);
    assert.equal(again.status, 202);
    assert.equal(again.headers.get("x-hookwarden-duplicate"), "true");
    assert.equal(await again.text(), "");
    assert.equal((await post(port, event())).status, 202);
    assert.equal(notes.handled.length, 2);
    assert.equal(notes.handled[0].store, "claimed");
    assert.deepEqual([notes.accepted, notes.duplicates], [2, ["settled"]]);
  });

  test(`${name}: copies while the first is in the handler`, async (t) => {
    const { opened, open } = gate();
    const { port, notes } = await serve(t, { dedupe: memoryStore(), handler: () => opened.then(() => 200) });
    const body = event();
    const all = Array.from({ length: 20 }, () => post(port, body));
    await until(() => notes.duplicates.length === 19, "the copies wait");
    open();
    const answers = await Promise.all(all);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array(19).fill(503)]);
    const refused = answers.find(({ status }) => status === 503);
    assert.match(refused.headers.get("retry-after"), /^\d+$/);
    await assertProblem(refused, 503, "in_flight");
    await until(async () => (await post(port, body)).headers.has("x-hookwarden-duplicate"));
    assert.equal(notes.handled.length, 1);
  });

  test(`${name}: a handler that throws or answers with an error frees the event`, async (t) => {
    const handler = (_, turn) => {
      if (turn === 1) throw new Error("broken");
      if (turn === 2) return Promise.reject(new Error("broken"));
      return turn === 3 ? 404 : 200;
    };
    const { port, notes } = await serve(t, { dedupe: memoryStore(), handler });
    const body = event();
    for (const status of [500, 500, 404, 200]) {
      assert.equal((await post(port, body)).status, status);
      // The release follows the answer.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(notes.handled.length, 4);
    assert.deepEqual(notes.duplicates, []);
  });

  test(`${name}: a sender that hangs up while the handler runs: ${hangsUp}`, async (t) => {
    const { opened, open } = gate();
    const { port, notes } = await serve(t, {
      dedupe: memoryStore(), handler: (_, turn) => (turn === 1 ? opened.then(() => 200) : 201),
    });
    const body = event();
    const socket = await socketTo(port);
    socket.write(head({ ...headersOf(body), "content-length": body.length }) + body);
    await until(() => notes.handled.length === 1);
    socket.destroy();
    await once(socket, "close");
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (hangsUp === "released") assert.equal((await post(port, body)).status, 201);
    else assert.equal((await post(port, body)).status, 503);
    open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const again = await post(port, body);
    assert.equal(again.status, hangsUp === "released" ? 201 : 200);
    assert.equal(again.headers.get("x-hookwarden-duplicate"), "true");
  });

  test(`${name}: a sender that hangs up before the store has answered`, async (t) => {
    const { opened, open } = gate();
    const store = memoryStore();
    let asked = 0;
    const slow = { ...store, claim: async (...args) => ((asked += 1), await opened, store.claim(...args)) };
    const { port, notes } = await serve(t, { dedupe: slow });
    const body = event();
    const socket = await socketTo(port);
    socket.write(head({ ...headersOf(body), "content-length": body.length }) + body);
    await until(() => asked === 1);
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Either it was not handled and is free, or it was handled and is known.
    const again = await post(port, body);
    assert.equal(again.status, 200);
    assert.equal(notes.handled.length, 1);
    assert.equal(again.headers.has("x-hookwarden-duplicate"), hangsUp === "settled");
  });

  test(`${name}: events that are new although they look the same`, async (t) => {
    const { port, notes } = await serve(t, { source: "mobile-assistant", dedupe: memoryStore() });
    const body = JSON.stringify({ type: "test.completed" });
    for (let turn = 0; turn < 2; turn += 1) {
      const response = await post(port, body, { headers: headersOf(body, "mobile-assistant") });
      assert.equal(response.status, 200);
    }
    assert.equal(notes.handled.length, 2);
    assert.equal(notes.handled[0].event.type, "test.completed");
    assert.equal(notes.handled[0].store, "off");
  });

  const broken = () => { throw new Error("down"); };
  const hanging = () => new Promise(() => {});
  for (const [what, method] of [["fails", broken], ["rejects", async () => broken()], ["does not answer", hanging]]) {
    test(`${name}: a store that ${what}`, async (t) => {
      const dedupe = { claim: method, settle: method, release: method };
      const body = event();
      const open = await serve(t, { dedupe, storeTimeout: 0.05 });
      assert.equal((await post(open.port, body)).status, 200);
      assert.equal((await post(open.port, body)).status, 200);
      assert.deepEqual(open.notes.handled.map(({ store }) => store), ["unavailable", "unavailable"]);
      await until(() => open.notes.errors.length === 4);
      assert.deepEqual(new Set(open.notes.errors), new Set(["store_unavailable"]));

      const closed = await serve(t, { dedupe, storeTimeout: 0.05, fail: "closed" });
      const refused = await post(closed.port, body);
      assert.match(refused.headers.get("retry-after"), /^\d+$/);
      await assertProblem(refused, 503, "store_unavailable");
      assert.equal(closed.notes.handled.length, 0);
    });
  }

  test(`${name}: a hook that fails changes nothing`, async (t) => {
    const dedupe = memoryStore();
    for (const hook of [broken, async () => broken(), hanging]) {
      const body = event();
      const { port, notes } = await serve(t, { dedupe, onAccepted: hook, onDuplicate: hook, onRejected: hook, onError: hook });
      assert.equal((await post(port, body)).status, 200);
      await until(async () => (await post(port, body)).headers.has("x-hookwarden-duplicate"));
      assert.equal((await post(port, body, { headers: {} })).status, 401);
      assert.equal(notes.handled.length, 1);
    }
  });
}
