import assert from "node:assert/strict";
import { test } from "node:test";
import { open, send } from "./harness.mjs";

test("GET /healthz says that the gateway runs and its version, and nothing else", async (t) => {
  const { gateway, origin } = await open(t, { sources: { audian: { provider: "audian" } } });
  const reply = await send({ method: "GET", url: `${gateway.url}/healthz` });
  assert.equal(reply.status, 200);
  assert.match(reply.header("content-type"), /^application\/json/);
  const { status, version, ...rest } = reply.json();
  assert.equal(status, "ok");
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(rest, {});
  assert.equal(origin.requests.length, 0);
});

test("GET /healthz answers also where no source is configured well", async (t) => {
  const { gateway } = await open(t, { sources: { broken: { provider: "nobody" } } });
  const reply = await send({ method: "GET", url: `${gateway.url}/healthz` });
  assert.equal(reply.status, 200);
  assert.deepEqual(Object.keys(reply.json()).sort(), ["status", "version"]);
});
