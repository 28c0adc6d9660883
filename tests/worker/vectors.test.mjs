// Every vector over HTTP in workerd: the same verdict, code, event type and event id as natively, and
// the status that the code has.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, root, secretName, send, statusOf } from "./harness.mjs";

const folder = join(root, "tests/vectors");
const files = readdirSync(folder).filter((file) => /^[a-z-]+\.json$/.test(file));

for (const file of files) {
  const vectors = JSON.parse(readFileSync(join(folder, file)));
  const overHttp = vectors.filter((vector) => !vector.flags?.includes("native-only"));

  test(`${file}: ${overHttp.length} of ${vectors.length} vectors`, async (t) => {
    t.diagnostic(`${vectors.length - overHttp.length} vectors of ${file} are native-only`);
    const { sources, secrets, sourceOf } = configure(overHttp);
    const { gateway, origin, log } = await open(t, { sources, secrets, clock: true });

    const failures = [];
    for (const vector of overHttp) {
      origin.clear();
      const source = sourceOf(vector);
      const after = gateway.logs.length;
      const reply = await send({
        method: vector.method,
        url: `${gateway.url}/${source}`,
        headers: [...vector.headers, ["x-test-now", String(vector.now)]],
        body: Buffer.from(vector.body_base64, "base64"),
      });
      const line = await log((line) => line.source === source, { after });
      const got = JSON.stringify(seen(reply, line, origin.requests));
      const must = JSON.stringify(expected(vector));
      if (got !== must) failures.push(`${vector.id} (${vector.comment})\n  got  ${got}\n  must ${must}`);
    }
    assert.ok(failures.length === 0, `${failures.length} vectors fail:\n${failures.join("\n")}`);
  });
}

/** What a vector must come to, in the log, in the reply and at the origin. */
function expected({ expect }) {
  const { verdict, code = null, event_type = null, event_id = null, handshake } = expect;
  // A handshake is answered here and goes no further.
  const relayed = code === null && handshake === undefined ? [{ event_type, event_id }] : [];
  return {
    logged: { verdict, code, event_type, event_id },
    replied: { status: code === null ? 200 : statusOf[code], code },
    relayed,
  };
}

function seen(reply, { verdict, code, event_type, event_id }, requests) {
  return {
    logged: { verdict, code, event_type, event_id },
    replied: { status: reply.status, code: reply.status === 200 ? null : reply.json().code },
    relayed: requests.map((request) => ({
      event_type: request.header("x-hookwarden-event") ?? null,
      event_id: request.header("x-hookwarden-event-id") ?? null,
    })),
  };
}

/** A source for each provider, scheme and list of secrets that the vectors name. */
function configure(vectors) {
  const names = new Map();
  const sources = {};
  const secrets = {};
  const identity = ({ provider, scheme, secrets, url }) => JSON.stringify([provider, scheme, secrets, url]);
  for (const vector of vectors) {
    if (names.has(identity(vector))) continue;
    const name = `vectors-${names.size}`;
    names.set(identity(vector), name);
    const { provider, scheme, url } = vector;
    sources[name] = { provider, scheme, url, dedupe: false };
    assert.ok(vector.secrets.length <= 10, `${vector.id}: a source has at most ten secrets`);
    for (const [index, secret] of vector.secrets.entries()) {
      secrets[secretName(name) + (index === 0 ? "" : `_${index + 1}`)] = secret;
    }
  }
  return { sources, secrets, sourceOf: (vector) => names.get(identity(vector)) };
}
