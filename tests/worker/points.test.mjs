// Data points for Analytics Engine. Miniflare's own dataset drops what is written to it, so that what is in a point is
// seen by a stand-in, and Miniflare's shows that the call is one that it takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRejected, newEvent, open } from "./harness.mjs";

/** A dataset whose points are printed. */
const points = standIn(`console.log("point " + JSON.stringify(point));`);
const broken = standIn(`throw new Error("too many points");`);

function standIn(write) {
  const contents = `export default () => ({ writeDataPoint(point) { ${write} } });`;
  return {
    options: { wrappedBindings: { ANALYTICS: { scriptName: "points" } } },
    worker: { name: "points", modules: [{ type: "ESModule", path: "points.mjs", contents }] },
  };
}

test("each delivery is one point, which says what the line says and no more", async (t) => {
  const { gateway, deliver, origin } = await open(t, {
    sources: {
      audian: { provider: "audian", store: "durable-object", schema: "enforce" },
      dropped: { provider: "audian", routes: { "*": "drop" } },
    },
    secrets: { DROPPED_SECRET: "s" },
    points,
  });
  const seen = () => gateway.lines.filter((line) => line.startsWith("point ")).map((line) => JSON.parse(line.slice(6)));
  let count = 0;
  /** Delivers, and gives the point: the words, and the numbers without the times. */
  async function point(name, parts) {
    const after = gateway.logs.length;
    const reply = await deliver(name, parts);
    const line = await gateway.waitForLog((line) => line.verdict !== undefined, { after });
    count += 1;
    for (let tries = 0; seen().length < count && tries < 100; tries += 1)
      await new Promise((done) => setTimeout(done, 50));
    assert.equal(seen().length, count, "one point for each delivery");
    const { indexes, blobs, doubles } = seen().at(-1);
    assert.deepEqual(indexes, [line.source ?? ""]);
    assert.deepEqual(
      doubles,
      [line.status, line.origin_status, line.body_ms, line.store_ms, line.origin_ms].map((n) => n ?? 0),
    );
    assert.equal(doubles[0], reply.status);
    return blobs;
  }

  const body = newEvent("audian", (payload) => (payload.data.note = "canary-value"), "call.completed");
  const accepted = ["sender", "audian", "audian", "accepted", "", "call.completed", "valid"];
  assert.deepEqual(await point("audian", { body }), [...accepted, "", ""]);
  assert.deepEqual(await point("audian", { body }), [...accepted, "duplicate", ""]);
  const refused = await point("audian", { sent: newEvent("audian") });
  assert.deepEqual(refused, ["sender", "audian", "audian", "rejected", "signature_mismatch", "", "", "", ""]);
  const invalid = await point("audian", {
    body: newEvent("audian", (payload) => (payload.data = 7), "call.completed"),
  });
  assert.deepEqual(invalid.slice(3, 7), ["rejected", "schema_violation", "call.completed", "invalid"]);
  assert.equal((await point("dropped", { secret: "s" })).at(-1), "dropped");
  const unknown = await point("audian-2", { provider: "audian" });
  assert.deepEqual(unknown, ["sender", "", "", "rejected", "source_unknown", "", "", "", ""]);
  assert.equal(origin.requests.length, 1);
  assert.ok(!gateway.lines.join("\n").includes("canary"));
});

test("a dataset that fails fails no delivery", async (t) => {
  const { deliver, gateway, log } = await open(t, { sources: { audian: { provider: "audian" } }, points: broken });
  assert.equal((await deliver("audian")).status, 200);
  assertRejected(await deliver("audian", { sent: newEvent("audian") }), "signature_mismatch");
  await log((line) => line.code === "signature_mismatch");
  for (let tries = 0; tries < 100; tries += 1) {
    if (gateway.lines.filter((line) => line.includes("a data point could not be written")).length === 2) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail("the failures are not logged");
});

test("Miniflare's dataset takes the points", async (t) => {
  const datasets = { ANALYTICS: { dataset: "hookwarden" } };
  const { deliver, gateway, log } = await open(t, { sources: { audian: { provider: "audian" } }, datasets });
  assert.equal((await deliver("audian")).status, 200);
  await log((line) => line.status === 200);
  assert.ok(!gateway.lines.some((line) => line.includes("a data point")));
});
