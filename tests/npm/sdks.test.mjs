// What Hookwarden signs, the providers' own libraries accept; what they sign, Hookwarden accepts; and both refuse the
// same delivery with one character changed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier, sign } from "../../pkg/dist/index.js";
import "./sdks/install.mjs";

const { BODY, SDKS } = await import("./sdks/sdks.mjs");

const valueOf = (given, context) => (typeof given === "function" ? given(context) : given);

/** The last letter of the body is another one. */
function tampered(body) {
  const at = body.search(/[a-z](?=[^a-z]*$)/);
  return `${body.slice(0, at)}${body[at] === "z" ? "y" : "z"}${body.slice(at + 1)}`;
}

for (const entry of SDKS) {
  const { sdk, provider, scheme, id, accepts } = entry;
  const secret = entry.key === undefined ? entry.secret : entry.key(entry.secret);
  // Most of the libraries know no time but the present.
  const now = Math.floor(Date.now() / 1000);
  const body = valueOf(entry.body ?? BODY, { now });
  const other = tampered(body);
  const url = valueOf(entry.url, { body });
  const verifier = createVerifier(provider, { scheme, secret, url, now });
  const judged = (headers, body) => verifier.verify(headers, body, { url }).code;
  const taken = (headers, body) => accepts({ body, headers, secret, now, url });

  if (entry.onlyVerifies !== true) {
    test(`${sdk} accepts what is signed for ${provider}`, async () => {
      const headers = sign(provider, body, { scheme, secret, id, now, url });
      assert.equal(judged(headers, body), null);
      assert.equal(await taken(headers, body), true);
      assert.equal(await taken(headers, other), false);
      const foreign = sign(provider, body, { scheme, secret: anotherSecret(secret), id, now, url });
      assert.equal(await taken(foreign, body), false);
    });
  }
  if (entry.sign !== undefined) {
    test(`what ${sdk} signs is accepted as ${provider}`, async () => {
      const headers = await entry.sign({ body, secret, now, url });
      assert.equal(await taken(headers, body), true, "the library's own");
      assert.equal(judged(headers, body), null);
      assert.equal(judged(headers, other), "signature_mismatch");
      assert.equal(await taken(headers, other), false);
    });
  }
}

function anotherSecret(secret) {
  return secret.startsWith("whsec_M") ? secret.replace("whsec_M", "whsec_N") : `${secret}x`;
}
