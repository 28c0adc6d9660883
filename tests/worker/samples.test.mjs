import assert from "node:assert/strict";
import { test } from "node:test";
import { everySource, open, samples } from "./harness.mjs";

// Every scheme of every provider delivers every sample, bytes as they are in the provider's folder.
test("every sample is relayed by a source that enforces the schemas", async (t) => {
  const all = everySource();
  const sources = Object.fromEntries(
    all.map(({ source, provider, scheme }) => [
      source,
      { provider, scheme, schema: "enforce", unknown_events: "refuse", dedupe: false },
    ]),
  );
  const { deliver, origin } = await open(t, { sources });
  assert.ok(all.length >= 8, "five providers, Meeting BaaS in four schemes");

  for (const { source, provider } of all) {
    await t.test(source, async () => {
      for (const sample of samples(provider)) {
        origin.clear();
        const reply = await deliver(source, { body: sample.body });
        assert.equal(reply.status, 200, `${sample.name}: ${reply.status} ${reply.body}`);
        const relayed = await origin.request();
        assert.equal(relayed.header("x-hookwarden-schema"), "valid", sample.name);
        assert.equal(relayed.header("x-hookwarden-event"), sample.event);
        assert.ok(relayed.body.equals(sample.body), `${sample.name}: not the same bytes`);
      }
    });
  }
});
