// The built package on the Node.js that runs the tests.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import * as library from "../../pkg/dist/index.js";
import { CODES } from "../../pkg/dist/errors.js";
import { sign as independent } from "../../scripts/sign.mjs";
import { everySource } from "../../scripts/gateway.mjs";
import { read, root } from "./data.mjs";
import { run } from "./suite.mjs";

const data = read();

test(`the suite: ${data.vectors.length} vectors, ${data.samples.length} samples`, () => {
  const failures = run(library, data);
  assert.equal(failures.length, 0, `${failures.length} failures:\n${failures.slice(0, 20).join("\n")}`);
});

test("long messages are hashed by the runtime, short ones are not, and where it cannot the core does", async (t) => {
  const { getBuiltinModule } = process;
  t.after(() => (process.getBuiltinModule = getBuiltinModule));
  const crypto = getBuiltinModule("node:crypto");
  for (const [works, entry] of [[true, "counted"], [false, "refused"]]) {
    let asked = 0;
    const ask = () => {
      asked += 1;
      if (!works) throw new Error("this hash is not allowed");
      return crypto;
    };
    process.getBuiltinModule = () => ({ createHash: (hash) => ask().createHash(hash) });
    // A copy of its own, which has not looked for node:crypto yet.
    const { createVerifier } = await import(`../../pkg/dist/index.js?${entry}`);
    const judge = ({ definition, body, headers, key }) => {
      asked = 0;
      const verdict = createVerifier(definition, { secret: "hunter2" }).verify(headers, body);
      assert.deepEqual([verdict.code, verdict.key], [null, key]);
      return asked;
    };
    const [, short, , long] = data.long;
    assert.equal(judge(short), 0, "node:crypto is not loaded for a few short messages");
    assert.equal(judge(long), 2);
    for (const one of data.long) {
      // The signature, and the key of an event without an id, which has some bytes more.
      assert.equal(judge(one), one.body.length >= 256 ? 2 : 1, `${one.body.length} bytes`);
    }
    asked = 0;
    const shorter = data.samples.find(({ provider, text }) => provider === "audian" && text.length < 200);
    createVerifier("audian", { secret: shorter.secret, now: shorter.now }).assert(shorter.headers, shorter.text);
    assert.equal(asked, 0);
  }
});

test("require() gives the same module", () => {
  const required = createRequire(import.meta.url)("../../pkg/dist/index.js");
  assert.equal(required.createVerifier, library.createVerifier);
});

test("signs as an independent signer does", () => {
  for (const { provider, scheme, secret, now, name, text, headers } of data.samples) {
    const signed = library.sign(provider, text, { scheme, secret, now, id: "msg_1" });
    assert.deepEqual(signed, withPrefix(provider, headers), `${provider} ${scheme} ${name}`);
    const verifier = library.createVerifier(provider, { scheme, secret, now });
    assert.equal(verifier.verify(verifier.sign(text), text).code, null);
  }
  assert.ok(new Set(data.samples.map(({ provider, scheme }) => `${provider} ${scheme}`)).size === everySource().length);
  // Without an id, one that follows from the body.
  const options = { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", scheme: "svix", now: 1_700_000_000 };
  const expected = independent("meeting-baas", "svix", { ...options, body: '{"event":"x"}' });
  assert.deepEqual(library.sign("meeting-baas", '{"event":"x"}', options), Object.fromEntries(expected));
});

/** Audian is documented with and without the prefix: the package writes it, the independent signer does not. */
function withPrefix(provider, headers) {
  if (provider !== "audian") return headers;
  return { ...headers, "x-audian-signature": `sha256=${headers["x-audian-signature"]}` };
}

test("assert throws what answers the request", () => {
  const verifier = library.createVerifier("audian", { secret: "hunter2" });
  assert.throws(() => verifier.assert({}, "{}"), (error) => {
    assert.ok(error instanceof library.WebhookError && error instanceof Error);
    assert.equal(error.name, "WebhookError");
    assert.deepEqual([error.code, error.status], ["signature_missing", 401]);
    assert.equal(error.verdict.verdict, "rejected");
    assert.deepEqual(Object.keys(error).sort(), ["code", "detail", "status"]);
    return true;
  });
});

test("errors and verifiers show no secret when they are printed", async () => {
  const { inspect } = await import("node:util");
  const verifier = library.createVerifier("audian", { secret: "hunter2" });
  assert.ok(!inspect(verifier, { depth: 9, showHidden: true }).includes("hunter2"));
  assert.ok(!JSON.stringify(verifier).includes("hunter2"));
});

test("the codes are those of the documented table", async () => {
  const { readFileSync } = await import("node:fs");
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  // tests/docs.rs holds that table against the core's.
  const rows = [...readme.matchAll(/^\| (\d{3}) \| `([a-z_]+)` \| (.+) \|$/gm)];
  const documented = rows.map(([, status, code, meaning]) => [code, { status: Number(status), meaning }]);
  assert.ok(documented.length > 20);
  assert.deepEqual(Object.entries(CODES), documented);
});

test("the providers are listed", () => {
  const names = library.providers().map(({ name }) => name);
  assert.deepEqual(names, readdirSync(join(root, "providers")).sort());
  assert.ok(everySource().every(({ provider }) => names.includes(provider)));
});
