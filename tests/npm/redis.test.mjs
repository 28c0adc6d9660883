// The Redis store against a real server, which these tests start on a port of their own, and kill.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import express from "express";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { webhook } from "../../pkg/dist/express.js";
import { redisStore } from "../../pkg/dist/stores.js";
import { event, gate, post, SECRET, until } from "./deliveries.mjs";
import { listen } from "./servers.mjs";
import { promises } from "./store-promises.mjs";

const found = spawnSync("redis-server", ["--version"]).status === 0;
const skip = !found && "there is no redis-server on the PATH (Debian: apt-get install redis-server)";

async function freePort() {
  const server = createNetServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startRedis(t, port) {
  const folder = mkdtempSync(join(tmpdir(), "hookwarden-redis-"));
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  t.after(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return kill;
}

const CLIENTS = {
  async ioredis(t, port) {
    const client = new Redis({ port, host: "127.0.0.1" });
    client.on("error", () => {});
    t.after(() => client.disconnect());
    return { client, raw: (...command) => client.call(...command) };
  },
  async redis(t, port) {
    const client = createClient({ url: `redis://127.0.0.1:${port}` });
    client.on("error", () => {});
    t.after(() => client.destroy());
    await client.connect();
    return { client, raw: (...command) => client.sendCommand(command) };
  },
};

for (const [name, connect] of Object.entries(CLIENTS)) {
  test(`${name}: the promises of a store`, { skip }, async (t) => {
    const port = await freePort();
    await startRedis(t, port);
    const { client, raw } = await connect(t, port);
    await promises(t, () => redisStore(client, { prefix: `${Math.random()}:` }));
    await promises(t, () => redisStore((command) => raw(...command), { prefix: `${Math.random()}:` }));

    const store = redisStore(client);
    await store.claim("k", "one", 60);
    assert.equal(await raw("GET", "hookwarden:k"), "one");
    assert.ok((await raw("PTTL", "hookwarden:k")) > 59_000);
    await store.settle("k", 204, 3600);
    assert.equal(await raw("GET", "hookwarden:k"), "204");
    assert.ok((await raw("TTL", "hookwarden:k")) > 3590);
  });

  test(`${name}: two processes, one event`, { skip }, async (t) => {
    const port = await freePort();
    await startRedis(t, port);
    const { opened, open } = gate();
    const handled = [];
    const ports = await Promise.all([0, 1].map(async (index) => {
      const { client } = await connect(t, port);
      return serve(t, client, async () => (handled.push(index), await opened, 200));
    }));
    const body = event();
    const all = Array.from({ length: 20 }, (_, index) => post(ports[index % 2], body));
    const refused = Promise.all(all.map((one) => one.then(({ status }) => status === 503)));
    let waiting = 20;
    for (const one of all) one.then(() => (waiting -= 1));
    await until(() => waiting === 1);
    open();
    assert.equal((await refused).filter(Boolean).length, 19);
    assert.equal(handled.length, 1);
    const other = ports[1 - handled[0]];
    await until(async () => (await post(other, body)).headers.has("x-hookwarden-duplicate"));
  });

  for (const fail of ["open", "closed"]) {
    test(`${name}: Redis is killed while a handler runs, fail ${fail}`, { skip }, async (t) => {
      const port = await freePort();
      const kill = await startRedis(t, port);
      const { client } = await connect(t, port);
      const { opened, open } = gate();
      const stores = [];
      const errors = [];
      const to = await serve(t, client, async ({ store }) => (stores.push(store), await opened, 200), {
        fail, storeTimeout: 0.3, onError: (error) => errors.push(error.code),
      });
      const body = event();
      const first = post(to, body);
      await until(() => stores.length === 1);
      await kill();
      open();
      assert.equal((await first).status, 200, "what was handled is answered as handled");
      await until(() => errors.length === 1, "the settlement that failed is not reported");

      // Nothing remembers the event now.
      const again = await post(to, body);
      if (fail === "open") {
        assert.equal(again.status, 200);
        assert.deepEqual(stores, ["claimed", "unavailable"]);
      } else {
        assert.equal(again.status, 503);
        assert.equal((await again.json()).code, "store_unavailable");
        assert.equal(stores.length, 1);
      }
      await until(() => errors.length >= (fail === "open" ? 3 : 2));
      assert.deepEqual(new Set(errors), new Set(["store_unavailable"]));

      // Another server in its place: all goes on as before.
      await startRedis(t, port);
      await until(async () => {
        const next = event();
        if ((await post(to, next)).status !== 200 || stores.at(-1) !== "claimed") return false;
        await until(async () => (await post(to, next)).headers.has("x-hookwarden-duplicate"));
        return true;
      }, "the store did not come back");
    });
  }
}

async function serve(t, client, handler, options) {
  const app = express();
  app.post("/webhooks", webhook("audian", { secret: SECRET, dedupe: redisStore(client), ...options }), (req, res, next) => {
    handler(req.webhook).then((status) => res.sendStatus(status), next);
  });
  const { port, stop } = await listen(createServer(app));
  t.after(stop);
  return port;
}
